// The mean result for each pair of values of two settings.

function drawHeatmap() {
  const isUseful = data.shown.length >= 2;
  $("heatmap-card").hidden = !isUseful;
  if (!isUseful) return;
  const [x, y] = ["heat-x", "heat-y"].map((id) => Number($(id).value));
  const some = rows().filter((row) => resultOf(row) !== null);
  const values = (index) => [...new Set(some.map((row) => row.settings[index]))].sort(naturally);
  const xs = values(x), ys = values(y).reverse();
  if (!some.length || xs.length * ys.length > 2500) {
    const text = some.length ? "Too many different values for a heat map." : "No run here has this result.";
    return $("heatmap").replaceChildren(el("tbody", {}, el("tr", {}, el("td", {}, text))));
  }
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
    const node = el("td", { title: `${result.n} ${result.n === 1 ? "row" : "rows"}` }, written(resultName(), result.mean));
    node.style.background = ramp(share(result.mean, range));
    node.style.color = share(result.mean, range) > 0.75 ? "#201400" : "#fff";
    return node;
  };
  const corner = `${data.settings[y].short} \\ ${data.settings[x].short}`;
  $("heatmap").replaceChildren(
    el("thead", {}, el("tr", {}, el("th", {}, corner), ...xs.map((a) => el("th", {}, String(setting(a)))))),
    el("tbody", {}, ...ys.map((b) => el("tr", {}, el("th", {}, String(setting(b))), ...xs.map((a) => cell(a, b))))));
}
