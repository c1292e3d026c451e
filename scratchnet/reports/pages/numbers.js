// Numbers as people read them, and a little statistics.

const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity); // Math.min(...values) fails for long arrays
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);

const isAccuracy = (name) => name !== null && name.endsWith("accuracy");
const isShare = (name) => isAccuracy(name) || name.endsWith("error");
const isHigherBetter = (name) => isAccuracy(name) || name === "samples_per_second";
const isCount = (name) => ["best_epoch", "epochs", "parameters"].includes(name);

function number(value) {
  if (value === null || value === undefined) return "-";
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) {
    return value
      .toExponential(3)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  }
  return String(Number(value.toPrecision(4)));
}
// A result by its name: an accuracy in percent, seconds as a duration, a loss with `decimals`.
function written(name, value, decimals = null) {
  if (value === null || value === undefined) return "-";
  if (isShare(name)) return `${(100 * value).toFixed(2)} %`;
  if (isCount(name)) return Number(value.toFixed(1)).toLocaleString("en");
  if (name === "samples_per_second") return Number(value.toPrecision(3)).toLocaleString("en");
  if (name === "seconds") return duration(value);
  return decimals === null ? number(value) : value.toFixed(decimals);
}
function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds),
    two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  return minutes ? `${minutes}:${two(whole % 60)}` : `${whole} s`;
}
const spread = (name, std) =>
  `± ${isShare(name) ? (100 * std).toFixed(2) : Number(std.toPrecision(2))}`;
const setting = (value) => (typeof value === "number" ? number(value) : (value ?? "-"));
const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function naturally(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

function moments(values) {
  const n = values.length;
  if (!n) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n };
}
// The quantile of values in ascending order, with linear interpolation.
function quantile(sorted, share) {
  const at = (sorted.length - 1) * share,
    i = Math.floor(at);
  return sorted[i] + (at - i) * ((sorted[i + 1] ?? sorted[i]) - sorted[i]);
}
// The rank of each value, from 1; equal values share the mean of their ranks.
function ranks(values) {
  const order = values.map((value, i) => [value, i]).sort((a, b) => a[0] - b[0]);
  const found = new Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && order[to][0] === order[from][0]) to++;
    for (const [, i] of order.slice(from, to)) found[i] = (from + to + 1) / 2;
  }
  return found;
}
