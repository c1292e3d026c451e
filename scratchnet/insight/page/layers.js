// What each layer did over the epochs: maps of its outputs and gradients, dead units, updates.

const layers = { updates: null, dead: null };

function makeLayers() {
  $("layers-card").hidden = !data.layers;
  if (!data.layers) return;
  layers.updates = new LineChart($("updates"), {
    name: "update",
    label: "update / weights",
    height: 260,
  });
  layers.dead = new LineChart($("dead"), { name: "dead_error", label: "dead units", height: 260 });
  drawLayers();
}

function drawLayers() {
  if (!data.layers) return;
  const { epochs, mapped, activations, weights, decades } = data.layers;
  const x = { label: "epoch", whole: true };
  const shares = ({ dead, units }) => dead.map((n) => n / units);
  for (const [name, some, log] of [
    ["updates", series(weights, ({ update }) => update, epochs), true],
    ["dead", series(activations, shares, epochs), false],
  ]) {
    layers[name].show(some, { x, log, all: true });
    $(`${name}-legend`).replaceChildren(
      ...some.map((one) => el("span", {}, chip(one), ` ${one.label}`)),
    );
  }
  $("outputs").replaceChildren(...activations.map((one) => map(one, mapped, outputText(one))));
  $("gradients").replaceChildren(
    ...weights.map((one) => map({ ...one, low: decades[0], high: decades[1] }, mapped, one.layer)),
  );
}

const outputText = ({ layer, units, dead }) =>
  `${layer}: ${dead.at(-1)} of ${count(units, "unit")} dead`;

const series = (some, valuesOf, epochs) =>
  some.map((one, i) => ({
    key: one.layer,
    label: one.layer,
    colour: i % 8,
    pattern: Math.floor(i / 8) % PATTERNS.length,
    points: valuesOf(one).flatMap((y, at) => (y === null ? [] : [{ x: epochs[at], y }])),
  }));

// A column of a map is an epoch, a row a bin, the highest at the top.
function map({ layer, columns, low, high }, epochs, text) {
  const bins = columns[0].length;
  const canvas = el("canvas", {
    width: columns.length,
    height: bins,
    role: "img",
    "aria-label": `${layer}: spread over epochs ${epochs[0]} to ${epochs.at(-1)}, from ${number(low)} to ${number(high)}`,
  });
  const context = canvas.getContext("2d");
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--c0");
  columns.forEach((column, x) =>
    column.forEach((dark, i) => {
      context.globalAlpha = Math.sqrt(dark / 255); // few are seen, too
      context.fillStyle = colour;
      context.fillRect(x, bins - 1 - i, 1, 1);
    }),
  );
  return el(
    "figure",
    { class: "map" },
    el("div", {}, canvas, el("span", {}, number(high)), el("span", {}, number(low))),
    el("figcaption", {}, text),
  );
}
