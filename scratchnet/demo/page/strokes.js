// From pen strokes to an image as MNIST's were made: scaled to a box, redrawn with lines of one
// width and soft edges, and moved until the centre of mass is in the middle.

const LINE = 0.115; // width of a line, as a share of the box: 2.3 pixels in MNIST's box of 20

// Strokes are lists of [x, y]; the result is the ink of each pixel, 0 to 1, (height, width).
function inkOfStrokes(strokes, [height, width], framing) {
  const points = strokes.flat(), box = framing.box * Math.min(height, width), line = LINE * box;
  const [left, right] = range(points.map(([x]) => x)), [top, bottom] = range(points.map(([, y]) => y));
  const longer = Math.max(right - left, bottom - top), scale = longer > 0 ? (box - line) / longer : 1;
  const placed = (dx, dy) => strokes.map((stroke) => stroke.map(([x, y]) => [
    (x - (left + right) / 2) * scale + width / 2 + dx,
    (y - (top + bottom) / 2) * scale + height / 2 + dy,
  ]));
  const first = covered(placed(0, 0), height, width, line / 2);
  if (!framing.centre_of_mass) return first;
  const [row, column] = centreOf(first, height, width);
  return covered(placed(width / 2 - column, height / 2 - row), height, width, line / 2);
}
const range = (values) => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];

// How much of each pixel lies within `radius` of the strokes: 1 inside, falling to 0 over a pixel.
function covered(strokes, height, width, radius) {
  const ink = new Float32Array(height * width);
  for (const stroke of strokes) stroke.forEach((end, i) => {
    const start = stroke[Math.max(i - 1, 0)], reach = radius + 1;
    const [x0, x1] = range([start[0], end[0]]), [y0, y1] = range([start[1], end[1]]);
    for (let y = Math.max(0, Math.floor(y0 - reach)); y < Math.min(height, y1 + reach); y++)
      for (let x = Math.max(0, Math.floor(x0 - reach)); x < Math.min(width, x1 + reach); x++) {
        const amount = radius + 0.5 - distance(x + 0.5, y + 0.5, start, end);
        ink[y * width + x] = Math.max(ink[y * width + x], Math.min(1, amount));
      }
  });
  return ink;
}
function distance(x, y, [x0, y0], [x1, y1]) {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const share = length ? Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length)) : 0;
  return Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
}

// The centre of mass: row and column, where the first pixel is 0.
function centreOf(ink, height, width) {
  let total = 0, row = 0, column = 0;
  ink.forEach((amount, i) => {
    total += amount;
    row += amount * Math.floor(i / width);
    column += amount * (i % width);
  });
  return [row / total, column / total];
}
