// The convolution of one image, and its derivative with respect to the image.
// Images are (height, width, channels), kernels (k, k, channels in, channels out), row by row.

// Call visit(place in x, place in the kernel, place in y) for each pixel, with the channels to be
// added: x[place + c], weight[place + c * filters + f], y[place + f].
function eachWindow(step, visit) {
  const [height, width, channels] = step.input, [rows, columns, filters] = step.shape;
  const { stride, padding } = step.numbers;
  const k = Math.round(Math.sqrt(step.arrays.weight.length / (channels * filters)));
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++)
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) {
      const u = i * stride + a - padding, v = j * stride + b - padding;
      if (u < 0 || v < 0 || u >= height || v >= width) continue;
      visit((u * width + v) * channels, (a * k + b) * channels * filters, (i * columns + j) * filters);
    }
}

const convolution = {
  forward(step, x) {
    const { weight, bias } = step.arrays, channels = step.input[2], filters = step.shape[2];
    const y = new Float64Array(sizeOf(step.shape));
    if (bias) for (let i = 0; i < y.length; i++) y[i] = bias[i % filters];
    eachWindow(step, (from, kernel, to) => {
      for (let c = 0; c < channels; c++) {
        const value = x[from + c], row = kernel + c * filters;
        if (value !== 0) for (let f = 0; f < filters; f++) y[to + f] += value * weight[row + f];
      }
    });
    return Float32Array.from(y);
  },
  backward(step, x, y, dy) {
    const { weight } = step.arrays, channels = step.input[2], filters = step.shape[2];
    const dx = new Float64Array(x.length);
    eachWindow(step, (from, kernel, to) => {
      for (let c = 0; c < channels; c++) {
        const row = kernel + c * filters;
        let sum = 0;
        for (let f = 0; f < filters; f++) sum += dy[to + f] * weight[row + f];
        dx[from + c] += sum;
      }
    });
    return Float32Array.from(dx);
  },
};
