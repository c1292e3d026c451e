// What is drawn in an image of a single thing, as opposed to the paper: see scratchnet/data/ink.py.

const FEWEST = 0.03, NOISE = 3, EVEN = 0.1, DARKEST = 0.1, CLEAN = 0.004, SAMPLES = 5000, ROUNDS = 10, SPECK = 0.05;

// The ink in a grey image of 0 to 1: how much at each pixel, and a mask of it; null if it is blank.
function findInk(grey, height, width) {
  if (extent(grey) < FEWEST) return null;
  const isEdge = mapped(grey, (_, i) => isBorder(i, height, width));
  const rough = difference(grey, surface(grey, isEdge, height, width));
  if (extent(rough) < FEWEST) return null;
  const isDark = rough.reduce((sum, value) => sum + value ** 3, 0) < 0, sign = isDark ? -1 : 1;
  const signed = mapped(rough, (value) => sign * value), level = threshold(signed);
  const paper = mapped(signed, (value) => value <= level);
  const light = surface(grey, paper, height, width);
  const above = mapped(difference(grey, light), (value, i) => // in the shade, less light is missing
    isDark ? -value / Math.max(light[i], DARKEST) : value);
  const noise = NOISE * deviation(above.filter((_, i) => paper[i]));
  const amount = mapped(above, (value) => Math.min(1, Math.max(0, value - noise)));
  if (range(amount)[1] < FEWEST) return null;
  return { amount, isDark, isUneven: extent(light) > EVEN, mask: withoutSpecks(amount, height, width) };
}
const extent = (values) => range(values).reduce((low, high) => high - low);
const isBorder = (i, height, width) => {
  const [row, column] = [Math.floor(i / width), i % width];
  return row === 0 || column === 0 || row === height - 1 || column === width - 1 ? 1 : 0;
};
const difference = (a, b) => mapped(a, (value, i) => value - b[i]);

function median(values) {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
function deviation(values) {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

// The level that separates dark from light best: Otsu 1979.
function threshold(values) {
  const [low, high] = range(values), bins = 256, counts = new Float64Array(bins);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++;
  const edge = (i) => low + ((high - low) * i) / bins, centre = (i) => (edge(i) + edge(i + 1)) / 2;
  const total = counts.reduce((sum, count, i) => sum + count * centre(i), 0);
  let below = 0, sum = 0, most = -Infinity, best = [];
  for (let i = 0; i < bins - 1; i++) {
    below += counts[i];
    sum += counts[i] * centre(i);
    const between = (total * below - values.length * sum) ** 2 / (below * (values.length - below));
    if (between > most) [most, best] = [between, []];
    if (between === most) best.push(edge(i + 1));
  }
  return best.reduce((a, b) => a + b) / best.length;
}

// The brightness of the paper: a surface of the second degree through what is marked as paper, with
// the least sum of absolute distances (least squares, reweighted).
function surface(grey, paper, height, width) {
  const marked = [...grey.keys()].filter((i) => paper[i]), values = marked.map((i) => grey[i]);
  if (deviation(values) < CLEAN) return new Float32Array(grey.length).fill(median(values));
  const at = (i, length) => (length > 1 ? (2 * i) / (length - 1) - 1 : -1);
  const terms = (i) => {
    const [x, y] = [at(i % width, width), at(Math.floor(i / width), height)];
    return [1, x, y, x * x, x * y, y * y];
  };
  const every = 1 + Math.floor(marked.length / SAMPLES), some = marked.filter((_, i) => i % every === 0);
  const there = some.map(terms);
  let importance = some.map(() => 1), factors;
  for (let round = 0; round < ROUNDS; round++) {
    factors = leastSquares(there, some.map((i) => grey[i]), importance);
    importance = some.map((i, n) => 1 / Math.max(Math.abs(grey[i] - dot(there[n], factors)), CLEAN));
  }
  return mapped(grey, (_, i) => dot(terms(i), factors));
}
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

// The factors f of least sum of w (rows f - values)^2, by the normal equations and elimination.
function leastSquares(rows, values, weights) {
  const n = rows[0].length, table = Array.from({ length: n }, () => new Float64Array(n + 1));
  rows.forEach((row, r) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) table[i][j] += weights[r] * row[i] * row[j];
      table[i][n] += weights[r] * row[i] * values[r];
    }
  });
  for (let i = 0; i < n; i++) {
    const pivot = table.findIndex((line, r) => r >= i && Math.abs(line[i]) === Math.max(...table.slice(i).map((one) => Math.abs(one[i]))));
    [table[i], table[pivot]] = [table[pivot], table[i]];
    table.forEach((line, r) => {
      if (r === i) return;
      const share = line[i] / table[i][i];
      for (let j = i; j <= n; j++) line[j] -= share * table[i][j];
    });
  }
  return table.map((line, i) => line[n] / line[i]);
}

// Where the ink is strong, 1 or 0, without the specks: parts much smaller than the largest one.
function withoutSpecks(amount, height, width) {
  const strong = range(amount)[1] / 4, part = new Int32Array(amount.length), sizes = [0];
  for (let start = 0; start < amount.length; start++) {
    if (amount[start] <= strong || part[start]) continue;
    const open = [start], label = sizes.push(0) - 1;
    part[start] = label;
    while (open.length) {
      const i = open.pop();
      sizes[label]++;
      for (const j of neighbours(i, height, width))
        if (amount[j] > strong && !part[j]) { part[j] = label; open.push(j); }
    }
  }
  const least = SPECK * Math.max(...sizes);
  return Float32Array.from(part, (label) => (label && sizes[label] >= least ? 1 : 0));
}
function neighbours(i, height, width) {
  const [row, column] = [Math.floor(i / width), i % width], found = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++)
    for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) found.push(r * width + c);
  return found; // with the pixel itself
}
