// The network: its steps one after the other, and the chain rule backwards through them.

class Network {
  constructor(steps) { this.steps = steps; }

  // The logits of an image of pixels, and a trace: the input and the output of each step.
  run(pixels) {
    const trace = new Map(), { mean, std } = data.inputs, channels = mean.length;
    const x = mapped(pixels, (value, i) => (value - mean[i % channels]) / std[i % channels]);
    return { logits: forward(this.steps, x, trace), trace };
  }

  // d(logit of a class) / d(pixel), for the image of a trace.
  gradient(trace, chosen) {
    const classes = data.inputs.classes.length, { std } = data.inputs;
    const dy = Float32Array.from({ length: classes }, (_, i) => (i === chosen ? 1 : 0));
    return mapped(backward(this.steps, trace, dy), (value, i) => value / std[i % std.length]);
  }
}

function forward(steps, x, trace) {
  for (const step of steps) {
    const y = step.kind === "residual"
      ? sum(forward(step.branch, x, trace), forward(step.shortcut, x, trace))
      : OPERATIONS[step.kind].forward(step, x);
    trace.set(step, { x, y });
    x = y;
  }
  return x;
}
function backward(steps, trace, dy) {
  for (const step of [...steps].reverse()) {
    const { x, y } = trace.get(step);
    dy = step.kind === "residual"
      ? sum(backward(step.branch, trace, dy), backward(step.shortcut, trace, dy))
      : OPERATIONS[step.kind].backward(step, x, y, dy);
  }
  return dy;
}
const sum = (a, b) => mapped(a, (value, i) => value + b[i]);

function softmax(logits) {
  const most = logits.reduce((a, b) => Math.max(a, b)), powers = Array.from(logits, (z) => Math.exp(z - most));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
const argmax = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

// The same network with the numbers of each weight array in random order, the same each time.
function shuffled(steps, random = generator(1)) {
  return steps.map((step) => {
    const arrays = { ...step.arrays };
    if (arrays.weight) arrays.weight = permuted(arrays.weight, random);
    return { ...step, arrays, branch: shuffled(step.branch, random), shortcut: shuffled(step.shortcut, random) };
  });
}
function permuted(values, random) {
  const result = Float32Array.from(values);
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
// Random numbers in [0, 1): mulberry32, by Tommy Ettinger.
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
