// The layers and what each costs, and the weights of the first one as images.

function drawNetwork() {
  const { input, rows, parameters, flops, memory } = data.network;
  const largest = (name) => Math.max(1, most(rows.map((row) => row[name])));
  const [ofParameters, ofFlops, ofMemory] = ["parameters", "flops", "memory"].map(largest);
  const line = ({ name, depth, shape, ...costs }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, "\u2003".repeat(depth) + name),
      el("td", {}, shape.join(" × ")),
      costCell(costs.parameters, ofParameters, thousands),
      costCell(costs.flops, ofFlops, thousands),
      costCell(costs.memory, ofMemory, bytes),
    );
  const total = el(
    "tr",
    {},
    el("th", { scope: "row" }, "total"),
    el("td", {}, `from ${input.join(" × ")}`),
    ...[thousands(parameters), thousands(flops), bytes(memory)].map(numberCell),
  );
  $("network").append(
    head(["layer"], ["output"], ["parameters", true], ["FLOPs", true], ["memory", true]),
    el("tbody", {}, ...rows.map(line), total),
  );
}

function costCell(value, largest, text) {
  const bar = el("span", { class: "bar" });
  bar.style.width = `${Math.max(value ? 1 : 0, Math.round((70 * value) / largest))}px`;
  return el(
    "td",
    { class: "number bar-cell" },
    value ? el("span", {}, text(value)) : null,
    value ? bar : null,
  );
}
const bytes = (n) =>
  n < 1024
    ? `${n} B`
    : n < 1 << 20
      ? `${(n / 1024).toFixed(1)} KiB`
      : `${(n / (1 << 20)).toFixed(1)} MiB`;

function drawFilters() {
  $("filters-card").hidden = !data.filters;
  if (!data.filters) return;
  const { layer, count: all, norms, units } = data.filters;
  const sheet = new Sheet(data.filters.sheet);
  $("filters").append(
    ...units.map((unit, i) =>
      el(
        "figure",
        { class: "tile" },
        sheet.tile(i, `weights of unit ${unit}, norm ${number(norms[i])}`),
        el("figcaption", { class: "soft" }, `${unit}`),
      ),
    ),
  );
  const shown = units.length < all ? `the ${units.length} of ${all} units` : `all ${all} units`;
  $("filters-note").textContent =
    `Weights of ${layer}, ${shown} with the largest first. Grey is 0; each image has its own scale.`;
}
