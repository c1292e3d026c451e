// The table: one row per group of seeds, which expands to its runs; a click on a heading sorts it.

const SHOWN = ["test_accuracy", "test_tta_accuracy", "epochs", "seconds"];
const table = { sort: null, reverse: data.view.reverse, hidden: new Set(), opened: new Set() };

// The number of completed runs: `counted` may also hold a single run that did not complete.
const completed = ({ counted }) => counted.filter(isCompleted).length;

function allColumns() {
  const settings = data.settings.map(({ name, short }, i) => ({
    name, short, isSetting: true, isNumber: data.runs.some((run) => typeof run.settings[i] === "number"), value: (row) => row.settings[i],
  }));
  for (const [i, column] of settings.entries()) {
    column.cell = (row) => el("td", { class: column.isNumber ? "number" : "" }, String(setting(row.settings[i])));
  }
  const results = data.results.map((name, i) => ({
    name, short: name, isResult: true, value: (row) => row.results[i]?.mean ?? null,
    cell: (row) => {
      const result = row.results[i];
      const std = result?.n > 1 && name !== "seconds" && (!isCount(name) || result.std) ? el("span", { class: "spread" }, ` ${spread(name, result.std)}`) : null;
      return el("td", { class: "number" }, written(name, result?.mean), std);
    },
  }));
  const status = {
    name: "status", short: "status", value: (row) => row.status,
    cell: (row) => el("td", { class: `status ${row.status === "completed" ? "" : "bad"}` }, row.status),
  };
  const seeds = {
    name: "n", short: "n", isResult: true, value: completed,
    cell: (row) => el("td", { class: "number" }, seedsText(row)),
  };
  const links = {
    name: "folder", short: "folder", value: (row) => data.runs[row.runs[0]].folder,
    cell: (row) => el("td", { class: "links" }, ...(row.runs.length > 1 ? [opener(row)] : linksOf(row.runs[0]))),
  };
  return [...settings, seeds, ...results, status, links];
}
const COLUMNS = allColumns();
for (const [i, { name, isSetting }] of COLUMNS.entries()) {
  const isUsual = isSetting ? data.shown.includes(i) : [...SHOWN, "n", "status", "folder"].includes(name);
  if (!(data.view.columns?.includes(name) ?? isUsual)) table.hidden.add(name);
}
if (COLUMNS.some(({ name, isResult }) => name === data.view.sort && !isResult)) table.sort = data.view.sort;
function seedsText(row) {
  const [done, all] = [completed(row), row.runs.length];
  return done === all ? String(all) : `${done} of ${all}`;
}

// The chosen result comes first, so that it is visible on a phone.
function visibleColumns() {
  const others = COLUMNS.filter(({ name }) =>
    !table.hidden.has(name) && (name !== "n" || state.grouped) && name !== resultName());
  return [...COLUMNS.filter(({ name }) => name === resultName()), ...others];
}

function sorted(some) {
  const name = table.sort ?? resultName();
  const column = COLUMNS.find((one) => one.name === name) ?? COLUMNS.at(-1);
  const direction = (isHigherBetter(name) ? -1 : 1) * (table.reverse ? -1 : 1);
  const isKnown = (value) => value !== null && value !== undefined;
  const tier = (row) => (!isKnown(column.value(row)) ? 2 : column.isResult && isUnfinished(row) ? 1 : 0);
  return [...some].sort((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    return tier(a) - tier(b) || direction * naturally(left, right);
  });
}

function drawTable() {
  const columns = visibleColumns();
  const current = table.sort ?? resultName();
  const heading = (column) => {
    const upwards = isHigherBetter(column.name) === table.reverse;
    return el("th", {
      class: column.isResult || column.isNumber ? "number" : "", scope: "col",
      "aria-sort": column.name === current ? (upwards ? "ascending" : "descending") : "none",
    }, el("button", { type: "button", title: column.name, onclick: () => sortBy(column.name) }, column.short));
  };
  const body = sorted(rows()).flatMap((row) => [tableRow(row, columns), ...seedRows(row, columns)]);
  if (!body.length) body.push(el("tr", {}, el("td", { class: "empty", colspan: columns.length + 1 }, "No run matches the filter.")));
  $("runs").replaceChildren(
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ""), ...columns.map(heading))),
    el("tbody", {}, ...body));
  const total = allRows().length, here = rows().length;
  $("count").textContent = here === total ? `${total} ${state.grouped ? "groups" : "runs"}` : `${here} of ${total}`;
}

function sortBy(name) {
  table.reverse = name === (table.sort ?? resultName()) ? !table.reverse : false;
  table.sort = name;
  drawTable();
}

function tableRow(row, columns) {
  const at = slot(row);
  const box = el("input", { type: "checkbox", "aria-label": `show the curve of ${row.label}`, onchange: () => toggle(row.key) });
  box.checked = at >= 0;
  const chip = el("span", { class: at >= 0 ? `chip f${at % ORDER}` : "chip" });
  return el("tr", {
    "data-key": row.key, title: row.label,
    onpointerenter: () => highlight(row.key), onpointerleave: () => highlight(null),
  }, el("td", {}, el("label", { class: "switch" }, box, chip)), ...columns.map((column) => column.cell(row)));
}

function seedRows(row, columns) {
  if (!table.opened.has(row.key)) return [];
  return row.runs.map((run) => {
    const one = runRows.find(({ key }) => key === `r${run}`);
    const cells = columns.map((column) =>
      (column.name === "n" ? el("td", { class: "number" }, `seed ${data.runs[run].seed}`) : column.cell(one)));
    return el("tr", { class: "sub" }, el("td"), ...cells);
  });
}

function opener(row) {
  const isOpen = table.opened.has(row.key);
  const onclick = () => {
    if (isOpen) table.opened.delete(row.key); else table.opened.add(row.key);
    drawTable();
  };
  return el("button", { class: "open", type: "button", "aria-expanded": String(isOpen), onclick },
    `${isOpen ? "▾" : "▸"} ${row.runs.length} runs`);
}

function linksOf(index) {
  const run = data.runs[index];
  const images = run.images.map(([name, href]) =>
    el("a", { href, target: "_blank", rel: "noopener" }, name.replace(/\.png$/, "")));
  return [folderLink(index, run.folder.split("/").slice(-2).join("/")), ...images];
}
const folderLink = (index, text) =>
  el("a", { href: `${data.runs[index].link}/`, target: "_blank", rel: "noopener", title: data.runs[index].folder }, text);

function fillChooser() {
  const boxes = COLUMNS.map(({ name }) => {
    const box = el("input", { type: "checkbox", onchange: () => {
      if (box.checked) table.hidden.delete(name); else table.hidden.add(name);
      drawTable();
    } });
    box.checked = !table.hidden.has(name);
    return el("label", {}, box, ` ${name}`);
  });
  document.querySelector("#chooser > div").replaceChildren(...boxes);
}
