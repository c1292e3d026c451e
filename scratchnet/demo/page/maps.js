// Numbers as images: pixels as they are, others in blue (positive) and orange (negative).

const DARK = matchMedia("(prefers-color-scheme: dark)");
const SIGNS = { light: [[0, 114, 178], [213, 94, 0]], dark: [[74, 168, 232], [255, 139, 69]] };

// Draw pixels of the dataset, (height, width, channels), one canvas pixel each.
function drawPixels(canvas, pixels) {
  const [height, width, channels] = data.inputs.shape, bytes = new Uint8ClampedArray(4 * height * width).fill(255);
  for (let i = 0; i < height * width; i++)
    for (let c = 0; c < 3; c++)
      bytes[4 * i + c] = pixels ? (255 * pixels[i * channels + Math.min(c, channels - 1)]) / data.inputs.pixel_max : 0;
  put(canvas, bytes, width, height);
}
function put(canvas, bytes, width, height) {
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(new ImageData(bytes, width, height), 0, 0);
}

// The colour of a number as RGBA bytes, where `most` is the largest magnitude: transparent at 0.
function colourOf(value, most) {
  const [positive, negative] = SIGNS[DARK.matches ? "dark" : "light"];
  return [...(value < 0 ? negative : positive), most ? (255 * Math.abs(value)) / most : 0];
}
const magnitude = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

// How the numbers of a step are laid out: `count` tiles of `height` x `width`, `across` in a row,
// each number a square of `zoom` pixels, as many as fit into the page.
const TILE = 40, NUMBER = 11; // pixels of a map, and at most those of a number
function layoutOf(step) {
  const [height, width, count] = step.shape.length === 3 ? step.shape : [1, 1, step.shape[0]];
  const isVector = height * width === 1, gap = isVector ? 0 : 1;
  const zoom = isVector ? NUMBER : Math.min(8, Math.max(1, Math.round(TILE / height)));
  const fitting = Math.floor($("layers").clientWidth / (zoom * (width + gap)));
  const across = Math.min(count, Math.max(1, fitting));
  return { height, width, count, across, gap, zoom, rows: Math.ceil(count / across) };
}
// Draw the output of a step: all its maps side by side, or all numbers of a vector as squares.
function drawMaps(canvas, step, y) {
  const { height, width, count, across, gap, zoom, rows } = layoutOf(step), most = magnitude(y);
  const [w, h] = [across * (width + gap), rows * (height + gap)];
  const bytes = new Uint8ClampedArray(4 * w * h);
  for (let c = 0; c < count; c++) {
    const left = (c % across) * (width + gap), top = Math.floor(c / across) * (height + gap);
    for (let i = 0; i < height; i++) for (let j = 0; j < width; j++)
      bytes.set(colourOf(y[(i * width + j) * count + c], most), 4 * ((top + i) * w + left + j));
  }
  put(canvas, bytes, w, h);
  canvas.style.width = `${zoom * w}px`;
}
// The place in a step's output that lies under a point of its canvas; null between the maps.
function placeAt(step, x, y) {
  const { height, width, count, across, gap } = layoutOf(step);
  const [i, j] = [Math.floor(y) % (height + gap), Math.floor(x) % (width + gap)];
  const c = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
  return c < count && i < height && j < width ? { i, j, c } : null;
}
const indexOf = (step, { i, j, c }) => (i * layoutOf(step).width + j) * layoutOf(step).count + c;
