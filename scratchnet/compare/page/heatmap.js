// The mean result for each pair of values of two settings; many values of a number are put into bins.

const MOST_VALUES = 12;
const HEAT_BINS = 6;

// The two settings that form the fullest grid: what the map shows first.
function gridSettings() {
  const known = groupRows.filter((row) => resultOf(row) !== null);
  const places = (i) => valuesFor(i, known);
  const indices = data.shown.filter((i) => !data.derived.includes(i));
  const pairs = indices.flatMap((a, i) =>
    indices.slice(i + 1).map((b) => {
      const [x, y] = [places(a), places(b)];
      const cells = new Set(known.map((row) => `${x.of(row)} ${y.of(row)}`)).size;
      const isGrid = x.names.length > 1 && y.names.length > 1;
      return {
        pair: x.names.length <= y.names.length ? [a, b] : [b, a],
        fill: cells ** 2 / (x.names.length * y.names.length),
        isGrid,
      };
    }),
  );
  pairs.sort((a, b) => b.isGrid - a.isGrid || b.fill - a.fill);
  return pairs[0]?.pair ?? [data.shown[0], data.shown[1] ?? data.shown[0]];
}

// The columns or rows of the map for a setting: their names, and the place of a row among them.
function valuesFor(index, some) {
  const all = [...new Set(some.map((row) => row.settings[index]))];
  const own = all.filter((value) => value !== null).sort(naturally);
  const absent = own.length < all.length ? ["absent"] : [];
  const areNumbers = own.every((value) => typeof value === "number");
  const isGrid = own.length <= HEAT_BINS || 2 * own.length <= some.length; // not drawn at random
  if (own.length <= MOST_VALUES && (isGrid || !areNumbers)) {
    return {
      names: [...own.map((value) => String(setting(value))), ...absent],
      of: (row) => (row.settings[index] === null ? own.length : own.indexOf(row.settings[index])),
    };
  }
  if (!areNumbers) return frequent(index, some);
  const values = some
    .map((row) => row.settings[index])
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const shares = Array.from({ length: HEAT_BINS + 1 }, (_, i) => i / HEAT_BINS);
  const edges = [...new Set(shares.map((share) => quantile(values, share)))];
  const names = edges.slice(1).map((edge, i) => `${brief2(edges[i])} – ${brief2(edge)}`);
  const inner = edges.slice(1, -1);
  return {
    names: [...names, ...absent],
    of: (row) =>
      row.settings[index] === null
        ? names.length
        : inner.filter((edge) => row.settings[index] > edge).length,
  };
}
const brief2 = (value) => String(Number(value.toPrecision(2)));
// Of too many categories, the most frequent ones; all others share a place.
function frequent(index, some) {
  const counts = new Map();
  for (const row of some)
    counts.set(row.settings[index], (counts.get(row.settings[index]) ?? 0) + 1);
  const kept = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_VALUES - 1)
    .map(([value]) => value)
    .sort(naturally);
  return {
    names: [...kept.map((value) => categoryOf(value)), "others"],
    of: (row) =>
      kept.includes(row.settings[index]) ? kept.indexOf(row.settings[index]) : kept.length,
  };
}

function drawHeatmap() {
  const isUseful = data.shown.length >= 2;
  $("heatmap-card").hidden = !isUseful;
  if (!isUseful) return;
  const [x, y] = ["heat-x", "heat-y"].map((id) => Number($(id).value));
  const some = ranked(rows());
  if (!some.length)
    return $("heatmap").replaceChildren(
      el("tbody", {}, el("tr", {}, el("td", {}, "No run in the table has this result."))),
    );
  const [across, down] = [valuesFor(x, some), valuesFor(y, some)];
  for (const id of ["heatmap-card", "scatter-card"])
    $(id).classList.toggle("wide", across.names.length > 4);
  const found = new Map();
  for (const row of some) {
    const key = `${across.of(row)} ${down.of(row)}`;
    found.set(key, [...(found.get(key) ?? []), resultOf(row)]);
  }
  const means = new Map([...found].map(([key, values]) => [key, moments(values)]));
  const places = new Map(
    [...means.keys()].map((key, i, keys) => [
      key,
      cellShare(
        keys.map((one) => means.get(one).mean),
        i,
      ),
    ]),
  );
  const cell = (a, b) => {
    const key = `${a} ${b}`,
      result = means.get(key);
    if (!result) return el("td", { class: "none" }, "-");
    const node = el(
      "td",
      {},
      written(resultName(), result.mean),
      result.n > 1 ? el("small", {}, `mean of ${result.n}`) : null,
    );
    node.style.background = ramp(places.get(key));
    node.style.color = inkOn(places.get(key));
    return node;
  };
  const lines = down.names
    .map((name, b) =>
      el("tr", {}, el("th", { scope: "row" }, name), ...across.names.map((_, a) => cell(a, b))),
    )
    .reverse();
  const corner = `${data.settings[y].short} \\ ${data.settings[x].short}`;
  $("heatmap").replaceChildren(
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, corner),
        ...across.names.map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el("tbody", {}, ...lines),
  );
}
// The colour of a cell by its rank among the cells.
function cellShare(values, i) {
  const place = (ranks(values)[i] - 1) / Math.max(1, values.length - 1);
  return isHigherBetter(resultName()) ? place : 1 - place;
}
