// The table: one row per group of seeds, which expands to its runs; a click on a heading sorts it.

const table = {
  sort: null,
  reverse: data.view.reverse,
  most: 500, // rows that are drawn
  columns: new Set(data.view.columns ?? usualColumns()),
  opened: new Set(),
};
if (!columnNamed(data.view.sort)?.isResult && columnNamed(data.view.sort))
  table.sort = data.view.sort;

// The chosen result comes first, so that it is visible on a phone.
function visibleColumns() {
  const others = COLUMNS.filter(
    ({ name }) =>
      table.columns.has(name) && (name !== "n" || state.grouped) && name !== resultName(),
  );
  return [columnNamed(resultName()), ...others].filter(Boolean);
}
const sortName = () => table.sort ?? resultName();

function sorted(some) {
  const column = columnNamed(sortName()) ?? COLUMNS.at(-1);
  const direction = (isHigherBetter(column.name) ? -1 : 1) * (table.reverse ? -1 : 1);
  const isKnown = (value) => value !== null && value !== undefined;
  const tier = (row) =>
    !isKnown(column.value(row)) ? 2 : column.isResult && !isRanked(row) ? 1 : 0;
  return [...some].sort(
    (a, b) => tier(a) - tier(b) || direction * naturally(column.value(a), column.value(b)),
  );
}

function drawTable() {
  const columns = visibleColumns();
  const some = sorted(rows());
  const context = contextOf(some, columns);
  const body = some
    .slice(0, table.most)
    .flatMap((row) => [tableRow(row, columns, context), ...seedRows(row, columns, context)]);
  const whole = (...content) =>
    el("tr", {}, el("td", { class: "empty", colspan: columns.length + 3 }, ...content));
  if (!body.length) body.push(whole("No run matches the filter."));
  if (some.length > table.most) body.push(whole(moreButton(some.length)));
  redraw($("runs"), () =>
    $("runs").replaceChildren(
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, el("span", { class: "unseen" }, "curve")),
          el("th", { scope: "col" }, "run"),
          el(
            "th",
            {
              scope: "col",
              title:
                "best; ~ cannot be told from the best (95 %); ? how sure it is only several seeds can tell",
            },
            el("span", { class: "unseen" }, "against the best"),
          ),
          ...columns.map(heading),
        ),
      ),
      el("tbody", {}, ...body),
    ),
  );
  const total = allRows().length;
  $("count").textContent =
    some.length === total
      ? count(total, state.grouped ? "group" : "run")
      : `${some.length} of ${total}`;
  const remark = remarkOn(state.words);
  $("remark").textContent = remark;
  $("remark").hidden = !remark;
}

function moreButton(total) {
  const onclick = () => {
    table.most = Infinity;
    drawTable();
  };
  return el("button", { type: "button", onclick }, `show all ${total} rows`);
}

function heading(column) {
  const isCurrent = column.name === sortName(),
    upwards = isHigherBetter(column.name) === table.reverse;
  return el(
    "th",
    {
      class: `${column.isNumber ? "number" : ""}${column.isTest ? " test" : ""}` || null,
      scope: "col",
      "aria-sort": isCurrent ? (upwards ? "ascending" : "descending") : "none",
    },
    el(
      "button",
      {
        type: "button",
        title: column.name,
        "data-focus": `sort ${column.name}`,
        onclick: () => sortBy(column.name),
      },
      column.short,
    ),
  );
}
function sortBy(name) {
  table.reverse = name === sortName() ? !table.reverse : false;
  table.sort = name;
  drawTable();
  saveView();
}

function tableRow(row, columns, context) {
  const isOn = slot(row) >= 0,
    name = nameOf(row);
  const box = el("input", {
    type: "checkbox",
    "aria-label": `curve of ${name}`,
    "data-focus": `show ${row.key}`,
    onchange: () => toggle(row.key),
  });
  box.checked = isOn;
  const sample = isOn ? chip(look(row)) : el("span", { class: "chip none" });
  const mark = context.standings.get(row.key) ?? "";
  return el(
    "tr",
    {
      "data-key": row.key,
      onpointerenter: () => highlight(row.key),
      onpointerleave: () => highlight(null),
    },
    el("td", {}, el("label", { class: "switch" }, box, sample)),
    el("th", { scope: "row", title: row.label }, idOf(row)),
    el("td", { class: "mark" }, mark),
    ...columns.map((column) => column.cell(row, context)),
  );
}
function idOf(row) {
  const names = ofRuns((run) => run.name)(row);
  return names ? `${row.id} ${shortened(names, 24)}` : row.id;
}

function seedRows(row, columns, context) {
  if (!table.opened.has(row.key)) return [];
  return row.runs.map((run) => {
    const one = runRows.find(({ key }) => key === `r${run}`);
    const cells = columns.map((column) =>
      column.name === "n"
        ? el("td", { class: "number" }, `seed ${data.runs[run].seed}`)
        : column.cell(one, context),
    );
    return el(
      "tr",
      { class: "sub" },
      el("td"),
      el("th", { scope: "row" }, one.id),
      el("td"),
      ...cells,
    );
  });
}
function opener(row) {
  const isOpen = table.opened.has(row.key);
  const onclick = () => {
    if (isOpen) table.opened.delete(row.key);
    else table.opened.add(row.key);
    drawTable();
  };
  return el(
    "button",
    {
      class: "open",
      type: "button",
      "aria-expanded": String(isOpen),
      "data-focus": `open ${row.key}`,
      onclick,
    },
    `${isOpen ? "▾" : "▸"} ${row.runs.length} runs`,
  );
}

function fillChooser() {
  const boxes = COLUMNS.map(({ name }) => {
    const box = el("input", {
      type: "checkbox",
      onchange: () => {
        if (box.checked) table.columns.add(name);
        else table.columns.delete(name);
        drawTable();
        saveView();
      },
    });
    box.checked = table.columns.has(name);
    return el("label", {}, box, ` ${name}`);
  });
  document.querySelector("#chooser > div").replaceChildren(...boxes);
}
