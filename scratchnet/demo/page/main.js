// Everything follows what is drawn.

let network, random, layers; // once the weights are unpacked
const { classes } = data.inputs;

const bars = classes.map((name) => {
  const bar = el("meter", { min: 0, max: 1, "aria-label": name }), share = el("span");
  const row = el("li", {}, el("span", { title: name }, name), bar, share);
  $("classes").append(row);
  return { row, bar, share };
});

function showClasses(logits) {
  const shares = logits ? softmax(logits) : classes.map(() => 0), best = logits ? argmax(shares) : -1;
  bars.forEach(({ row, bar, share }, k) => {
    bar.value = shares[k];
    share.textContent = logits ? `${(100 * shares[k]).toFixed(2)} %` : "";
    row.classList.toggle("first", k === best);
  });
  $("answer").textContent = logits ? classes[best] : "";
}

let shown = null; // the pixels on the page
function show(pixels) {
  shown = pixels;
  if (!network) return;
  const result = pixels && network.run(pixels);
  drawPixels($("seen"), pixels);
  showClasses(result?.logits);
  layers.update(result?.trace ?? null);
  drawSaliency($("saliency-trained"), network, pixels);
  drawSaliency($("saliency-random"), random, pixels);
}

let waiting = false;
const pad = new Pad(() => {
  release();
  if (waiting) return;
  waiting = true; // once for each frame, however many points it brings
  requestAnimationFrame(() => { waiting = false; show(pad.pixels()); });
});

const examples = data.examples.map((example) => {
  const canvas = el("canvas");
  drawPixels(canvas, pixelsOf(example));
  const isWrong = argmax(example.logits) !== example.label;
  const name = `Test image ${example.position}: ${classes[example.label]}${isWrong ? ", mistaken" : ""}`;
  const button = el("button", { type: "button", title: name, "aria-label": name, "aria-pressed": "false", onclick: () => {
    pad.forget();
    release();
    button.setAttribute("aria-pressed", "true");
    show(pixelsOf(example));
  } }, canvas);
  button.classList.toggle("wrong", isWrong);
  if (isWrong) $("mistakes").hidden = false;
  $("examples").append(button);
  return button;
});
function release() { for (const button of examples) button.setAttribute("aria-pressed", "false"); }

append($("undo"), { onclick: () => pad.undo() }, []);
append($("clear"), { onclick: () => pad.clear() }, []);
append($("save"), { onclick: () => save(pad) }, []);
$("colour-label").hidden = data.inputs.shape[2] === 1;
$("about").textContent = data.about;
$("pen").value = Math.max(6, Math.round(96 / Math.min(...data.inputs.shape.slice(0, 2)))); // thick for few pixels
listenForImages(pad);
DARK.addEventListener("change", () => show(shown));

async function start() {
  const steps = await withArrays(data.steps, data.inputs.shape);
  [network, random] = [new Network(steps), new Network(shuffled(steps))];
  layers = new Layers(network);
  showCheck(network);
  show(shown);
}
const ready = start().catch((error) => { // such as a browser from before 2023
  $("hint").textContent = `This browser cannot unpack the network: ${error.message}`;
  throw error;
});
