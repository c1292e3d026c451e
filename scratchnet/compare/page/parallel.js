// Parallel coordinates: a line per row through its settings to its result.

const MOST_AXES = 8;

function drawParallel() {
  const host = $("parallel");
  const some = rows().filter((row) => resultOf(row) !== null);
  const indices = data.shown.slice(0, MOST_AXES);
  $("parallel-card").hidden = !data.shown.length;
  if (!some.length) return nothing(host, "No run in the table has this result.");
  const range = resultRange(some);
  const axes = indices.map((i) => ({ axis: settingAxis(i, some), value: (row) => row.settings[i] }));
  axes.push({ axis: { range: padded(range), label: resultName(), name: resultName() }, value: resultOf });
  host.style.minWidth = `${axes.length * 110}px`;
  const width = Math.max(axes.length * 110, host.clientWidth), height = 340;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
  const x = scale([0, Math.max(1, axes.length - 1)], [84, width - 84]);
  const ys = axes.map(({ axis }) => position(axis, [height - 16, 44]));
  axes.forEach(({ axis }, i) => {
    root.append(svg("line", { class: "axis", x1: x(i), x2: x(i), y1: 40, y2: height - 12 }),
      svg("text", { class: "title", x: x(i), y: 22, "text-anchor": "middle" }, shortened(axis.label, 18)));
  });
  const qualityOf = (row) => quality(resultOf(row), range);
  for (const row of [...some].sort((a, b) => qualityOf(a) - qualityOf(b))) {
    const d = axes.map(({ axis, value }, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${ys[i](onAxis(axis, value(row))).toFixed(1)}`).join("");
    root.append(svg("path", { class: "line", "data-key": row.key, stroke: ramp(qualityOf(row)), d }),
      svg("path", { class: "hit", d, ...marks(row), "data-key": null }));
  }
  axes.forEach(({ axis }, i) => {
    const first = i === 0; // no lines arrive from the left
    for (const [value, text] of apart(axis, ys[i], 5, 16)) {
      const at = { x: x(i) + (first ? -8 : 8), y: ys[i](value) + (first ? 4 : -5), "text-anchor": first ? "end" : "start" };
      root.append(svg("text", at, shortened(text, first ? 10 : 14)));
    }
  });
  host.replaceChildren(root);
  const [worst, top] = [...range].sort((a, b) => quality(a, range) - quality(b, range)).map((value) => written(resultName(), value));
  $("ramp-parallel").replaceChildren(worst, el("i"), `${top} ${resultName()}`);
}
