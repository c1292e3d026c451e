// Fills the page and connects its controls to its parts.

const option = (value, text) => el("option", { value }, text);

function drawPlots() {
  drawImportance();
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
  saveView();
}
function setFilter(text) {
  state.words = text;
  $("filter").value = text;
  drawAll();
  saveView();
}

function fill() {
  const [runs, groups] = [data.runs.length, data.groups.length];
  const incomplete = data.runs.filter(({ status }) => status !== "completed").length;
  $("about").textContent =
    `${count(runs, "run")}${groups < runs ? ` in ${count(groups, "group")} with equal settings` : ""}` +
    `${incomplete ? `, ${incomplete} not completed` : ""}; created ${data.made}`;
  $("notes").hidden = !data.notes.length;
  $("notes").append(
    ...data.notes.map(([text, details]) =>
      el(
        "li",
        {},
        details.length
          ? folded(
              text,
              details.map((one) => [one]),
            )
          : text,
      ),
    ),
  );
  $("grouping").hidden = groups === runs;
  $("result").append(option(-1, "none"), ...data.results.map((name, i) => option(i, name)));
  const settings = data.shown.map((i) => [i, data.settings[i].short]);
  for (const id of ["scatter-x", "heat-x", "heat-y"])
    $(id).append(...settings.map(([i, short]) => option(i, short)));
  if (settings.length) {
    [$("heat-x").value, $("heat-y").value] = gridSettings();
    $("scatter-x").value = telling[0] ?? data.shown[0];
  }
  const shared = Object.entries(data.common).map(([name, value]) =>
    el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, String(value))),
  );
  $("common").append(el("tbody", {}, ...shared));
  const failed = runRows.filter(({ status }) => status !== "completed");
  if (failed.length) {
    $("folded").append(
      folded(
        `Runs that did not complete: ${failed.length}`,
        failed.map((row) => [
          `${row.status}: `,
          folderLink(row.runs[0], data.runs[row.runs[0]].folder),
          ` (${row.label})${row.reason ? `: ${row.reason}` : ""}`,
        ]),
        "incomplete",
      ),
    );
  }
  if (data.skipped.length)
    $("folded").append(
      folded(
        `Skipped folders: ${data.skipped.length}`,
        data.skipped.map(([path, reason]) => [`${path}: ${reason}`]),
        "skipped",
      ),
    );
}
const folded = (title, items, id = null) =>
  el(
    "details",
    { id },
    el("summary", {}, title),
    el("ul", { tabindex: 0 }, ...items.map((parts) => el("li", {}, ...parts))),
  );

// Put the state into the controls, at the start and after it was restored from the address.
function fillControls() {
  $("filter").value = state.words;
  $("grouped").checked = state.grouped;
  $("result").value = state.result;
  $("x-axis").value = curves.x;
  for (const [id, name] of [
    ["log", "log"],
    ["all-values", "all"],
    ["training", "train"],
  ])
    $(id).checked = curves[name];
  $("smoothing").value = curves.smoothing;
  fillChooser();
  fillAxes();
  fillQuantities();
}

function listen() {
  const on = (id, type, act) =>
    $(id).addEventListener(type, (event) => {
      act(event.currentTarget);
      saveView();
    });
  const curve = (id, name, read) =>
    on(id, id === "smoothing" ? "input" : "change", (node) => {
      curves[name] = read(node);
      drawCurves();
    });
  on("filter", "input", ({ value }) => {
    state.words = value;
    drawAll();
  });
  on("grouped", "change", ({ checked }) => {
    state.grouped = checked;
    show(best(6));
    drawPlots();
  });
  on("result", "change", ({ value }) => {
    state.result = Number(value);
    table.sort = null;
    table.reverse = false;
    drawTable();
    drawPlots();
  });
  curve("x-axis", "x", ({ value }) => value);
  curve("log", "log", ({ checked }) => checked);
  curve("all-values", "all", ({ checked }) => checked);
  curve("training", "train", ({ checked }) => checked);
  curve("smoothing", "smoothing", ({ value }) => Number(value));
  on("scatter-x", "change", () => {
    scatter.log = null;
    drawScatter();
  });
  on("scatter-log", "change", ({ checked }) => {
    scatter.log = checked;
    drawScatter();
  });
  on("heat-x", "change", drawHeatmap);
  on("heat-y", "change", drawHeatmap);
  on("reference", "change", ({ value }) => {
    differences.reference = value;
    drawCurves();
  });
  on("show-best", "click", () => show(best(6)));
  on("show-all", "click", () => show(sorted(rows())));
  on("show-none", "click", () => show([]));
  const poppedUp = [...document.querySelectorAll("details.popup")];
  const close = (node) => {
    if (node.contains(document.activeElement)) node.querySelector("summary").focus();
    node.open = false;
  };
  addEventListener("click", ({ target }) => {
    for (const node of poppedUp)
      if (document.contains(target) && !node.contains(target)) node.open = false;
  });
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") poppedUp.filter(({ open }) => open).forEach(close);
  });
  walkRows($("scatter"), () =>
    [...ranked(rows())].sort((a, b) =>
      naturally(a.settings[$("scatter-x").value], b.settings[$("scatter-x").value]),
    ),
  );
  walkRows($("parallel"), () => ranked(rows()));
  addEventListener("hashchange", () => {
    restoreView();
    fillControls();
    drawAll();
  });
  for (const query of [DARK, PRINT]) query.addEventListener("change", drawAll); // another ramp
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    drawCurves();
    drawPlots();
  });
}
// A page that is being watched loads itself again, but not under the hands of its reader.
function watch(seconds) {
  let touched = 0;
  for (const type of ["keydown", "pointerdown", "pointermove", "wheel"])
    addEventListener(type, () => (touched = performance.now()), { passive: true });
  setInterval(() => {
    if (performance.now() - touched < 1000 * seconds) return;
    writeView();
    location.reload();
  }, 1000 * seconds);
}

fill();
if (data.view.reload) watch(data.view.reload);
if (!restoreView()) for (const row of best(6)) switchOn(row.key);
fillControls();
listen();
drawAll();
