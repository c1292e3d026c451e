// Resizing with a filter that is widened to the scale, as Pillow does it.

const LANCZOS = {
  reach: 3,
  weight(x) {
    if (x === 0) return 1;
    if (Math.abs(x) >= 3) return 0;
    const t = Math.PI * x;
    return (3 * Math.sin(t) * Math.sin(t / 3)) / (t * t);
  },
};
const BOX = { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };

// For each of `count` pixels on the new axis: the first old one it depends on, and their weights.
// The new axis covers the old one from `start` to `end`, in pixels.
function filters(kernel, length, count, start, end) {
  const scale = (end - start) / count, wide = Math.max(scale, 1), support = kernel.reach * wide;
  return Array.from({ length: count }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(length, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: last - first }, (_, j) => kernel.weight((first + j - centre + 0.5) / wide));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

// An image (height, width, channels) in another size; `box` is the part of it to use: left, top,
// right, bottom. Bytes stay whole numbers from 0 to 255 after each of the two passes.
function resized(values, [height, width, channels], [rows, columns], { kernel = LANCZOS, box, isBytes = false } = {}) {
  const [left, top, right, bottom] = box ?? [0, 0, width, height];
  const finish = isBytes ? (value) => Math.min(255, Math.max(0, Math.floor(value + 0.5))) : (value) => value;
  const across = filters(kernel, width, columns, left, right), down = filters(kernel, height, rows, top, bottom);
  const narrow = new Float32Array(height * columns * channels);
  for (let y = 0; y < height; y++) across.forEach(({ first, weights }, x) => {
    for (let c = 0; c < channels; c++) {
      const value = weights.reduce((sum, weight, i) => sum + weight * values[(y * width + first + i) * channels + c], 0);
      narrow[(y * columns + x) * channels + c] = finish(value);
    }
  });
  const result = new Float32Array(rows * columns * channels), row = columns * channels;
  down.forEach(({ first, weights }, y) => {
    for (let x = 0; x < row; x++) {
      const value = weights.reduce((sum, weight, i) => sum + weight * narrow[(first + i) * row + x], 0);
      result[y * row + x] = finish(value);
    }
  });
  return result;
}
