// The proof that this page computes what NumPy does: the same logits for the test images it carries.

const pixelsOf = (example) => Float32Array.from(bytesOf(example.pixels));

function largestDifference(network, name) {
  return data.examples.reduce((most, example) => {
    const { logits } = network.run(pixelsOf(example));
    return Math.max(most, ...example[name].map((expected, k) => Math.abs(expected - logits[k])));
  }, 0);
}
function showCheck(network) {
  const same = largestDifference(network, "logits"), original = largestDifference(network, "logits_unrounded");
  const count = data.examples.length;
  Object.assign($("check").dataset, { difference: same, unrounded: original });
  $("check").textContent = `For the ${count} test images above, the logits of this page differ from those of NumPy `
    + `by at most ${same.toExponential(1)}, and by at most ${original.toExponential(1)} from those of the weights `
    + "as they were trained, before they were rounded for this page.";
  const { type, accuracy, unrounded_accuracy: before, images } = data.rounding;
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  const width = { float16: "float16", int8: "8 bits", int3: "3 bits" }[type];
  $("rounding").textContent = `Weights are rounded to ${width}: on the ${images.toLocaleString("en")} test images `
    + `the accuracy is ${percent(accuracy)}, where it was ${percent(before)} before.`;
}
