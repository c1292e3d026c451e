// Parallel coordinates: a line per row through its settings to its result.

const MOST_AXES = 8;

function drawParallel() {
  const host = $("parallel");
  const some = rows().filter((row) => resultOf(row) !== null);
  const indices = data.shown.slice(0, MOST_AXES);
  $("parallel-card").hidden = !data.shown.length;
  if (!some.length) return nothing(host, "No run here has this result.");
  const range = resultRange(some);
  const axes = indices.map((i) => ({ axis: settingAxis(i, some), value: (row) => row.settings[i] }));
  axes.push({ axis: { range: padded(range), label: resultName(), name: resultName() }, value: resultOf });
  host.style.minWidth = `${axes.length * 110}px`;
  const width = Math.max(axes.length * 110, host.clientWidth), height = 340;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
  const x = scale([0, Math.max(1, axes.length - 1)], [70, width - 80]);
  const ys = axes.map(({ axis }) => position(axis, [height - 16, 44]));
  axes.forEach(({ axis }, i) => {
    root.append(svg("line", { class: "axis", x1: x(i), x2: x(i), y1: 40, y2: height - 12 }),
      svg("text", { class: "title", x: x(i), y: 22, "text-anchor": "middle" }, shortened(axis.label, 18)));
  });
  for (const row of [...some].sort((a, b) => resultOf(a) - resultOf(b))) {
    const d = axes.map(({ axis, value }, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${ys[i](onAxis(axis, value(row))).toFixed(1)}`).join("");
    root.append(svg("path", { class: "line", "data-key": row.key, stroke: ramp(share(resultOf(row), range)), d }),
      svg("path", { class: "hit", d, ...marks(row), "data-key": null }));
  }
  axes.forEach(({ axis }, i) => {
    for (const [value, text] of ticksOfAxis(axis, i < indices.length ? some.map(axes[i].value) : null)) {
      root.append(svg("text", { x: x(i) + 8, y: ys[i](value) - 5 }, text));
    }
  });
  host.replaceChildren(root);
  const [low, high] = range.map((value) => written(resultName(), value));
  $("ramp-parallel").replaceChildren(low, el("i"), `${high} ${resultName()}`);
}
// The values themselves where they are few, as in a grid of settings.
function ticksOfAxis(axis, values) {
  const own = values && !axis.categories ? [...new Set(values)].sort(naturally) : [];
  return own.length && own.length <= 6 ? own.map((value) => [value, number(value)]) : marksOf(axis, 5);
}
