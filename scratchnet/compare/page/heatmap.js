// The mean result for each pair of values of two settings.

// The two settings that form the fullest grid: what the map shows first.
function gridSettings() {
  const known = groupRows.filter((row) => resultOf(row) !== null);
  const count = (...indices) => new Set(known.filter((row) => indices.every((i) => row.settings[i] !== null))
    .map((row) => JSON.stringify(indices.map((i) => row.settings[i])))).size;
  const pairs = data.shown.flatMap((a, i) => data.shown.slice(i + 1).map((b) => {
    const cells = count(a, b);
    return { pair: count(a) <= count(b) ? [a, b] : [b, a], fill: cells ** 2 / (count(a) * count(b)), isGrid: count(a) > 1 && count(b) > 1 };
  }));
  pairs.sort((a, b) => b.isGrid - a.isGrid || b.fill - a.fill);
  return pairs[0]?.pair ?? [data.shown[0], data.shown[0]];
}

function drawHeatmap() {
  const isUseful = data.shown.length >= 2;
  $("heatmap-card").hidden = !isUseful;
  if (!isUseful) return;
  const [x, y] = ["heat-x", "heat-y"].map((id) => Number($(id).value));
  const some = rows().filter((row) => resultOf(row) !== null && row.settings[x] !== null && row.settings[y] !== null);
  const values = (index) => [...new Set(some.map((row) => row.settings[index]))].sort(naturally);
  const xs = values(x), ys = values(y).reverse();
  if (!some.length || xs.length * ys.length > 2500) {
    const text = some.length ? "Too many different values for a heat map." : "No run in the table has these settings and this result.";
    return $("heatmap").replaceChildren(el("tbody", {}, el("tr", {}, el("td", {}, text))));
  }
  for (const id of ["heatmap-card", "scatter-card"]) $(id).classList.toggle("wide", xs.length > 6);
  const means = new Map();
  for (const row of some) {
    const key = JSON.stringify([row.settings[x], row.settings[y]]);
    means.set(key, [...(means.get(key) ?? []), resultOf(row)]);
  }
  const cellOf = (a, b) => moments(means.get(JSON.stringify([a, b])) ?? []);
  const known = xs.flatMap((a) => ys.map((b) => cellOf(a, b)?.mean)).filter((v) => v !== undefined);
  const range = [Math.min(...known), Math.max(...known)];
  const cell = (a, b) => {
    const result = cellOf(a, b);
    if (!result) return el("td", { class: "none" }, "-");
    const node = el("td", {}, written(resultName(), result.mean),
      result.n > 1 ? el("small", {}, `mean of ${result.n}`) : null);
    const share = quality(result.mean, range);
    node.style.background = ramp(share);
    node.style.color = share > 0.6 ? "#201400" : "#fff";
    return node;
  };
  const corner = `${data.settings[y].short} \\ ${data.settings[x].short}`;
  $("heatmap").replaceChildren(
    el("thead", {}, el("tr", {}, el("th", {}, corner), ...xs.map((a) => el("th", {}, String(setting(a)))))),
    el("tbody", {}, ...ys.map((b) => el("tr", {}, el("th", {}, String(setting(b))), ...xs.map((a) => cell(a, b))))));
}
