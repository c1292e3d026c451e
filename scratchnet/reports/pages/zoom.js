// Zooming into a chart of lines: by dragging a rectangle, or a level stretch that leaves y alone; back
// by a double click; by the keyboard around the cursor.

const SHORTEST_DRAG = 8; // pixels
const LEVEL_DRAG = 16; // pixels: a drag that is no higher chooses x only

const ordered = (a, b) => (a < b ? [a, b] : [b, a]);
const within = (value, low, high) => Math.min(Math.max(value, low), high);

class Zoom {
  constructor(chart) {
    this.chart = chart;
    this.range = null; // { x: [from, to], y: [from, to] or null }; null: everything
  }

  to(range) {
    this.range = range;
    hideTip();
    this.chart.draw();
  }

  // Make the visible stretch of x longer or shorter by a factor, around x.
  by(factor, x) {
    const { xRange, whole } = this.chart;
    const half = ((xRange[1] - xRange[0]) * factor) / 2;
    const [from, to] = [Math.max(whole[0], x - half), Math.min(whole[1], x + half)];
    this.to(from <= whole[0] && to >= whole[1] ? null : { x: [from, to], y: null });
  }

  listen() {
    const { chart } = this,
      { root } = chart;
    const selection = svg("rect", { class: "selection", visibility: "hidden" });
    root.append(selection);
    let start = null;
    const down = (event) => {
      if (event.button !== 0) return;
      start = chart.spot(event);
      root.setPointerCapture(event.pointerId);
    };
    const move = (event) => {
      if (start) this.select(selection, start, chart.spot(event));
      else chart.point(chart.nearestStop(event), event);
    };
    const up = (event) => {
      const [from, end] = [start, chart.spot(event)];
      start = null;
      selection.setAttribute("visibility", "hidden");
      if (from && Math.abs(end.x - from.x) >= SHORTEST_DRAG) this.to(this.between(from, end));
      else chart.point(chart.nearestStop(event), event);
    };
    const cancel = () => {
      start = null;
      chart.leave();
    };
    append(
      root,
      {
        onpointerdown: down,
        onpointermove: move,
        onpointerup: up,
        onpointercancel: cancel,
        onpointerleave: () => chart.leave(),
        ondblclick: () => this.to(null),
      },
      [],
    );
  }

  // The corners of a drag as [left, right] and [top, bottom], inside the axes.
  corners(a, b) {
    const { left, right, top, bottom } = this.chart.box;
    const x = ordered(a.x, b.x).map((at) => within(at, left, right));
    const isLevel = Math.abs(a.y - b.y) < LEVEL_DRAG;
    return {
      x,
      isLevel,
      y: isLevel ? [top, bottom] : ordered(a.y, b.y).map((at) => within(at, top, bottom)),
    };
  }

  select(selection, a, b) {
    const { x, y } = this.corners(a, b);
    append(
      selection,
      { x: x[0], width: x[1] - x[0], y: y[0], height: y[1] - y[0], visibility: "visible" },
      [],
    );
    hideTip();
  }

  between(a, b) {
    const { xRange, yRange, log, box } = this.chart,
      { x, y, isLevel } = this.corners(a, b);
    const range = { x: x.map((at) => unscaled(xRange, [box.left, box.right], false, at)), y: null };
    if (!isLevel)
      range.y = [y[1], y[0]].map((at) => unscaled(yRange, [box.bottom, box.top], log, at));
    return range;
  }
}
