// Each column of metrics.csv as a chart, training and validation together.

const QUANTITIES = {
  loss: ["val_loss", "train_loss"],
  accuracy: ["val_accuracy", "train_accuracy"],
  "balanced accuracy": ["val_balanced_accuracy"],
  lr: ["lr"],
  "gradient norm": ["grad_norm"],
  "samples per second": ["samples_per_second"],
};
const X_AXES = {
  epoch: { column: "epoch", label: "epoch", whole: true },
  step: { column: "step", label: "step", whole: true },
  time: { column: "elapsed", label: "time", format: duration },
};
const charts = [];

function makeCurves() {
  if (!data.curves.columns.epoch) return nothing($("curves"), "No epoch has ended yet.");
  for (const [label, columns] of Object.entries(QUANTITIES)) {
    const known = columns.filter((name) => name in data.curves.columns);
    if (!known.length) continue;
    const host = el("div", {});
    $("curves").append(el("div", {}, host));
    charts.push({
      label,
      known,
      chart: new LineChart(host, { name: known[0], label, height: 260 }),
    });
  }
  drawCurves();
  for (const id of ["x-axis", "log"]) $(id).addEventListener("change", drawCurves);
}

function drawCurves() {
  const log = $("log").checked,
    { column, ...x } = X_AXES[$("x-axis").value],
    xs = data.curves.columns[column];
  for (const { label, known, chart } of charts) {
    const isError = log && isShare(known[0]);
    chart.name = isError ? known[0].replace("accuracy", "error") : known[0];
    chart.label = isError ? label.replace("accuracy", "error") : label;
    chart.show(
      [...known].reverse().map((name) => lineOf(name, xs, isError)),
      { x, log },
    );
  }
}

function lineOf(name, xs, isError) {
  const values = data.curves.columns[name],
    epochs = data.curves.columns.epoch;
  const isSide = name.startsWith("train_");
  const points = values.flatMap((y, i) =>
    y === null ? [] : [{ x: xs[i], y: isError ? 1 - y : y, epoch: epochs[i] }],
  );
  return {
    key: name,
    label: name.replaceAll("_", " "),
    colour: isSide ? 1 : 0,
    pattern: 0,
    isSide,
    points,
    dots: isSide ? [] : points.filter(({ epoch }) => epoch === data.curves.best),
  };
}
