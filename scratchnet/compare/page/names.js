// Short names for rows: an id, and the settings that tell most.

const MOST_IN_NAME = 3;
// The settings in the order of what they tell about the result that ranks the runs.
const telling = byImportance(
  data.shown.filter((i) => !data.derived.includes(i)),
  groupRows,
);

// A short name for each of some rows: the id, and the two or three settings that tell most among
// those that differ between them.
function namesAmong(some) {
  const differing = telling
    .filter((i) => new Set(some.map((row) => row.settings[i])).size > 1)
    .slice(0, MOST_IN_NAME);
  const chosen = differing.length ? differing : telling.slice(0, MOST_IN_NAME);
  return new Map(some.map((row) => [row.key, nameWith(row, chosen)]));
}
function nameWith(row, chosen) {
  const { name } = row.runs.length > 1 ? {} : data.runs[row.runs[0]];
  const parts = chosen
    .filter((i) => row.settings[i] !== null)
    .map((i) => `${data.settings[i].short}=${brief(row.settings[i])}`);
  return [row.id, name, ...parts].filter(Boolean).join(" ");
}
const nameOf = (row) => nameWith(row, telling.slice(0, MOST_IN_NAME));
const brief = (value) =>
  typeof value === "number" ? String(Number(value.toPrecision(3))) : shortened(String(value), 24);
