// Gradient x pixel: how much each pixel speaks for a class, compared with black.

function saliency(network, pixels) {
  const { logits, trace } = network.run(pixels), channels = data.inputs.shape[2];
  const gradient = network.gradient(trace, argmax(logits));
  const sums = new Float32Array(pixels.length / channels);
  gradient.forEach((slope, i) => { sums[Math.floor(i / channels)] += slope * pixels[i]; });
  return sums;
}
function drawSaliency(canvas, network, pixels) {
  const [height, width] = data.inputs.shape, values = pixels ? saliency(network, pixels) : new Float32Array(height * width);
  drawMaps(canvas, { shape: [height, width, 1] }, values);
  canvas.style.width = "";
}
