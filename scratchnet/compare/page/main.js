// Fills the page and connects its controls to its parts.

const option = (value, text) => el("option", { value }, text);
const settingOptions = () => data.shown.map((i) => option(i, data.settings[i].short));

function drawPlots() {
  drawParallel();
  drawHeatmap(); // before the scatter plot, as it decides the width of both
  drawScatter();
}
function drawAll() {
  drawTable();
  drawCurves();
  drawPlots();
}
function show(some) {
  state.shown.clear();
  for (const row of some) switchOn(row.key);
  drawTable();
  drawCurves();
}

function fill() {
  const [runs, groups] = [data.runs.length, data.groups.length];
  const incomplete = data.runs.filter(({ status }) => status !== "completed").length;
  $("about").textContent = `${runs} ${runs === 1 ? "run" : "runs"}${groups < runs ? ` in ${groups} groups with equal settings` : ""}`
    + `${incomplete ? `, ${incomplete} not completed` : ""}; created ${data.made}`;
  $("notes").hidden = !data.notes.length;
  $("notes").append(...data.notes.map(([text, details]) => el("li", {}, !details.length ? text
    : el("details", {}, el("summary", {}, text), el("ul", {}, ...details.map((line) => el("li", {}, line)))))));
  $("grouping").hidden = groups === runs;
  $("result").append(...data.results.map((name, i) => option(i, name)));
  $("result").value = state.result;
  $("metric").append(...data.curves.map((name, i) => option(i, name)));
  $("scatter-x").append(...settingOptions());
  $("heat-x").append(...settingOptions());
  $("heat-y").append(...settingOptions());
  [$("heat-x").value, $("heat-y").value] = gridSettings();
  $("scatter-x").value = $("heat-y").value;
  for (const id of ["run-a", "run-b"]) {
    $(id).append(...runRows.map((row) => option(row.runs[0], `${row.label} (${data.runs[row.runs[0]].folder})`)));
  }
  const other = data.groups.length > 1 ? data.groups[1].runs[0] : runRows.at(-1).runs[0];
  $("run-b").value = other;
  const shared = Object.entries(data.common).map(([name, value]) => el("tr", {}, el("td", {}, name), el("td", {}, String(value))));
  $("common").append(el("tbody", {}, ...shared));
  const failed = runRows.filter(({ status }) => status !== "completed");
  list("incomplete", "Runs that did not complete", failed.map((row) =>
    [`${row.status}: `, folderLink(row.runs[0], data.runs[row.runs[0]].folder), ` (${row.label})`]));
  list("skipped", "Skipped folders", data.skipped.map(([path, reason]) => [`${path}: ${reason}`]));
  fillChooser();
}

function list(id, title, items) {
  $(id).hidden = !items.length;
  $(id).append(el("summary", {}, `${title}: ${items.length}`), el("ul", {}, ...items.map((parts) => el("li", {}, ...parts))));
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
  const chooser = $("chooser");
  addEventListener("click", ({ target }) => { if (!chooser.contains(target)) chooser.open = false; });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") chooser.open = false; });
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
for (const row of best(6)) switchOn(row.key);
drawAll();
drawDifferences();
