// The output of every layer as maps; a click or the arrow keys choose a number to explain.

const isNorm = (step) => ["affine", "layer_norm", "scale"].includes(step.kind);

class Layers {
  constructor(network) {
    this.rows = [];
    this.trace = null;
    this.add(network.steps, 0);
    append($("norms"), { onchange: () => this.update(this.trace) }, []);
    window.addEventListener("resize", () => this.update(this.trace));
  }

  add(steps, depth) {
    for (const step of steps) {
      this.add(step.branch, depth + 1);
      this.add(step.shortcut, depth + 1);
      if (step.kind === "flatten") continue;
      const canvas = el("canvas", { tabindex: 0, role: "img", "aria-label": `Output of ${step.name}` });
      const shape = step.shape.join(" × ");
      const title = el("h3", {}, step.name, el("span", {}, `  ${step.kind.replaceAll("_", " ")}, ${shape}`));
      const node = el("div", { class: depth ? "layer inner" : "layer" }, title, canvas);
      const row = { step, canvas, node, chosen: { i: 0, j: 0, c: 0 } };
      this.listen(row);
      this.rows.push(row);
      $("layers").append(node);
    }
  }

  listen(row) {
    const choose = (place) => {
      if (!place || !this.trace) return;
      row.chosen = place;
      this.inspected = row;
      inspect(row.step, this.trace.get(row.step), place);
    };
    append(row.canvas, {
      onclick: (event) => {
        const box = row.canvas.getBoundingClientRect(), scale = row.canvas.width / box.width;
        choose(placeAt(row.step, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale));
      },
      onkeydown: (event) => {
        const moved = movedBy(event.key, row.step, row.chosen);
        if (!moved) return;
        event.preventDefault();
        choose(moved);
      },
    }, []);
  }

  update(trace) {
    this.trace = trace;
    for (const { step, canvas, node } of this.rows) {
      node.hidden = !trace || (isNorm(step) && !$("norms").checked);
      if (!node.hidden) drawMaps(canvas, step, trace.get(step).y);
    }
    if (!trace) $("inspection").replaceChildren();
    else if (this.inspected) inspect(this.inspected.step, trace.get(this.inspected.step), this.inspected.chosen);
  }
}

// The number that a key leads to: the arrow keys move within a map, Page Up and Down to the next.
function movedBy(key, step, { i, j, c }) {
  const { height, width, count } = layoutOf(step), isVector = height * width === 1;
  const [dc, di, dj] = {
    ArrowLeft: isVector ? [-1, 0, 0] : [0, 0, -1], ArrowRight: isVector ? [1, 0, 0] : [0, 0, 1],
    ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], PageUp: [-1, 0, 0], PageDown: [1, 0, 0], Enter: [0, 0, 0],
  }[key] ?? [];
  if (dc === undefined) return null;
  const within = (value, length) => Math.min(Math.max(value, 0), length - 1);
  return { i: within(i + di, height), j: within(j + dj, width), c: within(c + dc, count) };
}
