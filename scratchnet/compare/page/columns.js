// The columns of the table: what each shows, and how it sorts.

const USUAL = ["n", "test_accuracy", "test_tta_accuracy", "epochs", "seconds", "status", "folder"];

function settingColumn({ name, short }, i) {
  const isNumber = data.runs.some((run) => typeof run.settings[i] === "number");
  return {
    name,
    short,
    isNumber,
    isShown: data.shown.includes(i),
    value: (row) => row.settings[i],
    cell: (row) =>
      el("td", { class: isNumber ? "number" : null }, String(setting(row.settings[i]))),
  };
}

// A result: its figure, bold where it is the best of the table; `context` holds what the rows share.
function resultColumn(name, i) {
  return {
    name,
    short: name,
    isNumber: true,
    isResult: true,
    isTest: name.startsWith("test_"),
    index: i,
    value: (row) => row.results[i]?.mean ?? null,
    cell: (row, context) => {
      const result = row.results[i],
        isChosen = i === state.result;
      const isBest = result && context.best.get(i) === result.mean && isRanked(row);
      const text = written(name, result?.mean, context.decimals.get(i) ?? null);
      const swatch = isChosen ? swatchOf(context.shares.get(row.key)) : null;
      return el(
        "td",
        { class: `number${name.startsWith("test_") && !isChosen ? " test" : ""}` },
        swatch,
        isBest ? el("b", {}, text) : text,
        aroundOf(row, i, name, context),
      );
    },
  };
}
function swatchOf(share) {
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  if (share !== undefined) swatch.style.background = ramp(share);
  else swatch.classList.add("without");
  return swatch;
}
// The spread over seeds or the interval of a single run.
function aroundOf(row, i, name, context) {
  const result = row.results[i];
  const decimals = context.decimals.get(i);
  if (result?.n > 1 && (!isCount(name) || result.std) && name !== "seconds") {
    return el(
      "span",
      { class: "spread" },
      isShare(name) || decimals === undefined
        ? ` ${spread(name, result.std)}`
        : ` ± ${result.std.toFixed(decimals)}`,
    );
  }
  const interval = result?.n === 1 ? intervalOf(row, i) : null;
  return (
    interval &&
    el("span", { class: "spread" }, ` ${interval.map((end) => (100 * end).toFixed(1)).join("–")}`)
  );
}

const textColumn = (name, value, short = name) => ({
  name,
  short,
  value,
  cell: (row) => el("td", {}, value(row) ?? "-"),
});
// The values of a row's runs, each once.
const ofRuns = (valueOf) => (row) =>
  [
    ...new Set(
      row.runs
        .map((run) => valueOf(data.runs[run]))
        .filter((value) => value !== null && value !== ""),
    ),
  ].join(", ") || null;

function aboutColumns() {
  const origin = (name) => ofRuns((run) => data.origins[run.origin][name] ?? null);
  return [
    {
      name: "n",
      short: "n",
      isNumber: true,
      isResult: true,
      value: completed,
      cell: (row) => el("td", { class: "number" }, seedsText(row)),
    },
    { name: "status", short: "status", value: (row) => row.status, cell: statusCell },
    textColumn(
      "seed",
      ofRuns((run) => run.seed),
    ),
    textColumn("start", (row) =>
      row.runs
        .map((run) => data.runs[run].start)
        .sort()
        .at(-1),
    ),
    textColumn(
      "tags",
      ofRuns((run) => run.tags.join(" ")),
    ),
    textColumn(
      "note",
      ofRuns((run) => run.note),
    ),
    textColumn("machine", origin("machine.cpu")),
    textColumn(
      "commit",
      ofRuns((run) => String(data.origins[run.origin]["git.commit"] ?? "").slice(0, 7)),
    ),
    {
      name: "folder",
      short: "folder",
      value: (row) => data.runs[row.runs[0]].folder,
      cell: (row) =>
        el(
          "td",
          { class: "links" },
          ...(row.runs.length > 1 ? [opener(row)] : linksOf(row.runs[0])),
        ),
    },
  ];
}
function seedsText(row) {
  const [done, all] = [completed(row), row.runs.length];
  return done === all ? String(all) : `${done} of ${all}`;
}
function statusCell(row) {
  const isGood = row.status === "completed";
  return el(
    "td",
    { class: `status${isGood ? "" : " bad"}`, title: row.reason || null },
    row.status,
    row.reason ? el("span", { class: "reason" }, `: ${shortened(row.reason, 60)}`) : null,
  );
}

function linksOf(index) {
  const run = data.runs[index];
  const link = (href, text) => el("a", { href, target: "_blank", rel: "noopener" }, text);
  return [
    folderLink(index, run.folder.split("/").slice(-2).join("/")),
    ...(run.report ? [link(run.report, "report")] : []),
    ...run.images.map(([name, href]) => link(href, name.replace(/\.png$/, ""))),
  ];
}
const folderLink = (index, text) =>
  el(
    "a",
    {
      href: `${data.runs[index].link}/`,
      target: "_blank",
      rel: "noopener",
      title: data.runs[index].folder,
    },
    text,
  );

function allColumns() {
  const about = aboutColumns();
  const settings = data.settings.map(settingColumn); // the seed is one, but not that of a group
  const others = settings.filter(({ name }) => !about.some((column) => column.name === name));
  return [...others, ...data.results.map(resultColumn), ...about];
}
const COLUMNS = allColumns();
const columnNamed = (name) => COLUMNS.find((column) => column.name === name);
const usualColumns = () =>
  COLUMNS.filter(({ name, isShown }) => isShown ?? USUAL.includes(name)).map(({ name }) => name);

// What the cells of a column share: the best value, and for losses how many decimals tell them apart.
function contextOf(some, columns) {
  const best = new Map(),
    decimals = new Map();
  for (const { name, index } of columns.filter((column) => column.index !== undefined)) {
    const values = some
      .filter(isRanked)
      .map((row) => row.results[index]?.mean)
      .filter((value) => value !== undefined);
    if (new Set(values).size > 1 && /accuracy|loss/.test(name))
      best.set(index, isHigherBetter(name) ? most(values) : least(values));
    const sizes = values
      .map(Math.abs)
      .filter(Boolean)
      .sort((a, b) => a - b);
    if (sizes.length && name.endsWith("loss"))
      decimals.set(
        index,
        Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(quantile(sizes, 0.25))))),
      );
  }
  return { best, decimals, shares: shares(some), standings: standings(some, state.result) };
}
