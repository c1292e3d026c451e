// A chart of lines, for any page: it knows nothing of runs.
//
//   const chart = new LineChart(host, { name: "val_loss", label: "loss" });
//   chart.show(series, { x: { label: "epoch", whole: true }, log: false, smoothing: 0, all: false });
//
// A series is { key, label, colour, pattern, isSide, points, dots }: `colour` is 0 to 7, `pattern`
// 0 to 3, `isSide` draws it thin and dashed (training beside validation), `points` are { x, y, std, n }
// with ascending x, and `dots` ({ x, y }) mark the best epochs.
//
// Dragging zooms, a double click goes back. On the keyboard: arrows move the cursor, + and - zoom
// around it, 0 or Escape goes back.

const MOST_IN_TIP = 10;
const DOT = 5; // pixels: the radius of a dot with its rim
const MOST_BANDS = 20;

class LineChart {
  // `name` is that of the result, which says how to write it; `onNear(key)` is called with the key of
  // the line nearest to the pointer, and with null when it leaves.
  constructor(host, { name, label = name, height = 320, onNear = () => {} }) {
    Object.assign(this, {
      host,
      name,
      label,
      height,
      onNear,
      zoom: new Zoom(this),
      series: [],
      options: {},
    });
    host.classList.add("chart", "lines");
    walkable(host, {
      items: () => this.visible,
      show: (x) => this.point(x),
      leave: () => this.leave(),
      keys: {
        "+": (x) => this.zoom.by(0.5, x),
        "-": (x) => this.zoom.by(2, x),
        0: () => this.zoom.to(null),
        Escape: () => this.zoom.to(null),
      },
    });
  }

  show(series, options) {
    if (options.x.label !== this.options.x?.label || options.log !== this.options.log)
      this.zoom.range = null;
    this.series = series.filter(({ points }) => points.length);
    this.options = options;
    this.draw();
  }

