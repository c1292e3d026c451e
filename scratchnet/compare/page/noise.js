// How sure a result is, and which rows cannot be told from the best: as in compare/noise.py and
// compare/ranking.py, for whatever rows the page shows.

const student = (freedom) => data.noise.student[freedom - 1];

function intervalOf(row, i) {
  const result = row.results[i];
  if (!result) return null;
  const { mean, std, n } = result;
  if (n > 1) {
    const half = (student(n - 1) * std) / Math.sqrt(n);
    return [mean - half, mean + half];
  }
  const images = imagesBehind(row, i);
  return images && mean >= 0 && mean <= 1 ? wilson(mean, images) : null;
}
function wilson(share, n) {
  const { z } = data.noise;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z / (2 * n)) ** 2);
  return [Math.max(centre - half, 0), Math.min(centre + half, 1)];
}
// How many images a result of a row was measured on; null where that says nothing about its noise.
const imagesBehind = (row, i) =>
  (data.splits[i] ? data.runs[row.runs[0]].sizes[data.splits[i]] : null) || null;

// By key, for each row with a result: `best`, `~` (cannot be told from it), `?` or nothing (worse).
function standings(some, i) {
  const known = ranked(some);
  const found = new Map();
  if (known.length > 1)
    for (const row of known)
      found.set(row.key, row === known[0] ? "best" : standing(row, known[0], i));
  return found;
}
function standing(row, best, i) {
  const seeds = new Map(
    best.counted.map((run) => [data.runs[run].seed, data.runs[run].results[i]]),
  );
  const differences = row.counted
    .map((run) => [data.runs[run].results[i], seeds.get(data.runs[run].seed)])
    .filter(([own, other]) => typeof own === "number" && typeof other === "number")
    .map(([own, other]) => own - other);
  if (differences.length > 1)
    return differInPairs(differences, 1 / (imagesBehind(row, i) ?? Infinity)) ? "" : "~";
  const [own, other] = [intervalOf(row, i), intervalOf(best, i)];
  if (!own || !other) return "?";
  return canBeToldApart(row.results[i].mean, best.results[i].mean, own, other) ? "" : "~";
}
function differInPairs(differences, resolution) {
  const { mean, std, n } = moments(differences);
  return Math.abs(mean) > (student(n - 1) * Math.max(std, resolution)) / Math.sqrt(n);
}
function canBeToldApart(a, b, ofA, ofB) {
  return a < b ? canBeToldApart(b, a, ofB, ofA) : a - b > Math.hypot(a - ofA[0], ofB[1] - b);
}
