// The table: one row per group of seeds (that opens to its runs), sorted by a click on a heading.

const SHOWN = ["test_accuracy", "val_accuracy", "final_val_accuracy", "epochs", "seconds"];
const table = { sort: null, reverse: false, hidden: new Set(), opened: new Set() };

function allColumns() {
  const settings = data.settings.map(({ name, short }, i) => ({
    name, short, isSetting: true, isNumber: data.runs.every((run) => typeof run.settings[i] === "number"), value: (row) => row.settings[i],
    cell: (row) => el("td", { class: typeof row.settings[i] === "number" ? "number" : "text" }, String(setting(row.settings[i]))),
  }));
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
    name: "n", short: "n", isResult: true, value: (row) => row.counted.length,
    cell: (row) => el("td", { class: "number" }, seedsText(row)),
  };
  const links = {
    name: "folder", short: "folder", value: (row) => data.runs[row.runs[0]].folder,
    cell: (row) => el("td", { class: "links" }, ...(row.runs.length > 1 ? [opener(row)] : linksOf(row.runs[0]))),
  };
  return [...settings, seeds, ...results, status, links];
}
const COLUMNS = allColumns();
for (const [i, column] of COLUMNS.entries()) {
  if (column.isSetting && !data.shown.includes(i)) table.hidden.add(column.name);
  if (column.isResult && column.name !== "n" && !SHOWN.includes(column.name)) table.hidden.add(column.name);
}
const seedsText = ({ counted, runs }) =>
  (counted.length === runs.length ? String(runs.length) : `${counted.length} of ${runs.length}`);

function visibleColumns() {
  return COLUMNS.filter(({ name }) => !table.hidden.has(name) && (name !== "n" || state.grouped));
}

function sorted(some) {
  const name = table.sort ?? resultName();
  const column = COLUMNS.find((one) => one.name === name) ?? COLUMNS.at(-1);
  const direction = (isShare(name) ? -1 : 1) * (table.reverse ? -1 : 1);
  const rank = (value) => (value === null || value === undefined ? 1 : 0);
  return [...some].sort((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    return rank(left) - rank(right) || direction * naturally(left, right);
  });
}

function drawTable() {
  const columns = visibleColumns();
  const current = table.sort ?? resultName();
  const heading = (column) => {
    const upwards = isShare(column.name) === table.reverse;
    return el("th", {
      class: column.isResult || column.isNumber ? "number" : "", scope: "col",
      "aria-sort": column.name === current ? (upwards ? "ascending" : "descending") : "none",
    }, el("button", { type: "button", title: column.name, onclick: () => sortBy(column.name) }, column.short));
  };
  const body = sorted(rows()).flatMap((row) => [tableRow(row, columns), ...seedRows(row, columns)]);
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
  const box = el("input", { type: "checkbox", "aria-label": `curve of ${row.label}`, onchange: () => toggle(row.key) });
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
  const pictures = run.pictures.map((link) => {
    const name = decodeURIComponent(link.slice(link.lastIndexOf("/") + 1)).replace(/\.png$/, "");
    return el("a", { href: link, target: "_blank", rel: "noopener" }, name);
  });
  const short = run.folder.split("/").slice(-2).join("/");
  return [el("a", { href: `${run.link}/`, target: "_blank", rel: "noopener", title: run.folder }, short), ...pictures];
}

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
