// Scales, ticks and axes of the charts.

const isLogarithmic = (values) =>
  values.length > 1 && values.every((v) => v > 0) && -least(values.map((v) => -v)) >= 20 * least(values);

function scale([low, high], [from, to], log) {
  const f = log ? Math.log10 : (value) => value;
  const width = f(high) - f(low) || 1;
  return (value) => from + ((f(value) - f(low)) / width) * (to - from);
}

function ticks([low, high], count, log) {
  if (log && high / low >= 8) {
    const powers = [];
    for (let p = Math.floor(Math.log10(low)); p <= Math.log10(high) + 1e-9; p++) powers.push(10 ** p);
    const steps = powers.length > 2 ? [1] : [1, 2, 5];
    const all = powers.flatMap((power) => steps.map((step) => step * power));
    const inside = all.filter((v) => v >= low * 0.999 && v <= high * 1.001);
    const every = Math.ceil(inside.length / count);
    return inside.filter((_, i) => i % every === 0);
  }
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.7);
  const first = Math.ceil(low / step - 1e-9);
  const all = [];
  for (let i = first; i * step <= high + step * 1e-6; i++) all.push(Number((i * step).toPrecision(10)));
  return all;
}

function padded([low, high], log) {
  if (log) return [low / (high / low) ** 0.04 / 1.02, high * (high / low) ** 0.04 * 1.02];
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

// An empty chart with axes. An axis is {range, log, label, name, values} or {categories, label}.
function frame(host, height, xAxis, yAxis) {
  const width = Math.max(280, host.clientWidth);
  const box = { left: 62, right: width - 18, top: 30, bottom: height - 44 };
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
  const x = position(xAxis, [box.left, box.right]);
  const y = position(yAxis, [box.bottom, box.top]);
  for (const [value, text] of marksOf(yAxis, 5)) {
    root.append(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(value), y2: y(value) }),
      svg("text", { x: box.left - 8, y: y(value) + 4, "text-anchor": "end" }, text));
  }
  for (const [value, text] of apart(xAxis, x, Math.max(2, Math.floor(width / 90)), 46)) {
    root.append(svg("text", { x: x(value), y: box.bottom + 18, "text-anchor": "middle" }, text));
  }
  root.append(
    svg("text", { class: "title", x: 0, y: 14 }, yAxis.name),
    svg("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    svg("text", { x: (box.left + box.right) / 2, y: height - 6, "text-anchor": "middle" }, xAxis.label));
  host.replaceChildren(root);
  return { root, x, y, box, width };
}
function position(axis, [from, to]) {
  if (!axis.categories) return scale(axis.range, [from, to], axis.log);
  const step = (to - from) / axis.categories.length;
  return (value) => from + step * (axis.categories.indexOf(value) + 0.5);
}
// The ticks of an axis, at least `gap` pixels apart: the values themselves if they are few, as in a
// grid of settings; as many categories, and as much of their names, as there is room for.
function apart(axis, at, count, gap) {
  if (axis.categories) {
    const step = Math.abs(at(axis.categories[1] ?? axis.categories[0]) - at(axis.categories[0])) || 300;
    const every = Math.ceil(gap / step), letters = Math.max(4, Math.floor((step * every) / 7.5));
    return axis.categories.filter((_, i) => i % every === 0).map((value) => [value, shortened(value, letters)]);
  }
  const own = axis.values ?? [];
  const isFree = own.every((value, i) => !i || Math.abs(at(value) - at(own[i - 1])) >= gap);
  return own.length && own.length <= 8 && isFree ? own.map((value) => [value, number(value)]) : marksOf(axis, count);
}
function marksOf(axis, count) {
  if (axis.whole) count = Math.min(count, Math.max(1, axis.range[1] - axis.range[0]));
  const values = ticks(axis.range, count, axis.log);
  const exact = isShare(axis.name ?? "") ? (v) => `${Number((100 * v).toPrecision(6))} %` : number;
  return values.map((value) => [value, exact(value)]);
}
const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

// The axis of a setting over some rows: numeric if all values are numbers, else categories.
function settingAxis(index, some) {
  const values = some.map((row) => row.settings[index]);
  const { short } = data.settings[index];
  if (values.every((value) => typeof value === "number")) {
    const log = isLogarithmic(values), own = [...new Set(values)].sort(naturally);
    return { range: padded([own[0], own.at(-1)], log), log, label: short, values: own };
  }
  const categories = [...new Set(values.map((value) => String(setting(value))))].sort(naturally);
  return { categories, label: short };
}
const onAxis = (axis, value) => (axis.categories ? String(setting(value)) : value);

function naturally(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
const nothing = (host, text) => host.replaceChildren(el("div", { class: "empty" }, text));
