// An image with other proportions in the network's size: see scratchnet/data/fit.py.

const FITS = { crop: cropped, pad: onGround, stretch: stretched };

// Bytes (height, width, channels) in the size of the dataset's images.
function fitted(values, height, width) {
  const [rows, columns, channels] = data.inputs.shape;
  if (height === rows && width === columns) return values;
  return FITS[data.inputs.fit ?? "stretch"](values, [height, width, channels], [rows, columns]);
}

function stretched(values, shape, size) {
  return resized(values, shape, size, { isBytes: true });
}

// Scaled until it covers the size, then cut to its middle.
function cropped(values, [height, width, channels], [rows, columns]) {
  const isWide = width / height >= columns / rows;
  const [w, h] = isWide ? [(height * columns) / rows, height] : [width, (width * rows) / columns];
  const [left, top] = [(width - w) / 2, (height - h) / 2];
  const box = [left, top, left + w, top + h];
  return resized(values, [height, width, channels], [rows, columns], { box, isBytes: true });
}

// Scaled until it fits in, on the background.
function onGround(values, [height, width, channels], [rows, columns]) {
  const scale = Math.min(rows / height, columns / width);
  const [h, w] = [height, width].map((length) => Math.round(scale * length));
  const inner = stretched(values, [height, width, channels], [h, w]);
  const { background } = data.inputs, ground = channels === 1 ? [luma(background)] : background;
  const result = Float32Array.from({ length: rows * columns * channels }, (_, i) => ground[i % channels]);
  const [top, left] = [Math.round((rows - h) / 2), Math.round((columns - w) / 2)], row = w * channels;
  for (let y = 0; y < h; y++)
    result.set(inner.subarray(y * row, (y + 1) * row), ((top + y) * columns + left) * channels);
  return result;
}
