// The lines of a chart: how they look, their smoothing, and the range of their values.

const PATTERNS = ["", "14 4", "14 4 3 4", "14 4 3 4 3 4"];
const SIDE = "3 3"; // the pattern of training beside validation

// A sample of a line's colour and pattern, for legends, tips and tables.
function chip({ colour, pattern, isSide }) {
  const line = svg("line", {
    class: `s${colour}${isSide ? " side" : ""}`,
    x1: 0,
    x2: 28,
    y1: 5,
    y2: 5,
    "stroke-dasharray": isSide ? SIDE : PATTERNS[pattern] || null,
  });
  return svg("svg", { class: "chip", width: 28, height: 10, "aria-hidden": "true" }, line);
}

const extent = (points) => [
  least(points.map(({ y, std = 0 }) => y - std)),
  most(points.map(({ y, std = 0 }) => y + std)),
];

// A range that neither a few outliers nor the first epoch of a run decide: three interquartile ranges
// around the middle half of the values, as far as there are values.
function robust(lines, log) {
  const settled = lines.flatMap((points) => (points.length > 4 ? points.slice(1) : points));
  const f = log ? Math.log10 : (value) => value,
    back = log ? (value) => 10 ** value : f;
  const values = settled.map(({ y }) => f(y)).sort((a, b) => a - b);
  const ends = settled.flatMap(({ y, std = 0 }) => (log ? [f(y)] : [y - std, y + std]));
  if (!values.length) return [0, 1];
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  const reach = 3 * (high - low) || Infinity;
  return [Math.max(least(ends), low - reach), Math.min(most(ends), high + reach)].map(back);
}

// An exponential moving average without the bias of its first values; `share` in [0, 1) is the part
// that is kept from the past.
function smoothed(points, share) {
  if (!share) return points;
  let sum = 0,
    weight = 0;
  return points.map((point) => {
    sum = share * sum + (1 - share) * point.y;
    weight = share * weight + (1 - share);
    return { ...point, y: sum / weight };
  });
}
