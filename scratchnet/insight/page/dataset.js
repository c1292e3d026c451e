// The data of the run: sizes, classes, images that occur twice, samples as the network gets them.

function drawDataset() {
  const { facts: known, sizes, counts, twice, samples } = data.data;
  $("missing").hidden = !data.missing;
  $("missing").textContent =
    `The data could not be loaded, so no images are shown: ${data.missing}`;
  facts($("data-facts"), {
    ...Object.fromEntries(Object.entries(sizes).map(([name, n]) => [name, thousands(n)])),
    ...known,
  });
  if (counts) drawCounts(counts);
  drawTwice(twice);
  if (samples) drawSamples(samples);
}

function drawCounts(counts) {
  const names = Object.keys(counts);
  const rows = data.classes.map((name, label) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      ...names.map((split) => numberCell(thousands(counts[split][label]))),
    ),
  );
  $("counts").append(
    head(["class"], ...names.map((name) => [name, true])),
    el("tbody", {}, ...rows),
  );
}

function drawTwice(twice) {
  if (!twice) return;
  const n = twice.groups;
  $("twice").textContent = !n
    ? "No image is in two splits."
    : n === 1
      ? "1 image is in more than one split:"
      : `${thousands(n)} images are in more than one split${n > twice.named.length ? `, ${twice.named.length} of them` : ""}:`;
  $("twice-list").append(...twice.named.map((group) => el("li", {}, group.join(", "))));
}

function drawSamples({ sheet: source, labels, augmented }) {
  const sheet = new Sheet(source);
  $("samples-title").hidden = false;
  $("samples-title").textContent = augmented ? "Training images, augmented" : "Training images";
  $("samples").append(
    ...labels.map((label, i) =>
      el(
        "figure",
        { class: "tile" },
        sheet.tile(i, `training image: ${className(label)}`),
        el("figcaption", { class: "soft" }, shortened(className(label), 12)),
      ),
    ),
  );
}

function drawOrigin() {
  const { facts: known, log, siblings, sweep } = data.origin;
  facts($("origin"), known);
  $("log").textContent = log.join("\n");
  const link = (address, text) => el("a", { href: address }, text);
  const links = [
    ...(sweep ? [link(sweep, "its sweep")] : []),
    ...siblings.map(({ name, address }) => link(address, name)),
  ];
  $("siblings").hidden = !links.length;
  if (siblings.length || sweep)
    $("siblings").append(
      siblings.length ? "Beside it, with other seeds: " : "Part of ",
      ...links.flatMap((one, i) => (i ? [", ", one] : [one])),
    );
}
