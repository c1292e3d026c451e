// Where one number comes from: kernel x patch for a convolution, weight x input for a neuron.

const SHOWN = 8; // terms with the largest contribution
const rounded = (value) => String(Number(value.toPrecision(3))).replace("-", "\u2212");

// The parts of the sum behind a number of a convolution, one for each channel of the input.
function termsOfConvolution(step, x, place) {
  const [height, width, channels] = step.input, filters = step.shape[2], { stride, padding } = step.numbers;
  const k = Math.round(Math.sqrt(step.arrays.weight.length / (channels * filters)));
  return Array.from({ length: channels }, (_, channel) => {
    const patch = new Float32Array(k * k), kernel = new Float32Array(k * k);
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) {
      const u = place.i * stride + a - padding, v = place.j * stride + b - padding;
      const isInside = u >= 0 && v >= 0 && u < height && v < width;
      patch[a * k + b] = isInside ? x[(u * width + v) * channels + channel] : 0;
      kernel[a * k + b] = step.arrays.weight[((a * k + b) * channels + channel) * filters + place.c];
    }
    const value = patch.reduce((total, one, i) => total + one * kernel[i], 0);
    return { name: `channel ${channel}`, patch, kernel, side: k, value };
  });
}
function termsOfLinear(step, x, place) {
  const outputs = step.shape[0];
  return Array.from(x, (input, i) => ({
    name: `input ${i}`, input, weight: step.arrays.weight[i * outputs + place.c],
    value: input * step.arrays.weight[i * outputs + place.c],
  }));
}

function square(values, side) {
  const canvas = el("canvas", { role: "img", "aria-label": Array.from(values, rounded).join(", ") });
  const most = magnitude(values), bytes = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => bytes.set(colourOf(value, most), 4 * i));
  put(canvas, bytes, side, side);
  canvas.style.width = canvas.style.height = `${Math.max(36, 9 * side)}px`;
  return canvas;
}
function nodeOf(term) {
  const parts = term.patch
    ? [square(term.kernel, term.side), "×", square(term.patch, term.side)]
    : [`${rounded(term.weight)} × ${rounded(term.input)}`];
  return el("div", { class: "term" }, `${term.name}:`, ...parts, `= ${rounded(term.value)}`);
}

// What to show for a number: a sentence, and the largest terms of its sum.
function explained(step, { x, y }, place) {
  const value = y[indexOf(step, place)];
  const where = step.shape.length === 3 ? `map ${place.c}, row ${place.i}, column ${place.j}` : `number ${place.c}`;
  const head = `${step.name}, ${where}: `;
  if (!step.arrays.weight) {
    const before = sizeOf(step.input) === sizeOf(step.shape) ? `, from ${rounded(x[indexOf(step, place)])}` : "";
    return { value, text: `${head}${rounded(value)}${before}`, terms: [] };
  }
  const terms = (step.kind === "linear" ? termsOfLinear : termsOfConvolution)(step, x, place);
  const bias = step.arrays.bias?.[place.c] ?? 0;
  const largest = [...terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, SHOWN);
  const rest = terms.reduce((total, term) => total + term.value, 0) - largest.reduce((total, term) => total + term.value, 0);
  const others = terms.length > SHOWN ? ` + ${rounded(rest)} from ${terms.length - SHOWN} others` : "";
  const how = step.kind === "linear" ? "weight × input" : "kernel × patch";
  const biased = step.arrays.bias ? ` + bias ${rounded(bias)}` : "";
  return { value, text: `${head}the sum of ${how}${others}${biased} = ${rounded(value)}`, terms: largest };
}
function inspect(step, result, place) {
  const { text, terms } = explained(step, result, place);
  $("inspection").replaceChildren(el("div", {}, text), el("div", { class: "terms" }, ...terms.map(nodeOf)));
}
