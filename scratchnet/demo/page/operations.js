// What each kind of operation does to one sample: forward(step, x) gives y, and backward
// (step, x, y, dy) the derivative with respect to x. See scratchnet/export/operations.py.

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);
const mapped = (x, of) => Float32Array.from(x, of);

const linear = {
  forward(step, x) {
    const { weight, bias } = step.arrays, outputs = step.shape[0];
    const y = bias ? Float64Array.from(bias) : new Float64Array(outputs);
    x.forEach((value, i) => {
      if (value !== 0) for (let j = 0; j < outputs; j++) y[j] += value * weight[i * outputs + j];
    });
    return Float32Array.from(y);
  },
  backward: (step, x, y, dy) => mapped(x, (_, i) => {
    const outputs = dy.length;
    let sum = 0;
    for (let j = 0; j < outputs; j++) sum += dy[j] * step.arrays.weight[i * outputs + j];
    return sum;
  }),
};

const affine = {
  forward: (step, x) => {
    const { factor, offset } = step.arrays, n = factor.length;
    return mapped(x, (value, i) => factor[i % n] * value + offset[i % n]);
  },
  backward: (step, x, y, dy) => mapped(dy, (value, i) => value * step.arrays.factor[i % step.arrays.factor.length]),
};

function moments(x, eps) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return { mean, inverse: 1 / Math.sqrt(variance + eps) };
}
const layerNorm = {
  forward: (step, x) => byPlace(step, x, (part) => {
    const { mean, inverse } = moments(part, step.numbers.eps), { scale, shift } = step.arrays;
    return part.map((value, c) => scale[c] * (value - mean) * inverse + shift[c]);
  }),
  backward: (step, x, y, dy) => byPlace(step, x, (part, start) => {
    const { mean, inverse } = moments(part, step.numbers.eps), n = part.length;
    const g = part.map((_, c) => dy[start + c] * step.arrays.scale[c]);
    const normalised = part.map((value) => (value - mean) * inverse);
    const meanOfG = g.reduce((sum, value) => sum + value, 0) / n;
    const meanOfBoth = g.reduce((sum, value, c) => sum + value * normalised[c], 0) / n;
    return g.map((value, c) => (value - meanOfG - normalised[c] * meanOfBoth) * inverse);
  }),
};
function byPlace(step, x, change) {
  const result = new Float32Array(x.length), channels = step.arrays.scale.length;
  for (let start = 0; start < x.length; start += channels)
    result.set(change(Array.from(x.subarray(start, start + channels)), start), start);
  return result;
}

// Call visit(places of the window in x, place in y) for each window of a pool and each channel.
function eachPool(step, visit) {
  const [, width, channels] = step.input, [rows, columns] = step.shape, k = step.numbers.kernel;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) for (let c = 0; c < channels; c++) {
    const places = [];
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++)
      places.push(((i * k + a) * width + j * k + b) * channels + c);
    visit(places, (i * columns + j) * channels + c);
  }
}
const largest = (x, places) => places.reduce((best, place) => (x[place] > x[best] ? place : best));
const maxPool = {
  forward(step, x) {
    const y = new Float32Array(sizeOf(step.shape));
    eachPool(step, (places, to) => { y[to] = x[largest(x, places)]; });
    return y;
  },
  backward(step, x, y, dy) {
    const dx = new Float32Array(x.length);
    eachPool(step, (places, to) => { dx[largest(x, places)] += dy[to]; });
    return dx;
  },
};
const averagePool = {
  forward(step, x) {
    const y = new Float32Array(sizeOf(step.shape));
    eachPool(step, (places, to) => { y[to] = places.reduce((sum, place) => sum + x[place], 0) / places.length; });
    return y;
  },
  backward(step, x, y, dy) {
    const dx = new Float32Array(x.length);
    eachPool(step, (places, to) => places.forEach((place) => { dx[place] = dy[to] / places.length; }));
    return dx;
  },
};
const globalAverage = {
  forward(step, x) {
    const channels = step.shape[0], y = new Float64Array(channels);
    x.forEach((value, i) => { y[i % channels] += (value * channels) / x.length; });
    return Float32Array.from(y);
  },
  backward: (step, x, y, dy) => mapped(x, (_, i) => (dy[i % dy.length] * dy.length) / x.length),
};

const activation = ([f, slope]) => ({
  forward: (step, x) => mapped(x, (value) => f(value)),
  backward: (step, x, y, dy) => mapped(dy, (value, i) => value * slope(x[i])),
});

const OPERATIONS = {
  flatten: { forward: (step, x) => x, backward: (step, x, y, dy) => dy },
  scale: {
    forward: (step, x) => mapped(x, (value) => value * step.numbers.factor),
    backward: (step, x, y, dy) => mapped(dy, (value) => value * step.numbers.factor),
  },
  linear, convolution, affine,
  layer_norm: layerNorm, max_pool: maxPool, average_pool: averagePool, global_average: globalAverage,
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([name, both]) => [name, activation(both)])),
};
