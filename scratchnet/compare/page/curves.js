// The curves of the chosen rows; for several seeds their mean, with a band of one standard deviation.
// Each quantity (accuracy, loss, ...) has a chart of its own.

// Which columns of metrics.csv belong to a quantity: { val, train } or { only }, as indices.
const QUANTITIES = new Map(
  ["accuracy", "balanced_accuracy", "loss", "lr"].map((name) => [name, null]),
); // these first
for (const [i, name] of data.curves.entries()) {
  const [, side = "only", quantity] = /^(?:(val|train)_)?(.+)$/.exec(name);
  if (!["step", "elapsed"].includes(name))
    QUANTITIES.set(quantity, { ...QUANTITIES.get(quantity), [side]: i });
}
for (const [name, columns] of QUANTITIES) if (!columns) QUANTITIES.delete(name);
const X_AXES = {
  epoch: { label: "epoch", whole: true },
  step: { label: "step", whole: true },
  time: {
    label: "time",
    format: (seconds) => duration(seconds),
    column: data.curves.indexOf("elapsed"),
  },
};
X_AXES.step.column = data.curves.indexOf("step");

const curves = {
  quantities: usualQuantities(),
  x: "epoch",
  log: false,
  all: false,
  train: true,
  smoothing: 0,
  charts: new Map(),
};
function usualQuantities() {
  const chosen = data.view.ranked_by?.replace(/^(val|test)_/, "");
  const known = [chosen, "accuracy", "loss"].filter((name) => QUANTITIES.has(name));
  return new Set([...new Set(known)].slice(0, 2));
}

const numbersOf = (run, column) => run.curves[column].split(",").map(Number); // NaN if it is not a number
// The mean over the counted runs of a row at each epoch: { x, y, std, n }.
function pointsOf(row, column, xColumn, f) {
  const points = new Map();
  for (const index of row.counted.length ? row.counted : row.runs) {
    const run = data.runs[index],
      values = numbersOf(run, column);
    const xs = xColumn === undefined ? run.epochs : numbersOf(run, xColumn);
    run.epochs.forEach((epoch, i) => {
      if (Number.isFinite(values[i]))
        points.set(epoch, [...(points.get(epoch) ?? []), [xs[i], f(values[i])]]);
    });
  }
  return [...points]
    .sort((a, b) => a[0] - b[0])
    .map(([, some]) => {
      const { mean: y, std, n } = moments(some.map(([, value]) => value));
      return { x: moments(some.map(([x]) => x)).mean, y, std, n };
    });
}
// The best epoch of each counted run, as a point of its own curve.
function bestOf(row, column, xColumn, f) {
  const i = data.results.indexOf("best_epoch");
  return row.counted.flatMap((index) => {
    const run = data.runs[index],
      at = run.epochs.indexOf(run.results[i]);
    const x = at < 0 ? null : xColumn === undefined ? run.epochs[at] : numbersOf(run, xColumn)[at];
    const y = at < 0 ? NaN : f(numbersOf(run, column)[at]);
    return Number.isFinite(y) ? [{ x, y }] : [];
  });
}

function drawCurves() {
  const shown = shownRows(),
    names = namesAmong(shown);
  drawLegend(shown, names);
  drawDifferences(shown, names);
  const wanted = [...QUANTITIES.keys()].filter((name) => curves.quantities.has(name));
  if (!shown.length || !wanted.length) {
    curves.charts.clear();
    return nothing(
      $("curves"),
      shown.length ? "Choose what to plot." : "Choose a run in the table to see its curves.",
    );
  }
  if ([...curves.charts.keys()].join() !== wanted.join()) makeCharts(wanted);
  for (const [quantity, chart] of curves.charts) showChart(chart, quantity, shown, names);
}
function makeCharts(wanted) {
  const hosts = wanted.map(() => el("div", {}));
  $("curves").replaceChildren(...hosts.map((host) => el("div", { class: "cell" }, host)));
  $("curves").classList.toggle("several", wanted.length > 1);
  curves.charts = new Map(
    wanted.map((name, i) => [
      name,
      new LineChart(hosts[i], { name, height: 320, onNear: highlight }),
    ]),
  );
}
function showChart(chart, quantity, shown, names) {
  const { val, train, only } = QUANTITIES.get(quantity);
  const isError = curves.log && isShare(quantity),
    f = isError ? (value) => 1 - value : (value) => value;
  const { column, ...x } = X_AXES[curves.x];
  chart.name = isError ? quantity.replace("accuracy", "error") : quantity;
  chart.label = chart.name.replaceAll("_", " ");
  const line = (row, index, isSide) => ({
    key: row.key,
    ...look(row),
    isSide,
    label: names.get(row.key) + (isSide ? " (training)" : ""),
    points: pointsOf(row, index, column, f),
    dots: isSide ? [] : bestOf(row, index, column, f),
  });
  const main = val ?? only ?? train;
  const sides =
    curves.train && train !== undefined && train !== main
      ? shown.map((row) => line(row, train, true))
      : [];
  chart.show([...sides, ...shown.map((row) => line(row, main, false))], {
    x,
    log: curves.log,
    smoothing: curves.smoothing,
    all: curves.all,
  });
}

function drawLegend(shown, names) {
  redraw($("legend"), () =>
    $("legend").replaceChildren(
      ...shown.map((row) =>
        el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              title: `${row.label}: click to hide`,
              "data-key": row.key,
              "data-focus": `hide ${row.key}`,
              onclick: () => toggle(row.key),
              // not on entering: when an entry goes away, the next one slides under a pointer at rest
              onpointermove: () => highlight(row.key),
              onpointerleave: () => highlight(null),
            },
            chip(look(row)),
            names.get(row.key),
          ),
        ),
      ),
    ),
  );
  const hasBand = shown.some((row) => row.counted.length > 1);
  $("curves-note").textContent =
    `${curves.train ? "Training is dashed. " : ""}Dots mark the best epochs. ${hasBand ? "Lines are means over the seeds, bands one standard deviation to either side. " : ""}Drag to zoom, double click to go back.`;
}

function toggle(key) {
  if (state.shown.has(key)) state.shown.delete(key);
  else switchOn(key);
  highlight(null); // what was hidden is no longer under the pointer
  hideTip();
  drawTable();
  drawCurves();
  saveView();
}

function fillQuantities() {
  const button = (name) =>
    el(
      "button",
      {
        type: "button",
        "aria-pressed": String(curves.quantities.has(name)),
        "data-focus": `plot ${name}`,
        onclick: () => {
          if (curves.quantities.has(name)) curves.quantities.delete(name);
          else curves.quantities.add(name);
          fillQuantities();
          drawCurves();
          saveView();
        },
      },
      name.replaceAll("_", " "),
    );
  redraw($("quantities"), () =>
    $("quantities").replaceChildren(...[...QUANTITIES.keys()].map(button)),
  );
}
