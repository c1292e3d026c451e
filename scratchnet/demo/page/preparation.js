// From any image to the pixels that the network was trained on, as `predict` does it.

// The channels of an image of RGBA bytes, put on the background where it is transparent.
function opaque(rgba, channels, [red, green, blue]) {
  const count = rgba.length / 4, values = new Float32Array(count * channels);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[4 * i + 3] / 255;
    const rgb = [red, green, blue].map((ground, c) =>
      Math.round(alpha * rgba[4 * i + c] + (1 - alpha) * ground));
    if (channels === 1) values[i] = luma(rgb);
    else values.set(rgb, 3 * i);
  }
  return values;
}
// ITU-R BT.601, in the whole numbers that Pillow uses.
const luma = ([red, green, blue]) => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

// Bytes from 0 to 255 in the range that the dataset's pixels have.
const inRange = (values) => mapped(values, (value) => Math.round((value * data.inputs.pixel_max) / 255));

// Behind transparent pixels: what shows best, if a thing is to be found, else the run's background.
function groundBehind(rgba) {
  if (!data.inputs.framing) return data.inputs.background;
  let [sum, count] = [0, 0];
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i + 3]) {
    sum += luma(rgba.subarray(i, i + 3));
    count++;
  }
  return count && sum / count > 127 ? [0, 0, 0] : [255, 255, 255];
}

// The pixels of an image of RGBA bytes.
function preparedImage(rgba, height, width) {
  const { shape, framing } = data.inputs, channels = shape[2], ground = groundBehind(rgba);
  const ink = framing && framedInk(opaque(rgba, 1, ground), height, width);
  return ink ? pixelsOfInk(ink) : inRange(fitted(opaque(rgba, channels, ground), height, width));
}

// The pixels of what was drawn.
const preparedStrokes = (strokes) => pixelsOfInk(inkOfStrokes(strokes, data.inputs.shape, data.inputs.framing));

// Ink of 0 to 1 as the dataset has it: light on black, or dark on white.
function pixelsOfInk(ink) {
  const { shape, border, pixel_max: most } = data.inputs, channels = shape[2];
  const isDark = border && border[0] + border[1] > most;
  return Float32Array.from({ length: ink.length * channels }, (_, i) => {
    const light = ink[Math.floor(i / channels)];
    return Math.round((isDark ? 1 - light : light) * most);
  });
}
