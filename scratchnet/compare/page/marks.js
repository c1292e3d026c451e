// The marks of rows in charts and tables: colours, tips, highlighting, the keyboard.

const slot = (row) => state.shown.get(row.key) ?? -1;
const look = (row) => ({
  colour: slot(row) % ORDER,
  pattern: Math.floor(slot(row) / ORDER) % PATTERNS.length,
});
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
const RAMP = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
function rampOf(share) {
  const within = Math.min(Math.max(share, 0), 1),
    brightness = isDark() ? 0.2 + 0.8 * within : 0.82 * (1 - within);
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
  const known = ranked(some),
    places = ranks(known.map(resultOf));
  const direction = isHigherBetter(resultName());
  const span = known.length - 1;
  return new Map(
    span < 1
      ? []
      : known.map((row, i) => [
          row.key,
          direction ? (places[i] - 1) / span : 1 - (places[i] - 1) / span,
        ]),
  );
}

function highlight(key) {
  for (const node of document.querySelectorAll(".near")) node.classList.remove("near");
  for (const chart of document.querySelectorAll(".chart")) {
    chart.classList.toggle(
      "far",
      key !== null && chart.querySelector(`[data-key="${key}"]`) !== null,
    );
  }
  if (key === null) return;
  for (const node of document.querySelectorAll(`[data-key="${key}"]`)) node.classList.add("near");
}

function tipOfRow(row) {
  const line = (name, text) => el("div", {}, el("span", {}, name), el("span", {}, text));
  const figures = [
    resultName(),
    ...["val_accuracy", "test_accuracy"].filter((name) => name !== resultName()),
  ].filter((name) => row.results[data.results.indexOf(name)]);
  const status = row.status === "completed" ? [] : [line(row.status, row.reason)];
  return [
    el("b", {}, nameOf(row)),
    ...figures.map((name) => line(name, figureOf(row, data.results.indexOf(name)))),
    ...status,
    ...telling
      .slice(0, 6)
      .filter((i) => row.settings[i] !== null)
      .map((i) => line(data.settings[i].short, brief(row.settings[i]))),
  ];
}
// A result with its standard deviation over seeds, or the interval of a single run.
function figureOf(row, i) {
  const name = data.results[i],
    result = row.results[i],
    interval = result?.n === 1 ? intervalOf(row, i) : null;
  const around =
    result?.n > 1
      ? ` ${spread(name, result.std)} (n=${result.n})`
      : interval
        ? ` (${interval.map((end) => (100 * end).toFixed(1)).join("–")})`
        : "";
  return `${written(name, result?.mean)}${around}`;
}
const textOfRow = (row) =>
  `${nameOf(row)}: ${resultName()} ${figureOf(row, state.result)}, ${row.status}${row.reason ? `, ${row.reason}` : ""}`;

// How the mark of a row behaves in every chart: highlight and show a tip on hover, toggle on click.
const marks = (row) => ({
  "data-key": row.key,
  onpointerenter: (event) => {
    highlight(row.key);
    showTip(event, ...tipOfRow(row));
  },
  onpointerleave: () => {
    highlight(null);
    hideTip();
  },
  onclick: () => toggle(row.key),
});
// The keyboard's way through the rows of a chart: arrows, and Enter to show a row's curve.
function walkRows(host, items) {
  walkable(host, {
    items,
    show: (row) => {
      highlight(row.key);
      const mark = host.querySelector(`[data-key="${row.key}"]`),
        { left, top } = (mark ?? host).getBoundingClientRect();
      showTip({ clientX: left, clientY: top }, ...tipOfRow(row));
      return textOfRow(row);
    },
    leave: () => {
      highlight(null);
      hideTip();
    },
    keys: { Enter: (row) => row && toggle(row.key), " ": (row) => row && toggle(row.key) },
  });
}
