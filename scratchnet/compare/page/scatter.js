// The result of each row, plotted against one of its settings.

function drawScatter() {
  const host = $("scatter"), index = Number($("scatter-x").value);
  $("scatter-card").hidden = !data.shown.length;
  const some = rows().filter((row) => resultOf(row) !== null && row.settings[index] !== null);
  if (!some.length) return nothing(host, "No run in the table has this setting and this result.");
  const range = resultRange(some), axis = settingAxis(index, some);
  const results = some.map((row) => row.results[state.result]);
  const low = least(results.map(({ mean, std }) => mean - std));
  const high = -least(results.map(({ mean, std }) => -mean - std));
  const chart = frame(host, 300, axis, { range: padded([low, high]), name: resultName() });
  for (const row of some) {
    const { std, mean, n } = row.results[state.result];
    const cx = chart.x(onAxis(axis, row.settings[index])), colour = ramp(quality(mean, range));
    if (n > 1) chart.root.append(svg("line", { stroke: colour, "stroke-opacity": 0.5, "stroke-width": 2, x1: cx, x2: cx, y1: chart.y(mean - std), y2: chart.y(mean + std) }));
    chart.root.append(svg("circle", { class: "dot", fill: colour, cx, cy: chart.y(mean), r: 6, ...marks(row) }));
  }
}
