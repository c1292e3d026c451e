// The data of the comparison as rows (groups of seeds, or single runs), and the state of the
// page.

const data = JSON.parse($("data").textContent);
const ORDER = 8; // number of colours

function makeRow(key, label, runs, counted, status, reason) {
  const first = data.runs[runs[0]];
  const results = data.results.map((_, i) =>
    moments(counted.map((run) => data.runs[run].results[i]).filter((value) => value !== null)),
  );
  const id = runs.length > 1 ? `${first.id} +${runs.length - 1}` : first.id;
  return { key, id, label, runs, counted, status, reason, settings: first.settings, results };
}
const groupRows = data.groups.map((group, i) =>
  makeRow(`g${i}`, group.label, group.runs, group.counted, group.status, group.reason),
);
const runRows = data.groups.flatMap((group) =>
  group.runs.map((run) => {
    const { seed, status, reason } = data.runs[run];
    const label = group.runs.length > 1 ? `${group.label} seed=${seed}` : group.label;
    return makeRow(`r${run}`, label, [run], [run], status, reason);
  }),
);

const state = {
  grouped: data.groups.some((group) => group.runs.length > 1),
  words: "",
  result: data.results.indexOf(data.view.ranked_by), // -1: the runs are not ranked
  shown: new Map(), // rows with a curve: key to colour number, which does not change
};
const allRows = () => (state.grouped ? groupRows : runRows);
const rows = () => allRows().filter((row) => fulfils(row, state.words));
const resultName = () => data.results[state.result] ?? null;

const isCompleted = (run) => data.runs[run].status === "completed";
const completed = ({ counted }) => counted.filter(isCompleted).length;
const someCompleted = data.runs.some((_, run) => isCompleted(run));
// The result that ranks a row: what a run has reached before it ended badly ranks with nothing.
const isRanked = (row) => !someCompleted || completed(row) > 0;
const resultOf = (row) => (isRanked(row) ? (row.results[state.result]?.mean ?? null) : null);

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
// Of too many ranked rows every second, third, ...: enough for a picture of all of them, best first.
function sampled(some, wanted) {
  const every = Math.ceil(some.length / wanted);
  return some.filter((_, i) => i % every === 0);
}
const noteOnSample = (drawn, all) =>
  drawn.length < all.length ? `${drawn.length} of ${all.length} rows, evenly by rank. ` : "";
