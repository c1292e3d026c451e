// What the page shows, kept in the address: a link, a reload or the back button restores it.

// Each part of the view: how to read it as a text (null: as it opened), and how to set it.
const PARTS = {
  filter: [
    () => state.words || null,
    (text) => {
      state.words = text;
    },
  ],
  seeds: [
    () => (state.grouped === groupedAtFirst ? null : state.grouped ? "grouped" : "each"),
    (text) => {
      state.grouped = text === "grouped";
    },
  ],
  result: [
    () => (state.result === resultAtFirst ? null : (resultName() ?? "none")),
    (text) => {
      state.result = data.results.indexOf(text);
    },
  ],
  sort: [
    () => table.sort,
    (text) => {
      if (columnNamed(text)) table.sort = text;
    },
  ],
  reverse: [
    () => (table.reverse === data.view.reverse ? null : String(table.reverse)),
    (text) => {
      table.reverse = text === "true";
    },
  ],
  columns: [
    () => listed(table.columns, columnsAtFirst),
    (text) => {
      table.columns = new Set(text.split(","));
    },
  ],
  show: [() => [...state.shown.keys()].join(",") || "none", (text) => showKeys(text.split(","))],
  plot: [
    () => listed(curves.quantities, quantitiesAtFirst),
    (text) => {
      curves.quantities = new Set(text.split(","));
    },
  ],
  x: [
    () => (curves.x === "epoch" ? null : curves.x),
    (text) => {
      if (Object.hasOwn(X_AXES, text)) curves.x = text;
    },
  ],
  log: [
    () => (curves.log ? "1" : null),
    () => {
      curves.log = true;
    },
  ],
  all: [
    () => (curves.all ? "1" : null),
    () => {
      curves.all = true;
    },
  ],
  train: [
    () => (curves.train ? null : "0"),
    () => {
      curves.train = false;
    },
  ],
  smooth: [
    () => (curves.smoothing ? String(curves.smoothing) : null),
    (text) => {
      curves.smoothing = Math.min(Math.max(Number(text) || 0, 0), 0.95);
    },
  ],
  axes: [
    () => named(parallel.axes, axesAtFirst),
    (text) => {
      parallel.axes = text
        .split(",")
        .map(settingNamed)
        .filter((i) => i >= 0);
    },
  ],
};
const [groupedAtFirst, resultAtFirst, axesAtFirst] = [
  state.grouped,
  state.result,
  parallel.axes.join(),
];
const [columnsAtFirst, quantitiesAtFirst] = [
  [...table.columns].join(),
  [...curves.quantities].join(),
];
const listed = (some, atFirst) => ([...some].join() === atFirst ? null : [...some].join());
const named = (indices, atFirst) =>
  indices.join() === atFirst ? null : indices.map((i) => data.settings[i].name).join();

function showKeys(keys) {
  const known = new Set([...groupRows, ...runRows].map(({ key }) => key));
  state.shown.clear();
  for (const key of keys) if (known.has(key)) switchOn(key);
}
// Soon, not at once: a browser may refuse to change the address a hundred times in a row.
const SOON = 200; // milliseconds
let saving = null;
function saveView() {
  clearTimeout(saving);
  saving = setTimeout(writeView, SOON);
}
function writeView() {
  const view = new URLSearchParams();
  for (const [name, [read]] of Object.entries(PARTS)) if (read() !== null) view.set(name, read());
  history.replaceState(null, "", `#${view}`);
}
function restoreView() {
  const view = new URLSearchParams(location.hash.slice(1));
  for (const [name, [, set]] of Object.entries(PARTS)) if (view.has(name)) set(view.get(name));
  return view.has("show");
}
