// Test images: mistakes, hits that were hardly any, rows of each class, or those of a chosen pair.

const KINDS = {
  mistakes: "most confident mistakes",
  hits: "least certain hits",
  rows: "each class",
};
const AT_FIRST = 60; // images
const gallery = { kind: "mistakes", sheet: null };

function makeGallery() {
  const { sheet, kinds } = data.test.gallery;
  if (sheet) gallery.sheet = new Sheet(sheet);
  $("gallery-title").textContent = `Test ${NOUN}s`;
  if (!kinds.mistakes.length) gallery.kind = "hits";
  drawGallery();
}

function drawGallery() {
  const { entries, kinds } = data.test.gallery,
    pair = confusion.chosen;
  redraw($("kinds"), () => $("kinds").replaceChildren(...Object.keys(KINDS).map(kindButton)));
  if (pair) {
    const shown = entries
      .map((_, i) => i)
      .filter((i) => entries[i].label === pair.label && entries[i].prediction === pair.prediction)
      .sort((a, b) => entries[b].probability - entries[a].probability);
    const total = pairCount(pair);
    $("gallery-note").textContent =
      `${className(pair.label)} taken for ${className(pair.prediction)}: ${shown.length < total ? `${shown.length} of ` : ""}${count(total, NOUN)}.`;
    return $("gallery").replaceChildren(tiles(shown));
  }
  const shown = kinds[gallery.kind];
  if (gallery.kind === "rows") return drawRows(shown);
  const all = gallery.kind === "mistakes" ? data.test.wrong : data.test.images - data.test.wrong;
  $("gallery-note").textContent =
    shown.length < all
      ? `${thousands(shown.length)} of ${thousands(all)}.`
      : `All ${thousands(all)}.`;
  $("gallery").replaceChildren(tiles(shown));
}

const pairCount = ({ label, prediction }) =>
  data.test.mistakes.counts?.[label][prediction] ??
  data.test.mistakes.pairs.find((one) => one.label === label && one.prediction === prediction)
    .count;

function kindButton(kind) {
  const isShown = !confusion.chosen && gallery.kind === kind;
  const onclick = () => {
    gallery.kind = kind;
    choosePair(null);
  };
  return el(
    "button",
    { type: "button", "aria-pressed": String(isShown), "data-focus": kind, onclick },
    KINDS[kind],
  );
}

function drawRows(shown) {
  $("gallery-note").textContent = `Some of each class, evenly spaced over the test ${NOUN}s.`;
  const { entries } = data.test.gallery;
  const labels = [...new Set(shown.map((i) => entries[i].label))];
  $("gallery").replaceChildren(
    ...labels.map((label) =>
      el(
        "div",
        { class: "row" },
        el("h3", {}, className(label)),
        tiles(shown.filter((i) => entries[i].label === label)),
      ),
    ),
  );
}

// The first images, and a button for the others.
function tiles(shown) {
  const host = el("div", { class: "tiles" }, ...shown.slice(0, AT_FIRST).map(tile));
  if (shown.length <= AT_FIRST) return host;
  const onclick = () => {
    const others = shown.slice(AT_FIRST).map(tile);
    host.lastChild.replaceWith(...others);
    others[0].tabIndex = -1; // where the reader was goes on
    others[0].focus({ preventScroll: true });
  };
  host.append(el("button", { type: "button", onclick }, `show ${shown.length - AT_FIRST} more`));
  return host;
}

function tile(i) {
  const one = data.test.gallery.entries[i],
    isHit = one.label === one.prediction;
  const [label, prediction] = [className(one.label), className(one.prediction)];
  const text = `${NOUN} ${one.image}: ${label}, predicted ${prediction}`;
  const said = (name, share, kind) =>
    el("div", { class: kind }, `${shortened(name, 18)} ${percent(share, 1)}`);
  return el(
    "figure",
    { class: "tile" },
    gallery.sheet ? gallery.sheet.tile(i, text) : null,
    el(
      "figcaption",
      {},
      isHit ? null : said(prediction, one.probability, "wrong"),
      said(label, one.label_probability, null),
      el("div", { class: "soft" }, `${NOUN} ${one.image}`),
    ),
  );
}