  draw() {
    const { host, series, options } = this;
    this.log = options.log && series.some(({ points }) => points.some(({ y }) => y > 0));
    const lines = series.map((one) => ({ ...one, points: this.drawable(one.points) }));
    this.lines = lines.map((one) => ({
      ...one,
      raw: one.points,
      points: smoothed(one.points, options.smoothing ?? 0),
    }));
    this.visible = [];
    const all = lines.flatMap(({ points }) => points);
    this.stops = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b);
    host.setAttribute(
      "aria-label",
      `${this.label} by ${options.x.label}: ${count(series.length, "line")}. Arrow keys read the values, plus and minus zoom.`,
    );
    if (!all.length) return nothing(host, "No values.");
    const [first, last] = [this.stops[0], this.stops.at(-1)];
    this.whole = [first, last > first ? last : first + 1];
    this.xRange = this.zoom.range?.x ?? this.whole;
    this.visible = this.stops.filter((x) => x >= this.xRange[0] && x <= this.xRange[1]);
    const inside = lines.map(({ points }) =>
      points.filter(({ x }) => x >= this.xRange[0] && x <= this.xRange[1]),
    );
    this.yRange =
      this.zoom.range?.y ??
      this.limited(options.all ? extent(inside.flat()) : robust(inside, this.log));
    const chart = frame(
      host,
      this.height,
      { ...options.x, range: this.xRange },
      { range: this.yRange, log: this.log, name: this.name, label: this.label },
    );
    Object.assign(this, chart);
    this.clip();
    for (const one of this.lines) this.drawLine(one);
    this.drawTools(
      inside.flat().filter(({ y }) => y < this.yRange[0] || y > this.yRange[1]).length,
    );
    this.listen();
  }

  // On a logarithmic axis, values of 0 lie at half of the smallest other one.
  drawable(points) {
    if (!this.log) return points;
    const floor =
      least(this.series.flatMap((one) => one.points.map(({ y }) => y)).filter((y) => y > 0)) / 2;
    return points.map((point) => ({ ...point, y: Math.max(point.y, floor) }));
  }

  limited(range) {
    const [low, high] = padded(range, this.log);
    return isShare(this.name) && !this.log ? [Math.max(low, 0), Math.min(high, 1)] : [low, high];
  }

  clip() {
    const { left, right, top, bottom } = this.box;
    const id = `inside-${LineChart.clips++}`;
    const size = { width: right - left + 2 * DOT, height: bottom - top + 2 * DOT };
    const area = svg("rect", { x: left - DOT, y: top - DOT, ...size });
    this.inside = svg("g", { "clip-path": `url(#${id})` });
    this.root.append(svg("clipPath", { id }, area), this.inside);
  }

  drawLine({ key, colour, pattern, isSide, raw, points, dots = [] }) {
    const { x, y, inside } = this;
    const path = (some, f) =>
      some.map((p, i) => `${i ? "L" : "M"}${x(p.x).toFixed(1)} ${y(f(p)).toFixed(1)}`).join("");
    const marks = { "data-key": key };
    if (raw.some(({ std }) => std > 0) && this.lines.length <= MOST_BANDS && !isSide) {
      const low = (p) => (this.log ? Math.max(p.y - p.std, this.yRange[0]) : p.y - p.std);
      const back = path([...raw].reverse(), low).replace("M", "L");
      inside.append(
        svg("path", {
          class: `band f${colour}`,
          ...marks,
          d: `${path(raw, (p) => p.y + p.std)}${back}Z`,
        }),
      );
    }
    if (raw !== points)
      inside.append(svg("path", { class: `raw s${colour}`, ...marks, d: path(raw, (p) => p.y) }));
    inside.append(
      svg("path", {
        class: `curve s${colour}${isSide ? " side" : ""}`,
        ...marks,
        "stroke-dasharray": isSide ? SIDE : PATTERNS[pattern] || null,
        d: path(points, (p) => p.y),
      }),
    );
    const kind = `best f${colour}${isSide ? " side" : ""}`;
    const alone = points.length === 1 ? [{ x: points[0].x, y: points[0].y }] : dots;
    inside.append(
      ...alone.map((dot) =>
        svg("circle", { class: kind, ...marks, cx: x(dot.x), cy: y(dot.y), r: DOT - 1 }),
      ),
    );
  }

  // Buttons over the chart: back from a zoom, and all values where the range leaves some out.
  drawTools(outside) {
    const tool = (text, range) => {
      const onclick = () => {
        this.zoom.to(range);
        this.host.focus();
      };
      this.host.append(el("button", { type: "button", class: "tool", onclick }, text));
    };
    if (this.zoom.range) tool("zoom back", null);
    else if (outside)
      tool(`${count(outside, "value")} outside: show all`, {
        x: this.xRange,
        y: this.limited(extent(this.lines.flatMap(({ raw }) => raw))),
      });
  }

  listen() {
    this.cursor = svg("line", {
      class: "cursor",
      y1: this.box.top,
      y2: this.box.bottom,
      visibility: "hidden",
    });
    this.root.append(this.cursor);
    this.zoom.listen();
  }

  // Where an event is, in the coordinates of the drawing.
  spot(event) {
    const { left, top, width, height } = this.root.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * this.width,
      y: ((event.clientY - top) / height) * this.height,
    };
  }

  nearestStop(event) {
    const at = this.spot(event).x;
    return (this.visible.length ? this.visible : this.stops).reduce((a, b) =>
      Math.abs(this.x(b) - at) < Math.abs(this.x(a) - at) ? b : a,
    );
  }

  // The lines that have a value at x, as `value`, best first.
  linesAt(x) {
    const sign = isHigherBetter(this.name) ? -1 : 1;
    return this.lines
      .map((one) => ({ ...one, value: one.raw.find((point) => point.x === x) }))
      .filter(({ value }) => value)
      .sort((a, b) => sign * (a.value.y - b.value.y));
  }

  // Which of these lines are named: the best ones, before those of training, and the nearest.
  named(here, nearest) {
    if (here.length <= MOST_IN_TIP) return here;
    const first = [...here.filter(({ isSide }) => !isSide), ...here.filter(({ isSide }) => isSide)];
    const named = first.slice(0, MOST_IN_TIP);
    return !nearest || named.includes(nearest) ? named : [...named.slice(0, -1), nearest];
  }

  // Show the values of all lines at x, beside an event or else beside the cursor; returns them as text.
  point(x, event = null) {
    const here = this.linesAt(x);
    const level = event && this.spot(event).y;
    const distance = ({ value }) => Math.abs(this.y(value.y) - level);
    const nearest = event && here.reduce((a, b) => (a && distance(a) <= distance(b) ? a : b), null);
    this.onNear(nearest?.key ?? null);
    append(this.cursor, { x1: this.x(x), x2: this.x(x), visibility: "visible" }, []);
    const title = `${this.options.x.label} ${(this.options.x.format ?? number)(x)}, ${this.label}`;
    const text = ({ value: { y, std, n } }) =>
      `${written(this.name, y)}${n > 1 ? ` ${spread(this.name, std)}` : ""}`;
    const named = this.named(here, nearest);
    const lines = named.map((one) => {
      const figure = el("span", { class: "number" }, text(one));
      const kind = one === nearest ? "nearest" : null;
      return el("div", { class: kind }, chip(one), el("span", {}, one.label), figure);
    });
    if (here.length > named.length)
      lines.push(el("div", {}, `and ${here.length - named.length} more`));
    showTip(event ?? this.beside(x), el("b", {}, title), ...lines);
    return [title, ...named.map((one) => `${one.label}: ${text(one)}`)].join("; ");
  }

  // Where the tip is for the keyboard: at the cursor.
  beside(x) {
    const { left, top, width } = this.root.getBoundingClientRect();
    return { clientX: left + (this.x(x) / this.width) * width, clientY: top + this.box.top };
  }

  leave() {
    this.cursor?.setAttribute("visibility", "hidden");
    this.onNear(null);
    hideTip();
  }
}
LineChart.clips = 0;
