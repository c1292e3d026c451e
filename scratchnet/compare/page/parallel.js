// Parallel coordinates: a line per row through its settings to its result. Dragging along an axis
// writes a condition into the filter.

const MOST_AXES = 8;
const ROOM = 116; // pixels per axis, at least
const parallel = { axes: usualAxes() };
function usualAxes() {
  return data.shown.filter((i) => telling.slice(0, MOST_AXES).includes(i));
}

function drawParallel() {
  const host = $("parallel"),
    some = ranked(rows());
  $("parallel-card").hidden = !data.shown.length;
  if (!data.shown.length) return;
  $("ramp-parallel").replaceChildren();
  if (!some.length) return nothing(host, "No run in the table has this result.");
  const axes = parallel.axes.map((i) => ({
    index: i,
    axis: settingAxis(i, some),
    value: (row) => row.settings[i],
  }));
  axes.push({ axis: { ...resultAxis(some), label: resultName() }, value: (row) => resultOf(row) });
  host.setAttribute(
    "aria-label",
    `Settings and ${resultName()} of ${count(some.length, "row")}. Arrow keys go through them, best first, Enter shows a curve.`,
  );
  host.style.minWidth = `${axes.length * ROOM}px`;
  const width = Math.max(axes.length * ROOM, host.clientWidth),
    height = 340;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
  const x = scale([0, Math.max(1, axes.length - 1)], [84, width - 84]);
  const ys = axes.map(({ axis }) => position(axis, [height - 16, 44]));
  const letters = Math.floor((axes.length > 1 ? x(1) - x(0) : width) / 8);
  axes.forEach(({ axis }, i) => {
    root.append(
      svg("line", { class: "axis", x1: x(i), x2: x(i), y1: 40, y2: height - 12 }),
      svg(
        "text",
        { class: "title", x: x(i), y: 22, "text-anchor": "middle" },
        shortened(axis.label, Math.min(letters, i === 0 || i === axes.length - 1 ? 22 : 30)),
      ),
    );
  });
  const colours = shares(some);
  for (const row of [...some].reverse()) {
    const d = axes
      .map(
        ({ axis, value }, i) =>
          `${i ? "L" : "M"}${x(i).toFixed(1)} ${level(axis, ys[i], value(row)).toFixed(1)}`,
      )
      .join("");
    root.append(
      svg("path", {
        class: "line",
        "data-key": row.key,
        stroke: ramp(colours.get(row.key) ?? 1),
        d,
      }),
      svg("path", { class: "hit", d, ...marks(row), "data-key": null }),
    );
  }
  axes.forEach(({ axis }, i) => {
    const first = i === 0; // no lines arrive from the left
    const room = first ? 10 : 14; // letters
    for (const [value, text] of apart(axis, ys[i], 5, 16, room)) {
      const at = {
        x: x(i) + (first ? -8 : 8),
        y: ys[i](value) + (first ? 4 : -5),
        "text-anchor": first ? "end" : "start",
      };
      root.append(svg("text", at, shortened(text, room)));
    }
  });
  axes.forEach((one, i) => brush(root, one, x(i), [height - 12, 40], ys[i]));
  host.replaceChildren(root);
  const ends = [some.at(-1), some[0]].map((row) => written(resultName(), resultOf(row)));
  $("ramp-parallel").replaceChildren(ends[0], el("i"), `${ends[1]} ${resultName()}, by rank`);
}
function level(axis, y, value) {
  const known =
    axis.categories || value === null
      ? onAxis(axis, value)
      : Math.min(Math.max(value, axis.range[0]), axis.range[1]);
  return y(known);
}

// A strip along an axis: dragging over it chooses values, a double click lets all values through.
function brush(root, { index, axis }, x, [bottom, top], y) {
  const strip = svg("rect", { class: "brush", x: x - 9, width: 18, y: top, height: bottom - top });
  const mark = svg("rect", { class: "selection", x: x - 9, width: 18, visibility: "hidden" });
  const name = index === undefined ? resultName() : data.settings[index].short;
  const spot = (event) => {
    const { top: start, height } = root.getBoundingClientRect();
    return ((event.clientY - start) / height) * root.viewBox.baseVal.height;
  };
  let start = null;
  append(
    strip,
    {
      onpointerdown: (event) => {
        start = spot(event);
        strip.setPointerCapture(event.pointerId);
      },
      onpointermove: (event) => {
        if (start === null) return;
        const end = spot(event);
        append(
          mark,
          { y: Math.min(start, end), height: Math.abs(end - start), visibility: "visible" },
          [],
        );
      },
      onpointerup: (event) => {
        const ends = [start, spot(event)].sort((a, b) => b - a);
        start = null;
        mark.setAttribute("visibility", "hidden");
        if (ends[0] - ends[1] >= SHORTEST_DRAG)
          setCondition(name, conditionBetween(name, axis, y, ends, [bottom - 4, top + 4]));
      },
      ondblclick: () => setCondition(name, ""),
    },
    [svg("title", {}, `drag to choose values of ${name}, double click for all`)],
  );
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
