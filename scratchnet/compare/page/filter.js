// The filter: words, and conditions such as `lr<0.01`, `test_accuracy > 98 %` or `tag=baseline`.

const CONDITION = /^([\w.]+)(<=|>=|!=|==|=|<|>)(.+)$/;
const COMPARE = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};
const UNITS = { "%": 0.01, s: 1, min: 60, h: 3600, k: 1e3, M: 1e6 };

// Spaces around an operator and before a unit are allowed.
const wordsOf = (text) =>
  text
    .replace(/\s*(<=|>=|!=|==|=|<|>)\s*/g, "$1")
    .replace(/(\d)\s+%/g, "$1%")
    .split(/\s+/)
    .filter(Boolean);

function fulfils(row, text) {
  return wordsOf(text).every((word) => {
    const match = CONDITION.exec(word);
    if (!match || !isKnownName(match[1])) return searched(row).includes(word.toLowerCase());
    return holds(valuesOf(row, match[1].toLowerCase()), match[2], match[3]);
  });
}
// A row without the value satisfies only `!=`; of several values (tags), one has to.
function holds(values, comparison, typed) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (!known.length) return comparison === "!=";
  const one = (value, wanted) =>
    typeof value === "number"
      ? COMPARE[comparison](value, amount(wanted))
      : COMPARE[comparison](String(value).toLowerCase(), wanted.toLowerCase());
  if (comparison === "!=") return known.every((value) => one(value, typed));
  return typed.split("|").some((wanted) => known.some((value) => one(value, wanted))); // optimizer=sgd|adam
}
function amount(typed) {
  const match = /^(-?[\d.]+(?:e[-+]?\d+)?)(%|s|min|h|k|M)?$/i.exec(typed);
  return match ? Number(match[1]) * (UNITS[match[2]] ?? 1) : NaN;
}

const TAGS = ["tag", "tags"];
const ABOUT = {
  status: (run) => run.status,
  reason: (run) => run.reason,
  seed: (run) => run.seed,
  name: (run) => run.name,
  note: (run) => run.note,
  id: (run) => run.id,
  start: (run) => run.start,
  machine: (run) => data.origins[run.origin]["machine.cpu"],
  commit: (run) => data.origins[run.origin]["git.commit"]?.slice?.(0, 7),
};
const settingNamed = (name) =>
  data.settings.findIndex(
    (one) => one.name.toLowerCase() === name || one.short.toLowerCase() === name,
  );
const isKnownName = (typed) => {
  const name = typed.toLowerCase();
  return (
    TAGS.includes(name) ||
    Object.hasOwn(ABOUT, name) ||
    settingNamed(name) >= 0 ||
    data.results.includes(name) ||
    commonNamed(name) !== undefined
  );
};
const commonNamed = (name) =>
  Object.keys(data.common).find(
    (one) => one.toLowerCase() === name || one.toLowerCase() === `${name}.name`,
  );
function valuesOf(row, name) {
  if (TAGS.includes(name)) return row.runs.flatMap((run) => data.runs[run].tags);
  if (Object.hasOwn(ABOUT, name))
    return [
      ...(name === "status" ? [row.status] : []),
      ...row.runs.map((run) => ABOUT[name](data.runs[run])),
    ];
  const i = settingNamed(name);
  if (i >= 0) return [row.settings[i]];
  if (data.results.includes(name)) return [row.results[data.results.indexOf(name)]?.mean];
  return [data.common[commonNamed(name)]];
}
function searched(row) {
  row.text ??= [
    row.label,
    row.status,
    row.reason,
    ...row.settings,
    ...row.runs.flatMap((i) => {
      const { folder, id, name, note, tags } = data.runs[i];
      return [folder, id, name, note, ...tags];
    }),
  ]
    .join(" ")
    .toLowerCase();
  return row.text;
}

// What is odd about a filter, in one line: an unknown name, or a condition that all rows share.
function remarkOn(text) {
  for (const word of wordsOf(text)) {
    const match = CONDITION.exec(word),
      name = match?.[1];
    if (match && !isKnownName(name)) return `no setting or result ${name}${meant(name)}`;
    if (
      match &&
      commonNamed(name.toLowerCase()) !== undefined &&
      settingNamed(name.toLowerCase()) < 0
    ) {
      const common = commonNamed(name.toLowerCase());
      return `all rows have ${common}=${data.common[common]}`;
    }
  }
  return "";
}
function meant(name) {
  const known = [
    ...data.settings.flatMap((one) => [one.name, one.short]),
    ...data.results,
    ...Object.keys(ABOUT),
    "tag",
  ];
  const [distance, nearest] = known
    .map((one) => [edits(name.toLowerCase(), one.toLowerCase()), one])
    .sort((a, b) => a[0] - b[0])[0];
  return distance <= Math.max(1, name.length / 3) ? `; did you mean ${nearest}?` : "";
}
// The Levenshtein distance.
function edits(a, b) {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++)
      now.push(
        Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    before = now;
  }
  return before[b.length];
}
