"use strict";
// What all parts of the page share: the data, the rows, the state of the page, number formats.
// Data reaches the page through textContent and attributes only, never as HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

function append(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}
const el = (tag, attributes = {}, ...children) =>
  append(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  append(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity); // Math.min(...values) fails for long arrays

// ---- numbers ---------------------------------------------------------------------------------

const isShare = (name) => name.endsWith("accuracy");
const isHigherBetter = (name) => isShare(name) || name === "samples_per_second";
const isCount = (name) => ["best_epoch", "epochs", "parameters"].includes(name);

function number(value) {
  if (value === null || value === undefined) return "-";
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) {
    return value.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  return String(Number(value.toPrecision(4)));
}
function written(name, value) {
  if (value === null || value === undefined) return "-";
  if (isShare(name)) return `${(100 * value).toFixed(2)} %`;
  if (isCount(name)) return Number(value.toFixed(1)).toLocaleString("en");
  if (name === "samples_per_second") return Number(value.toPrecision(3)).toLocaleString("en");
  return name === "seconds" ? duration(value) : number(value);
}
function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds), two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  return minutes ? `${minutes}:${two(whole % 60)}` : `${whole} s`;
}
const spread = (name, std) => `± ${isShare(name) ? (100 * std).toFixed(2) : Number(std.toPrecision(2))}`;
const setting = (value) => (typeof value === "number" ? number(value) : value ?? "-");

function moments(values) {
  const n = values.length;
  if (!n) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n };
}

// ---- rows: groups of seeds, or single runs ---------------------------------------------------

const ORDER = 8; // number of colours

function makeRow(key, label, runs, counted, status) {
  const first = data.runs[runs[0]];
  const results = data.results.map((_, i) =>
    moments(counted.map((run) => data.runs[run].results[i]).filter((value) => value !== null)));
  return { key, label, runs, counted, status, settings: first.settings, results };
}
const groupRows = data.groups.map((group, i) =>
  makeRow(`g${i}`, group.label, group.runs, group.counted, group.status));
const runRows = data.groups.flatMap((group) => group.runs.map((run) => {
  const { seed, status } = data.runs[run];
  const label = group.runs.length > 1 ? `${group.label} seed=${seed}` : group.label;
  return makeRow(`r${run}`, label, [run], [run], status);
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
const isUnfinished = (row) => !row.counted.some(isCompleted);
const someCompleted = data.runs.some(({ status }) => status === "completed");
// The result that ranks a row: what a run has reached before it ended badly ranks with nothing.
const resultOf = (row) => (someCompleted && isUnfinished(row) ? null : row.results[state.result]?.mean ?? null);

function best(count) {
  const known = rows().filter((row) => resultOf(row) !== null);
  const direction = isHigherBetter(resultName()) ? -1 : 1;
  known.sort((a, b) => direction * (resultOf(a) - resultOf(b)));
  return (known.length ? known : rows()).slice(0, count);
}

// ---- the filter: words and conditions such as lr<0.01 ----------------------------------------

const CONDITION = /^([\w.]+)(<=|>=|!=|==|=|<|>)(.+)$/;
const COMPARE = {
  "<": (a, b) => a < b, ">": (a, b) => a > b, "<=": (a, b) => a <= b, ">=": (a, b) => a >= b,
  "=": (a, b) => a === b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};
function fulfils(row, words) {
  return words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => {
    const match = CONDITION.exec(word);
    const actual = match && valueOf(row, match[1]);
    if (actual === null || actual === undefined) return searched(row).includes(word);
    const typed = Number(match[3]);
    if (typeof actual === "number") return COMPARE[match[2]](actual, typed);
    return COMPARE[match[2]](String(actual).toLowerCase(), match[3]);
  });
}
function valueOf(row, name) {
  const isIt = (one) => one.name.toLowerCase() === name || one.short.toLowerCase() === name;
  const i = data.settings.findIndex(isIt);
  if (i >= 0) return row.settings[i];
  if (name === "status") return row.status;
  return row.results[data.results.indexOf(name)]?.mean;
}
function searched(row) {
  row.text ??= [row.label, row.status, ...row.settings, ...row.runs.map((i) => data.runs[i].folder)]
    .join(" ").toLowerCase();
  return row.text;
}

// ---- colours, tips, highlighting -------------------------------------------------------------

const slot = (row) => state.shown.get(row.key) ?? -1;
function switchOn(key) {
  const taken = new Set(state.shown.values());
  let free = 0;
  while (taken.has(free)) free++;
  state.shown.set(key, free);
}

// Labels with only the settings that differ among these rows; the full labels if those are ambiguous.
function labelsAmong(some) {
  const differing = data.shown.filter((i) => new Set(some.map((row) => row.settings[i])).size > 1);
  const labelOf = (row) => differing.filter((i) => row.settings[i] !== null)
    .map((i) => `${data.settings[i].short}=${setting(row.settings[i])}`).join(" ");
  const labels = some.map(labelOf);
  const isClear = new Set(labels).size === some.length && !labels.includes("");
  return new Map(some.map((row, i) => [row.key, isClear ? labels[i] : row.label]));
}

const RAMP = [[59, 111, 212], [176, 74, 155], [242, 142, 43]];
function ramp(share) {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1);
  const i = Math.min(Math.floor(at), RAMP.length - 2);
  return `rgb(${RAMP[i].map((low, c) => Math.round(low + (at - i) * (RAMP[i + 1][c] - low)))})`;
}
function resultRange(some) {
  const values = some.map(resultOf).filter((value) => value !== null);
  return values.length ? [least(values), -least(values.map((v) => -v))] : [0, 1];
}
// Where a result lies in a range, from 0 (the worst) to 1 (the best).
function quality(value, [low, high]) {
  if (high <= low) return 0.5;
  const share = (value - low) / (high - low);
  return isHigherBetter(resultName()) ? share : 1 - share;
}

function showTip(event, ...content) {
  const tip = $("tip");
  tip.replaceChildren(...content);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const right = event.clientX + 16 + width < innerWidth ? event.clientX + 16 : event.clientX - 16 - width;
  tip.style.left = `${Math.max(6, right)}px`;
  tip.style.top = `${Math.max(6, Math.min(event.clientY + 14, innerHeight - height - 6))}px`;
}
const hideTip = () => { $("tip").hidden = true; };

function highlight(key) {
  for (const node of document.querySelectorAll(".near")) node.classList.remove("near");
  for (const chart of document.querySelectorAll(".chart")) {
    chart.classList.toggle("far", key !== null && chart.querySelector(`[data-key="${key}"]`) !== null);
  }
  if (key === null) return;
  for (const node of document.querySelectorAll(`[data-key="${key}"]`)) node.classList.add("near");
}
function tipOfRow(row) {
  const result = row.results[state.result];
  const text = `${written(resultName(), result?.mean)}${result?.n > 1 ? ` ${spread(resultName(), result.std)}` : ""}`;
  return [el("b", {}, row.label), el("div", {}, el("span", {}, resultName()), el("span", {}, text))];
}
// How the mark of a row behaves in every chart: highlight and show a tip on hover, toggle on click.
const marks = (row) => ({
  "data-key": row.key,
  onpointerenter: (event) => { highlight(row.key); showTip(event, ...tipOfRow(row)); },
  onpointerleave: () => { highlight(null); hideTip(); },
  onclick: () => toggle(row.key),
});
