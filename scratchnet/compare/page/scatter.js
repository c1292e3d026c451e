// The result of each row, plotted against one of its settings.

const JITTER = 0.28; // of the room of a category, to either side

// The axis of a setting over some rows: numeric if all values that exist are numbers, with a slot for
// rows that lack it; else categories. `log` overrides what the values suggest.
function settingAxis(index, some, log = null) {
  const all = some.map((row) => row.settings[index]),
    values = all.filter((value) => value !== null);
  const { short } = data.settings[index];
  if (values.length && values.every((value) => typeof value === "number")) {
    const own = [...new Set(values)].sort(naturally),
      canBeLog = own[0] > 0;
    const isLog = canBeLog && (log ?? isLogarithmic(own));
    return {
      range: padded([own[0], own.at(-1)], isLog),
      log: isLog,
      canBeLog,
      label: short,
      values: own,
      absent: values.length < all.length,
    };
  }
  const categories = [...new Set(all.map((value) => categoryOf(value)))].sort(naturally);
  return { categories, label: short };
}
const categoryOf = (value) => (value === null ? "absent" : String(setting(value)));
const onAxis = (axis, value) => (axis.categories ? categoryOf(value) : value);

// The range of a result that far outliers do not decide: they lie on its edge.
function resultAxis(some) {
  const values = some.map(resultOf).sort((a, b) => a - b);
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)],
    reach = 3 * (high - low) || Infinity;
  return {
    range: padded([Math.max(values[0], low - reach), Math.min(values.at(-1), high + reach)]),
    name: resultName(),
  };
}

const scatter = { log: null, most: 2000 }; // log: null, as the values suggest; most: dots

function drawScatter() {
  const host = $("scatter");
  const index = Number($("scatter-x").value);
  const some = ranked(rows());
  $("scatter-card").hidden = !data.shown.length;
  if (!data.shown.length) return;
  if (!some.length) return nothing(host, "No run in the table has this result.");
  const axis = settingAxis(index, some, scatter.log);
  $("scatter-log").checked = axis.log ?? false;
  $("scatter-log").disabled = !axis.canBeLog;
  const chart = {
    ...frame(host, 320, axis, resultAxis(some)),
    axis,
    index,
    range: resultAxis(some).range,
  };
  const drawn = sampled(some, scatter.most);
  drawDots(chart, drawn);
  drawMedians(chart, some);
  host.setAttribute(
    "aria-label",
    `${resultName()} by ${axis.label}: ${count(some.length, "row")}. Arrow keys go through them, Enter shows a curve.`,
  );
  const outside = some.filter((row) => isOutside(chart, resultOf(row))).length;
  const beyond = outside ? `${count(outside, "row")} beyond the axis, as rings on its edge.` : "";
  $("scatter-note").textContent = noteOnSample(drawn, some) + beyond;
}
const isOutside = ({ range: [bottom, top] }, value) => value < bottom || value > top;

function drawDots(chart, some) {
  const [bottom, top] = chart.range;
  const level = (value) => chart.y(Math.min(Math.max(value, bottom), top));
  const colours = shares(some);
  for (const [i, row] of [...some].reverse().entries()) {
    const { std, mean, n } = row.results[state.result];
    const colour = ramp(colours.get(row.key) ?? 1);
    const cx =
      chart.x(onAxis(chart.axis, row.settings[chart.index])) + jitter(chart, i, some.length);
    const isRing = isOutside(chart, mean);
    if (n > 1 && !isRing) {
      const ends = { y1: level(mean - std), y2: level(mean + std) };
      chart.root.append(svg("line", { class: "whisker", x1: cx, x2: cx, ...ends }));
    }
    const look = isRing
      ? { class: "dot outside", fill: "none", stroke: colour }
      : { class: "dot", fill: colour };
    const r = some.length > 60 ? 4 : 6;
    chart.root.append(svg("circle", { ...look, cx, cy: level(mean), r, ...marks(row) }));
  }
}
// Spread the rows of a category, the same way at every drawing.
function jitter({ axis, box }, i, n) {
  if (!axis.categories || n <= axis.categories.length) return 0;
  const room = (box.right - box.left) / axis.categories.length;
  return (((i * 0.618034) % 1) - 0.5) * 2 * JITTER * Math.min(room, 160);
}
// A short line at the median of each value, where several rows share few values.
function drawMedians({ root, x, y, box, axis, index }, some) {
  const groups = new Map();
  for (const row of some)
    groups.set(onAxis(axis, row.settings[index]), [
      ...(groups.get(onAxis(axis, row.settings[index])) ?? []),
      resultOf(row),
    ]);
  if (groups.size > 8 || some.length < 3 * groups.size) return;
  const half = Math.min(26, ((box.right - box.left) / groups.size) * 0.35);
  for (const [value, results] of groups) {
    const at = y(
      quantile(
        results.sort((a, b) => a - b),
        0.5,
      ),
    );
    if (at <= box.bottom)
      root.append(
        svg("line", { class: "median", x1: x(value) - half, x2: x(value) + half, y1: at, y2: at }),
      );
  }
}
