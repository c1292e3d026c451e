// The data of the page, and small images cut out of a sheet that holds many.

const data = JSON.parse($("data").textContent);
const NOUN = data.vectors ? "sample" : "image";
const className = (label) => data.classes[label] ?? String(label);
const percent = (share, digits = 2) =>
  share === null ? "-" : `${(100 * share).toFixed(digits)} %`;
const thousands = (n) => n.toLocaleString("en");

class Sheet {
  constructor({ address, columns, width, height }) {
    Object.assign(this, { columns, width, height });
    this.image = new Image();
    this.image.src = address;
    this.ready = this.image.decode();
  }

  // Image `i` as a canvas of its own pixels; CSS enlarges it. `label` is what a screen reader says.
  tile(i, label) {
    const { width, height } = this;
    const canvas = el("canvas", { width, height, role: "img", "aria-label": label });
    const [x, y] = [(i % this.columns) * width, Math.floor(i / this.columns) * height];
    this.ready.then(() =>
      canvas.getContext("2d").drawImage(this.image, x, y, width, height, 0, 0, width, height),
    );
    return canvas;
  }
}

const cell = (tag, text, attributes = {}) => el(tag, attributes, text);
const numberCell = (text) => cell("td", text, { class: "number" });
const head = (...names) =>
  el(
    "thead",
    {},
    el(
      "tr",
      {},
      ...names.map(([name, isNumber]) =>
        el("th", { scope: "col", class: isNumber ? "number" : null }, name),
      ),
    ),
  );
const facts = (host, values) =>
  host.replaceChildren(
    ...Object.entries(values).map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, String(value))),
    ),
  );
