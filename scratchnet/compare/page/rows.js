// The data of the comparison as rows (groups of seeds, or single runs), with names and colours, and
// the state of the page.

const data = JSON.parse($("data").textContent);
const ORDER = 8; // number of colours

function makeRow(key, label, runs, counted, status, reason) {
  const first = data.runs[runs[0]];
  const results = data.results.map((_, i) =>
    moments(counted.map((run) => data.runs[run].results[i]).filter((value) => value !== null)));
  const id = runs.length > 1 ? `${first.id} +${runs.length - 1}` : first.id;
  return { key, id, label, runs, counted, status, reason, settings: first.settings, results };
}
const groupRows = data.groups.map((group, i) =>
  makeRow(`g${i}`, group.label, group.runs, group.counted, group.status, group.reason));
const runRows = data.groups.flatMap((group) => group.runs.map((run) => {
  const { seed, status, reason } = data.runs[run];
  const label = group.runs.length > 1 ? `${group.label} seed=${seed}` : group.label;
  return makeRow(`r${run}`, label, [run], [run], status, reason);
}));

const state = {
  grouped: data.groups.some((group) => group.runs.length > 1),
  words: "",
  result: Math.max(0, data.results.indexOf(data.view.objective ?? data.view.sort)),
  shown: new Map(), // rows with a curve: key to colour number, which does not change
};
const allRows = () => (state.grouped ? groupRows : runRows);
const rows = () => allRows().filter((row) => fulfils(row, state.words));
const resultName = () => data.results[state.result];

const isCompleted = (run) => data.runs[run].status === "completed";
const completed = ({ counted }) => counted.filter(isCompleted).length;
const someCompleted = data.runs.some((_, run) => isCompleted(run));
// The result that ranks a row: what a run has reached before it ended badly ranks with nothing.
const isRanked = (row) => !someCompleted || completed(row) > 0;
const resultOf = (row) => (isRanked(row) ? row.results[state.result]?.mean ?? null : null);

// The rows in the order of the result, best first; those without one are left out.
function ranked(some) {
  const known = some.filter((row) => resultOf(row) !== null);
  const direction = isHigherBetter(resultName()) ? -1 : 1;
  return known.sort((a, b) => direction * (resultOf(a) - resultOf(b)));
}
function best(wanted) {
  const known = ranked(rows());
  return (known.length ? known : rows()).slice(0, wanted);
}

// ---- names -----------------------------------------------------------------------------------

const MOST_IN_NAME = 3;
// The settings in the order of what they tell about the result that ranks the runs.
const telling = byImportance(data.shown.filter((i) => !data.derived.includes(i)), groupRows);

// A short name for each of some rows: the id, and the two or three settings that tell most among
// those that differ between them.
function namesAmong(some) {
  const differing = telling.filter((i) => new Set(some.map((row) => row.settings[i])).size > 1).slice(0, MOST_IN_NAME);
  const chosen = differing.length ? differing : telling.slice(0, MOST_IN_NAME);
  return new Map(some.map((row) => [row.key, nameWith(row, chosen)]));
}
function nameWith(row, chosen) {
  const { name } = row.runs.length > 1 ? {} : data.runs[row.runs[0]];
  const parts = chosen.filter((i) => row.settings[i] !== null).map((i) => `${data.settings[i].short}=${brief(row.settings[i])}`);
  return [row.id, name, ...parts].filter(Boolean).join(" ");
}
const nameOf = (row) => nameWith(row, telling.slice(0, MOST_IN_NAME));
const brief = (value) => (typeof value === "number" ? String(Number(value.toPrecision(3))) : shortened(String(value), 24));

// ---- colours, tips, highlighting -------------------------------------------------------------

const slot = (row) => state.shown.get(row.key) ?? -1;
const look = (row) => ({ colour: slot(row) % ORDER, pattern: Math.floor(slot(row) / ORDER) % PATTERNS.length });
function switchOn(key) {
  const taken = new Set(state.shown.values());
  let free = 0;
  while (taken.has(free)) free++;
  state.shown.set(key, free);
}
const shownRows = () => {
  const visible = new Map(rows().map((row) => [row.key, row]));
  return [...state.shown.keys()].map((key) => visible.get(key)).filter(Boolean);
};

