// How much each setting matters: the share of the variance in the ranks of a result that it explains
// alone, numbers in up to five bins. Unlike a correlation this also sees an optimum in the middle.

const BINS = 5;
const CLEAR = 0.4; // from this rank correlation on, a tendency is shown
const FEW_ROWS = 10; // per setting

// Epsilon squared, 0 to 1: the share explained, less what chance would explain with as many bins.
function explained(values, results) {
  const places = ranks(results),
    n = places.length,
    bins = new Map();
  const edges = edgesOf(values);
  values.forEach((value, i) => {
    const bin = edges ? edges.filter((edge) => value > edge).length : value;
    bins.set(bin, [...(bins.get(bin) ?? []), places[i]]);
  });
  if (bins.size < 2 || n <= bins.size) return 0;
  const mean = (n + 1) / 2;
  const total = places.reduce((sum, place) => sum + (place - mean) ** 2, 0);
  if (!total) return 0;
  const between = [...bins.values()].reduce(
    (sum, some) => sum + some.length * (moments(some).mean - mean) ** 2,
    0,
  );
  return Math.max(0, 1 - ((1 - between / total) * (n - 1)) / (n - bins.size));
}
// The inner edges of quantile bins, for numbers with more values than bins.
function edgesOf(values) {
  const sorted = [...new Set(values)].sort(naturally);
  if (sorted.length <= BINS || !sorted.every((value) => typeof value === "number")) return null;
  const all = [...values].sort(naturally);
  return Array.from({ length: BINS - 1 }, (_, i) => quantile(all, (i + 1) / BINS));
}
// Whether a result tends to rise (1) or fall (-1) with a numeric setting; 0: neither clearly.
function tendency(values, results) {
  if (!values.every((value) => typeof value === "number")) return 0;
  const [a, b] = [ranks(values), ranks(results)],
    mean = (values.length + 1) / 2;
  const dot = (one, other) =>
    one.reduce((sum, value, i) => sum + (value - mean) * (other[i] - mean), 0);
  const rho = dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
  return Math.abs(rho) < CLEAR ? 0 : Math.sign(rho);
}

function importances(indices, some) {
  return indices.map((i) => {
    const known = some.filter((row) => row.settings[i] !== null && resultOf(row) !== null);
    const values = known.map((row) => row.settings[i]),
      results = known.map(resultOf);
    return {
      i,
      n: known.length,
      share: explained(values, results),
      direction: tendency(values, results),
    };
  });
}
function byImportance(indices, some) {
  return importances(indices, some)
    .sort((a, b) => b.share - a.share)
    .map(({ i }) => i);
}

function drawImportance() {
  const indices = data.shown.filter((i) => !data.derived.includes(i)),
    some = ranked(rows());
  $("importance-card").hidden = !indices.length;
  const found = importances(indices, some)
    .filter(({ i }) => new Set(some.map((row) => row.settings[i])).size > 1)
    .sort((a, b) => b.share - a.share)
    .slice(0, 12);
  if (some.length < 4 || !found.length) {
    $("importance-note").textContent = "";
    return nothing($("importance"), "Needs at least four completed rows that differ in a setting.");
  }
  const arrow = { 1: " ↑", 0: "", "-1": " ↓" };
  $("importance").replaceChildren(
    el(
      "tbody",
      {},
      ...found.map(({ i, n, share, direction }) => {
        const bar = el("span", { class: "bar-of-share" });
        bar.style.width = `${(100 * share).toFixed(1)}%`;
        return el(
          "tr",
          {},
          el("th", { scope: "row" }, data.settings[i].short),
          el("td", { class: "share" }, bar),
          el("td", { class: "number" }, `${(100 * share).toFixed(0)} %${arrow[direction]}`),
          el("td", { class: "number spread" }, `n=${n}`),
        );
      }),
    ),
  );
  const few =
    some.length < FEW_ROWS * found.length
      ? " Few rows for so many settings: take it as a hint."
      : "";
  $("importance-note").textContent =
    `Share of the variance in the ranks of ${resultName()} that each setting explains alone; ↑ ↓: it tends to rise or fall with the setting.${few}`;
}
