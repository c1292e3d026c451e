// Scales, ticks and axes of the charts.

const FACTOR_FOR_LOG = 5; // from this ratio on, positive settings are spread on a logarithmic axis
const isLogarithmic = (values) =>
  values.length > 1 && least(values) > 0 && most(values) >= FACTOR_FOR_LOG * least(values);

function scale([low, high], [from, to], log) {
  const f = log ? Math.log10 : (value) => value;
  const width = f(high) - f(low) || 1;
  return (value) => from + ((f(value) - f(low)) / width) * (to - from);
}
// The value at a position: the inverse of `scale`.
function unscaled([low, high], [from, to], log, position) {
  const share = (position - from) / (to - from || 1);
  return log ? low * (high / low) ** share : low + share * (high - low);
}

function ticks([low, high], wanted, log) {
  if (log && high / low >= 8) {
    const powers = [];
    for (let p = Math.floor(Math.log10(low)); p <= Math.log10(high) + 1e-9; p++)
      powers.push(10 ** p);
    const steps = powers.length > 2 ? [1] : [1, 2, 5];
    const all = powers.flatMap((power) => steps.map((step) => step * power));
    const inside = all.filter((v) => v >= low * 0.999 && v <= high * 1.001);
    const every = Math.ceil(inside.length / wanted);
    return inside.filter((_, i) => i % every === 0);
  }
  const rough = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.7);
  const first = Math.ceil(low / step - 1e-9);
  const all = [];
  for (let i = first; i * step <= high + step * 1e-6; i++)
    all.push(Number((i * step).toPrecision(10)));
  return all;
}

function padded([low, high], log) {
  if (log) return [low / (high / low) ** 0.04 / 1.02, high * (high / low) ** 0.04 * 1.02];
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

// An axis is {range, log, label, name, format, whole, values, absent} or {categories, label}: `name`
// is that of a result, `values` are few settings to put ticks at, `absent` a slot for rows that lack
// the setting.
function position(axis, [from, to]) {
  if (axis.categories) {
    const step = (to - from) / axis.categories.length;
    return (value) => from + step * (axis.categories.indexOf(value) + 0.5);
  }
  if (!axis.absent) return scale(axis.range, [from, to], axis.log);
  const inner = from + 0.14 * (to - from),
    numeric = scale(axis.range, [inner, to], axis.log);
  return (value) => (typeof value === "number" ? numeric(value) : from + 0.04 * (to - from));
}

// An empty chart with axes, in a host that holds nothing else.
function frame(host, height, xAxis, yAxis) {
  const width = Math.max(260, host.clientWidth);
  const box = { left: 62, right: width - 18, top: 30, bottom: height - 44 };
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
  const x = position(xAxis, [box.left, box.right]);
  const y = position(yAxis, [box.bottom, box.top]);
  for (const [value, text] of marksOf(yAxis, 5)) {
    root.append(
      svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(value), y2: y(value) }),
      svg("text", { x: box.left - 8, y: y(value) + 4, "text-anchor": "end" }, text),
    );
  }
  for (const [value, text] of apart(xAxis, x, Math.max(2, Math.floor(width / 90)), 46)) {
    root.append(svg("text", { x: x(value), y: box.bottom + 18, "text-anchor": "middle" }, text));
  }
  root.append(
    svg("text", { class: "title", x: 0, y: 14 }, yAxis.label ?? yAxis.name),
    svg("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    svg(
      "text",
      { x: (box.left + box.right) / 2, y: height - 6, "text-anchor": "middle" },
      xAxis.label,
    ),
  );
  host.replaceChildren(root);
  return { root, x, y, box, width };
}
// The ticks of an axis, at least `gap` pixels apart: the values themselves if they are few, as in a
// grid of settings; as many categories as there is room for, and as much of their names: `room`
// letters, or as many as fit side by side.
function apart(axis, at, wanted, gap, room = null) {
  if (axis.categories) {
    const step =
      Math.abs(at(axis.categories[1] ?? axis.categories[0]) - at(axis.categories[0])) || 300;
    const every = Math.ceil(gap / step);
    const letters = room ?? Math.max(4, Math.floor((step * every) / 7.5));
    return axis.categories
      .filter((_, i) => i % every === 0)
      .map((value) => [value, shortened(value, letters)]);
  }
  const absent = axis.absent ? [[null, "absent"]] : [];
  const own = axis.values ?? [];
  const isFree = own.every((value, i) => !i || Math.abs(at(value) - at(own[i - 1])) >= gap);
  if (own.length && own.length <= 8 && isFree)
    return [...absent, ...own.map((value) => [value, number(value)])];
  return [...absent, ...marksOf(axis, wanted)];
}
function marksOf(axis, wanted) {
  if (axis.whole) wanted = Math.min(wanted, Math.max(1, axis.range[1] - axis.range[0]));
  const format =
    axis.format ??
    (isShare(axis.name ?? "") ? (v) => `${Number((100 * v).toPrecision(6))} %` : number);
  return ticks(axis.range, wanted, axis.log).map((value) => [value, format(value)]);
}