// From bad to good: most of viridis, whose luminance is monotone, also for the colour-blind. The best
// differ most from the page: they are the darkest on a light one, the brightest on a dark one.
const RAMP = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
function rampOf(share) {
  const within = Math.min(Math.max(share, 0), 1), brightness = isDark() ? 0.2 + 0.8 * within : 0.82 * (1 - within);
  const at = brightness * (RAMP.length - 1);
  const i = Math.min(Math.floor(at), RAMP.length - 2);
  return RAMP[i].map((low, c) => Math.round(low + (at - i) * (RAMP[i + 1][c] - low)));
}
const ramp = (share) => `rgb(${rampOf(share)})`;
// Black or white, whichever differs more from a colour of the ramp (WCAG 2.2, relative luminance).
function inkOn(share) {
  const [r, g, b] = rampOf(share).map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
const [DARK, PRINT] = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));
const isDark = () => DARK.matches && !PRINT.matches;
// The colour of each of some rows, from 0 (the worst) to 1 (the best), by rank: a single bad run does
// not take the colours from all others.
function shares(some) {
  const known = ranked(some), places = ranks(known.map(resultOf));
  const direction = isHigherBetter(resultName());
  const span = known.length - 1;
  return new Map(span < 1 ? [] : known.map((row, i) => [row.key, direction ? (places[i] - 1) / span : 1 - (places[i] - 1) / span]));
}

function highlight(key) {
  for (const node of document.querySelectorAll(".near")) node.classList.remove("near");
  for (const chart of document.querySelectorAll(".chart")) {
    chart.classList.toggle("far", key !== null && chart.querySelector(`[data-key="${key}"]`) !== null);
  }
  if (key === null) return;
  for (const node of document.querySelectorAll(`[data-key="${key}"]`)) node.classList.add("near");
}

function tipOfRow(row) {
  const line = (name, text) => el("div", {}, el("span", {}, name), el("span", {}, text));
  const figures = [resultName(), ...["val_accuracy", "test_accuracy"].filter((name) => name !== resultName())]
    .filter((name) => row.results[data.results.indexOf(name)]);
  const status = row.status === "completed" ? [] : [line(row.status, row.reason)];
  return [el("b", {}, nameOf(row)), ...figures.map((name) => line(name, figureOf(row, data.results.indexOf(name)))), ...status,
    ...telling.slice(0, 6).filter((i) => row.settings[i] !== null).map((i) => line(data.settings[i].short, brief(row.settings[i])))];
}
// A result with its standard deviation over seeds, or the interval of a single run.
function figureOf(row, i) {
  const name = data.results[i], result = row.results[i], interval = result?.n === 1 ? intervalOf(row, i) : null;
  const around = result?.n > 1 ? ` ${spread(name, result.std)} (n=${result.n})`
    : interval ? ` (${interval.map((end) => (100 * end).toFixed(1)).join("–")})` : "";
  return `${written(name, result?.mean)}${around}`;
}
const textOfRow = (row) => `${nameOf(row)}: ${resultName()} ${figureOf(row, state.result)}, ${row.status}${row.reason ? `, ${row.reason}` : ""}`;

// How the mark of a row behaves in every chart: highlight and show a tip on hover, toggle on click.
const marks = (row) => ({
  "data-key": row.key,
  onpointerenter: (event) => { highlight(row.key); showTip(event, ...tipOfRow(row)); },
  onpointerleave: () => { highlight(null); hideTip(); },
  onclick: () => toggle(row.key),
});
// The keyboard's way through the rows of a chart: arrows, and Enter to show a row's curve.
function walkRows(host, items) {
  walkable(host, {
    items,
    show: (row) => {
      highlight(row.key);
      const mark = host.querySelector(`[data-key="${row.key}"]`), { left, top } = (mark ?? host).getBoundingClientRect();
      showTip({ clientX: left, clientY: top }, ...tipOfRow(row));
      return textOfRow(row);
    },
    leave: () => { highlight(null); hideTip(); },
    keys: { Enter: (row) => row && toggle(row.key), " ": (row) => row && toggle(row.key) },
  });
}
