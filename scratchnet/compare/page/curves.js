// The curves of the selected rows; for several seeds, their mean with a band of one standard
// deviation to either side.

const DASHES = ["", "7 4", "2 4", "10 3 2 3"];
const MOST_IN_TIP = 10;

function curveOf(row, metric) {
  const points = new Map();
  for (const index of row.counted.length ? row.counted : row.runs) {
    const run = data.runs[index];
    const values = run.curves[metric].split(",").map(Number); // NaN if it is not a number
    run.epochs.forEach((epoch, i) => {
      const value = values[i];
      if (Number.isFinite(value)) points.set(epoch, [...(points.get(epoch) ?? []), value]);
    });
  }
  return [...points].sort((a, b) => a[0] - b[0]).map(([epoch, values]) => ({ epoch, ...moments(values) }));
}

function drawCurves() {
  const metric = Number($("metric").value), name = data.curves[metric];
  const visible = new Map(rows().map((row) => [row.key, row]));
  const on = [...state.shown.keys()].map((key) => visible.get(key)).filter(Boolean), labels = labelsAmong(on);
  const shown = on.map((row) => ({ row, label: labels.get(row.key), at: slot(row), points: curveOf(row, metric) }))
    .filter(({ points }) => points.length);
  drawLegend(shown);
  const all = shown.flatMap(({ points }) => points);
  if (!all.length) return nothing($("curves"), "Select a run in the table to see its curves.");
  const log = $("log").checked && all.every(({ mean }) => mean > 0);
  const low = all.map(({ mean, std }) => (log && mean - std <= 0 ? mean : mean - std));
  let yRange = padded([least(low), -least(all.map(({ mean, std }) => -mean - std))], log);
  if (isShare(name)) yRange = [Math.max(yRange[0], 0), Math.min(yRange[1], 1)];
  const last = -least(all.map(({ epoch }) => -epoch));
  const first = least(all.map(({ epoch }) => epoch));
  const xAxis = { range: [first, Math.max(last, first + 1)], label: "epoch", whole: true };
  const chart = frame($("curves"), 360, xAxis, { range: yRange, log, name });
  for (const one of shown) drawCurve(chart, one, yRange, shown.length <= 20);
  follow(chart, shown, name);
}

function drawCurve({ root, x, y }, { row, at, points }, [bottom, top], withBand) {
  const path = (some, f) => some.map((p, i) => `${i ? "L" : "M"}${x(p.epoch).toFixed(1)} ${y(f(p)).toFixed(1)}`).join("");
  const several = points.some(({ std }) => std > 0);
  if (several && withBand) {
    const low = (p) => Math.max(p.mean - p.std, bottom);
    const back = path([...points].reverse(), low).replace("M", "L");
    root.append(svg("path", { class: `band f${at % ORDER}`, "data-key": row.key, d: `${path(points, (p) => Math.min(p.mean + p.std, top))}${back}Z` }));
  }
  const dash = DASHES[Math.floor(at / ORDER) % DASHES.length];
  root.append(svg("path", { class: `curve s${at % ORDER}`, "data-key": row.key, "stroke-dasharray": dash || null, d: path(points, (p) => p.mean) }));
  if (points.length === 1) {
    root.append(svg("circle", { class: `f${at % ORDER}`, cx: x(points[0].epoch), cy: y(points[0].mean), r: 4 }));
  }
}

// A cursor that shows the values of all curves at the epoch under the pointer.
function follow({ root, x, box, width }, shown, name) {
  const cursor = svg("line", { class: "cursor", y1: box.top, y2: box.bottom, visibility: "hidden" });
  root.append(cursor);
  const epochs = [...new Set(shown.flatMap(({ points }) => points.map(({ epoch }) => epoch)))];
  const move = (event) => {
    const at = ((event.clientX - root.getBoundingClientRect().left) / root.clientWidth) * width;
    const epoch = epochs.reduce((a, b) => (Math.abs(x(b) - at) < Math.abs(x(a) - at) ? b : a));
    const here = shown.map((one) => ({ ...one, point: one.points.find((p) => p.epoch === epoch) })).filter(({ point }) => point);
    here.sort((a, b) => (isHigherBetter(name) ? b.point.mean - a.point.mean : a.point.mean - b.point.mean));
    const lines = here.slice(0, MOST_IN_TIP).map(({ label, at: i, point }) =>
      el("div", {}, el("span", { class: `chip f${i % ORDER}` }), el("span", {}, label),
        el("span", {}, `${written(name, point.mean)}${point.n > 1 ? ` ${spread(name, point.std)}` : ""}`)));
    if (here.length > MOST_IN_TIP) lines.push(el("div", {}, `and ${here.length - MOST_IN_TIP} more`));
    append(cursor, { x1: x(epoch), x2: x(epoch), visibility: "visible" }, []);
    showTip(event, el("b", {}, `epoch ${epoch}, ${name}`), ...lines);
  };
  const leave = () => { cursor.setAttribute("visibility", "hidden"); hideTip(); };
  append(root, { onpointermove: move, onpointerdown: move, onpointerleave: leave }, []);
}

function drawLegend(shown) {
  $("legend").replaceChildren(...shown.map(({ row, label, at }) => el("li", {},
    el("button", {
      type: "button", title: `${row.label}: click to hide`, "data-key": row.key, onclick: () => toggle(row.key),
      onpointerenter: () => highlight(row.key), onpointerleave: () => highlight(null),
    }, el("span", { class: `chip f${at % ORDER}` }), label))));
  const hasBand = shown.some(({ points }) => points.some(({ n }) => n > 1));
  $("curves-note").textContent = !hasBand ? ""
    : `Lines are means over the seeds${shown.length <= 20 ? ", bands one standard deviation to either side" : ""}.`;
}

function toggle(key) {
  if (state.shown.has(key)) state.shown.delete(key); else switchOn(key);
  drawTable();
  drawCurves();
}
