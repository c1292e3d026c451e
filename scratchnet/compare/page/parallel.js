// Parallel coordinates: a line per row through its settings to its result. Dragging along an axis
// writes a condition into the filter.

const MOST_AXES = 8;
const ROOM = 116; // pixels per axis, at least
const SIDES = 84; // pixels beside the first and the last axis
const [TALL, TOP, BOTTOM] = [340, 40, 328]; // of the drawing, and where its axes begin and end
const parallel = { axes: usualAxes(), most: 1000 }; // most: lines that are drawn
function usualAxes() {
  return data.shown.filter((i) => telling.slice(0, MOST_AXES).includes(i));
}

function drawParallel() {
  const host = $("parallel");
  const some = ranked(rows());
  $("parallel-card").hidden = !data.shown.length;
  $("ramp-parallel").replaceChildren();
  if (!data.shown.length) return;
  if (!some.length) return nothing(host, "No run in the table has this result.");
  const axes = placedAxes(host, some);
  const root = svg("svg", {
    viewBox: `0 0 ${axes.width} ${TALL}`,
    height: TALL,
    "aria-hidden": "true",
  });
  const drawn = sampled(some, parallel.most);
  for (const one of axes) drawAxis(root, one, axes);
  drawLines(root, axes, drawn);
  for (const one of axes) drawLabels(root, one);
  for (const one of axes) brush(root, one);
  host.replaceChildren(root);
  host.setAttribute(
    "aria-label",
    `Settings and ${resultName()} of ${count(some.length, "row")}. Arrow keys go through them, best first, Enter shows a curve.`,
  );
  const [worst, top] = [some.at(-1), some[0]].map((row) => written(resultName(), resultOf(row)));
  $("ramp-parallel").replaceChildren(worst, el("i"), `${top} ${resultName()}, by rank`);
  $("parallel-note").textContent =
    `${noteOnSample(drawn, some)}Drag along an axis to filter by it, double click to let all values through.`;
}

// The axes with their places: { index, name, axis, value, x, y }, the result last.
function placedAxes(host, some) {
  const axes = parallel.axes.map((index) => {
    const { short } = data.settings[index];
    return { name: short, axis: settingAxis(index, some), value: (row) => row.settings[index] };
  });
  const result = { ...resultAxis(some), label: resultName() };
  axes.push({ name: resultName(), axis: result, value: resultOf });
  host.style.minWidth = `${axes.length * ROOM}px`;
  axes.width = Math.max(axes.length * ROOM, host.clientWidth);
  const x = scale([0, Math.max(1, axes.length - 1)], [SIDES, axes.width - SIDES]);
  axes.forEach((one, i) => {
    Object.assign(one, { isFirst: i === 0, x: x(i), y: position(one.axis, [TALL - 16, 44]) });
  });
  return axes;
}
function drawAxis(root, { name, x }, axes) {
  const room = axes.length > 1 ? axes[1].x - axes[0].x : axes.width;
  const title = shortened(name, Math.min(22, Math.floor(room / 8)));
  root.append(
    svg("line", { class: "axis", x1: x, x2: x, y1: TOP, y2: BOTTOM }),
    svg("text", { class: "title", x, y: 22, "text-anchor": "middle" }, title),
  );
}
function drawLines(root, axes, some) {
  const colours = shares(some);
  for (const row of [...some].reverse()) {
    const corners = axes.map(
      ({ axis, value, x, y }) => `${x.toFixed(1)} ${level(axis, y, value(row)).toFixed(1)}`,
    );
    const d = `M${corners.join("L")}`;
    const stroke = ramp(colours.get(row.key) ?? 1);
    root.append(
      svg("path", { class: "line", "data-key": row.key, stroke, d }),
      svg("path", { class: "hit", d, ...marks(row), "data-key": null }),
    );
  }
}
function drawLabels(root, { axis, x, y, isFirst }) {
  const room = isFirst ? 10 : 14; // letters; no lines arrive from the left of the first axis
  const place = isFirst ? { x: x - 8, "text-anchor": "end" } : { x: x + 8, "text-anchor": "start" };
  for (const [value, text] of apart(axis, y, 5, 16, room)) {
    root.append(svg("text", { ...place, y: y(value) + (isFirst ? 4 : -5) }, shortened(text, room)));
  }
}
function level(axis, y, value) {
  const known =
    axis.categories || value === null
      ? onAxis(axis, value)
      : Math.min(Math.max(value, axis.range[0]), axis.range[1]);
  return y(known);
}

