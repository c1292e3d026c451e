// Fills the page and ties its controls to the parts.

const option = (value, text) => el("option", { value }, text);
const settingOptions = () => data.shown.map((i) => option(i, data.settings[i].short));

function drawPlots() {
  drawParallel();
  drawScatter();
  drawHeatmap();
}
function drawAll() {
  drawTable();
  drawCurves();
  drawPlots();
}
function show(some) {
  state.shown = new Set(some.map((row) => row.key));
  drawTable();
  drawCurves();
}

function fill() {
  const [runs, groups] = [data.runs.length, data.groups.length];
  const incomplete = data.runs.filter(({ status }) => status !== "completed").length;
  $("about").textContent = `${runs} ${runs === 1 ? "run" : "runs"}${groups < runs ? ` in ${groups} groups of equal settings` : ""}`
    + `${incomplete ? `, ${incomplete} not completed` : ""}; made ${data.made}`;
  $("warnings").hidden = !data.warnings.length;
  $("warnings").append(...data.warnings.map((line) => el("li", {}, line)));
  $("grouping").hidden = groups === runs;
  $("result").append(...data.results.map((name, i) => option(i, name)));
  $("result").value = state.result;
  $("metric").append(...data.curves.map((name, i) => option(i, name)));
  $("scatter-x").append(...settingOptions());
  $("heat-x").append(...settingOptions());
  $("heat-y").append(...settingOptions());
  if (data.shown.length > 1) $("heat-y").value = data.shown[1];
  for (const id of ["run-a", "run-b"]) {
    $(id).append(...runRows.map((row) => option(row.runs[0], `${row.label} (${data.runs[row.runs[0]].folder})`)));
  }
  const other = data.groups.length > 1 ? data.groups[1].runs[0] : runRows.at(-1).runs[0];
  $("run-b").value = other;
  const shared = Object.entries(data.common).map(([name, value]) => el("tr", {}, el("td", {}, name), el("td", {}, String(value))));
  $("common").append(el("tbody", {}, ...shared));
  $("skipped").hidden = !data.skipped.length;
  document.querySelector("#skipped summary").textContent = `Skipped folders: ${data.skipped.length}`;
  document.querySelector("#skipped ul").append(...data.skipped.map(([path, reason]) => el("li", {}, `${path}: ${reason}`)));
  fillChooser();
}

function listen() {
  const on = (id, type, act) => $(id).addEventListener(type, act);
  on("filter", "input", () => { state.words = $("filter").value; drawAll(); });
  on("grouped", "change", () => { state.grouped = $("grouped").checked; show(best(6)); drawPlots(); });
  on("result", "change", () => { state.result = Number($("result").value); table.sort = null; table.reverse = false; drawTable(); drawPlots(); });
  on("metric", "change", drawCurves);
  on("log", "change", drawCurves);
  on("scatter-x", "change", drawScatter);
  on("heat-x", "change", drawHeatmap);
  on("heat-y", "change", drawHeatmap);
  on("run-a", "change", drawDifferences);
  on("run-b", "change", drawDifferences);
  on("show-best", "click", () => show(best(6)));
  on("show-all", "click", () => show(sorted(rows())));
  on("show-none", "click", () => show([]));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    drawCurves();
    drawPlots();
  });
}

fill();
listen();
state.shown = new Set(best(6).map((row) => row.key));
drawAll();
drawDifferences();
