// Images of a single thing in the form of a dataset: see scratchnet/data/preparation.py.

const WORKING = 512, CLOSE = 0.08, SHAPED = 1.1, FAINT = 0.05;

// A grey image as values (bytes or 0 to 1) with its size.
const picture = (values, height, width) => ({ values, height, width });

// The ink, light on black and framed, 0 to 1; null if the image is blank.
function framedInk(bytes, height, width) {
  const small = workingSize(bytes, height, width), { shape, framing } = data.inputs;
  const ink = findInk(small.values, small.height, small.width);
  if (!ink) return null;
  const near = spread({ ...small, values: ink.mask }); // with the soft edges of what is strong
  const cleaned = { ...small, values: mapped(ink.amount, (amount, i) => (near[i] ? amount : 0)) };
  if (liesWell(cleaned, framing, shape)) {
    const isChanged = ink.isDark || ink.isUneven;
    const whole = smooth({ ...small, values: isChanged ? ink.amount : small.values }, shape);
    return isChanged ? strengthened(whole) : whole;
  }
  return strengthened(placed(framing.stroke ? thickened(cleaned, framing.stroke) : cleaned, framing, shape));
}
function strengthened(values) {
  const most = range(values)[1];
  return mapped(values, (value) => value / most);
}
function workingSize(bytes, height, width) {
  const scale = WORKING / Math.max(height, width);
  const toUnit = (values) => mapped(values, (value) => value / 255);
  if (scale >= 1) return picture(toUnit(bytes), height, width);
  const size = [height, width].map((length) => Math.max(1, Math.round(scale * length)));
  const small = resized(bytes, [height, width, 1], size, { kernel: BOX, isBytes: true });
  return picture(toUnit(small), ...size);
}

// Whether the ink has about the size and place that it has in the dataset's images.
function liesWell(ink, framing, shape) {
  const ratio = (ink.height * shape[1]) / (ink.width * shape[0]);
  if (ratio <= 1 / SHAPED || ratio >= SHAPED) return false;
  const { top, bottom, left, right } = bounds(ink);
  const longer = Math.max((bottom - top) / ink.height, (right - left) / ink.width);
  const middle = framing.centre_of_mass
    ? centreOf(ink.values, ink.height, ink.width) : [(top + bottom) / 2, (left + right) / 2];
  const off = Math.max(Math.abs(middle[0] / ink.height - 0.5), Math.abs(middle[1] / ink.width - 0.5));
  return Math.abs(longer - framing.box) < CLOSE && off < CLOSE;
}
function bounds({ values, height, width }) {
  const least = FAINT * range(values)[1], rows = [], columns = [];
  values.forEach((value, i) => {
    if (value > least) { rows.push(Math.floor(i / width)); columns.push(i % width); }
  });
  const [[top, bottom], [left, right]] = [range(rows), range(columns)];
  return { top, bottom: bottom + 1, left, right: right + 1 };
}

// The ink cropped, scaled to the box, and moved to its place in an image of the dataset's size.
function placed(ink, framing, [rows, columns]) {
  const { top, bottom, left, right } = bounds(ink), crop = [bottom - top, right - left];
  const values = Float32Array.from({ length: crop[0] * crop[1] }, (_, i) =>
    ink.values[(top + Math.floor(i / crop[1])) * ink.width + left + (i % crop[1])]);
  const scale = (framing.box * Math.min(rows, columns)) / Math.max(...crop);
  const [height, width] = crop.map((length) => Math.max(1, even(scale * length)));
  const thing = smooth(picture(values, ...crop), [height, width]);
  const middle = framing.centre_of_mass ? centreOf(thing, height, width) : [height / 2, width / 2];
  const [first, start] = [[rows, height, middle[0]], [columns, width, middle[1]]].map(([length, own, place]) =>
    Math.min(Math.max(0, even(length / 2 - place)), length - own));
  const result = new Float32Array(rows * columns);
  for (let y = 0; y < height; y++) result.set(thing.subarray(y * width, (y + 1) * width), (first + y) * columns + start);
  return result;
}
// Rounded as Python does it: halves to the even number.
function even(value) {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}
function smooth({ values, height, width }, [rows, columns]) {
  if (height === rows && width === columns) return values;
  return resized(values, [height, width, 1], [rows, columns]).map((value) => Math.min(1, Math.max(0, value)));
}

// The same ink, with lines at least `least` of their longer side wide.
function thickened(ink, least) {
  const { height, width } = ink, strong = range(ink.values)[1] / 4;
  const is = (row, column) => row >= 0 && column >= 0 && row < height && column < width && ink.values[row * width + column] > strong;
  let area = 0, edge = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    if (!is(y, x)) continue;
    area++;
    if (!(is(y - 1, x) && is(y + 1, x) && is(y, x - 1) && is(y, x + 1))) edge++;
  }
  const { top, bottom, left, right } = bounds(ink);
  const missing = least * Math.max(bottom - top, right - left) - (2 * area) / edge; // a line has two edges
  if (missing < 1) return ink;
  const rings = even(missing / 2);
  let thicker = padded(ink, rings);
  for (let ring = 0; ring < rings; ring++) thicker = { ...thicker, values: spread(thicker) };
  return thicker;
}
function padded({ values, height, width }, by) {
  const wide = width + 2 * by, result = new Float32Array((height + 2 * by) * wide);
  for (let y = 0; y < height; y++) result.set(values.subarray(y * width, (y + 1) * width), (y + by) * wide + by);
  return picture(result, height + 2 * by, wide);
}
// The largest value of each pixel and its eight neighbours.
function spread({ values, height, width }) {
  const across = mapped(values, (value, i) => Math.max(
    value, i % width ? values[i - 1] : 0, (i + 1) % width ? values[i + 1] : 0));
  return mapped(across, (value, i) => Math.max(value, across[i - width] ?? 0, across[i + width] ?? 0));
}