// A strip along an axis: dragging over it chooses values, a double click lets all values through.
function brush(root, { name, axis, x, y }) {
  const strip = svg("rect", { class: "brush", x: x - 9, width: 18, y: TOP, height: BOTTOM - TOP });
  const mark = svg("rect", { class: "selection", x: x - 9, width: 18, visibility: "hidden" });
  const spot = (event) => {
    const { top, height } = root.getBoundingClientRect();
    return ((event.clientY - top) / height) * TALL;
  };
  let start = null;
  const down = (event) => {
    start = spot(event);
    strip.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    if (start === null) return;
    const [from, to] = ordered(start, spot(event));
    append(mark, { y: from, height: to - from, visibility: "visible" }, []);
  };
  const up = (event) => {
    const [high, low] = ordered(start, spot(event));
    start = null;
    mark.setAttribute("visibility", "hidden");
    if (low - high < SHORTEST_DRAG) return;
    setCondition(name, conditionBetween(name, axis, y, [low, high], [BOTTOM - 4, TOP + 4]));
  };
  const hint = svg("title", {}, `drag to choose values of ${name}, double click for all`);
  const ondblclick = () => setCondition(name, "");
  append(strip, { onpointerdown: down, onpointermove: move, onpointerup: up, ondblclick }, [hint]);
  root.append(strip, mark);
}
function conditionBetween(name, axis, y, [low, high], ends) {
  if (axis.categories) {
    const chosen = axis.categories.filter((category) => y(category) <= low && y(category) >= high);
    return chosen.length ? `${name}=${chosen.join("|")}` : "";
  }
  const from = axis.absent ? y(axis.range[0]) : ends[0];
  const value = (at) => brief(unscaled(axis.range, [from, ends[1]], axis.log, at));
  return `${name}>=${value(low)} ${name}<=${value(high)}`;
}
// Replace the conditions on a name in the filter.
function setCondition(name, condition) {
  const others = wordsOf(state.words).filter((word) => CONDITION.exec(word)?.[1] !== name);
  setFilter([...others, condition].filter(Boolean).join(" "));
}

// Which axes, and in which order.
function fillAxes() {
  const chosen = parallel.axes,
    others = data.shown.filter((i) => !chosen.includes(i));
  const changed = () => {
    fillAxes();
    drawParallel();
    saveView();
  };
  const item = (i) => {
    const at = chosen.indexOf(i),
      { short } = data.settings[i];
    const box = el("input", {
      type: "checkbox",
      "data-focus": `axis ${i}`,
      onchange: () => {
        if (at < 0) chosen.push(i);
        else chosen.splice(at, 1);
        changed();
      },
    });
    box.checked = at >= 0;
    const move = (by, text, word) =>
      el(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": `${short} ${word}`,
          "data-focus": `${word} ${i}`,
          onclick: () => {
            chosen.splice(at, 1);
            chosen.splice(at + by, 0, i);
            changed();
          },
        },
        text,
      );
    return el(
      "div",
      {},
      el("label", {}, box, ` ${short}${data.derived.includes(i) ? " (follows)" : ""}`),
      at > 0 ? move(-1, "←", "to the left") : null,
      at >= 0 && at < chosen.length - 1 ? move(1, "→", "to the right") : null,
    );
  };
  const host = document.querySelector("#axes > div");
  redraw(host, () => host.replaceChildren(...[...chosen, ...others].map(item)));
}
