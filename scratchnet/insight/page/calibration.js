// The reliability diagram, and below it how many images each of its bars stands for.

function drawCalibration() {
  const { error, confidence, accuracy, bins } = data.test.calibration;
  $("calibration-error").textContent =
    `Expected calibration error ${percent(error)}: on average it is ${percent(confidence)} sure, and ${percent(accuracy)} are right.`;
  const shares = { range: [0, 1], format: (value) => `${Math.round(100 * value)} %` };
  const axis = { ...shares, label: "probability of the prediction" };
  const reliability = frame($("reliability"), 250, axis, { ...shares, label: "right" });
  bars(reliability, bins, ({ accuracy: share }) => share);
  const { x, y } = reliability;
  reliability.root.append(svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
  const tallest = most(bins.map(({ count: n }) => n));
  const confidences = frame($("confidences"), 150, axis, {
    range: [0, tallest],
    label: `${NOUN}s`,
  });
  bars(confidences, bins, ({ count: n }) => n || null);
  for (const [host, chart] of [
    [$("reliability"), reliability],
    [$("confidences"), confidences],
  ])
    listenToBins(host, chart, bins);
}

function bars({ root, x, y }, bins, height) {
  bins.forEach((bin, i) => {
    const value = height(bin);
    if (value === null) return;
    const [left, right] = [x(i / bins.length) + 1, x((i + 1) / bins.length) - 1];
    root.append(
      svg("rect", {
        class: "reliable",
        x: left,
        width: right - left,
        y: y(value),
        height: y(0) - y(value),
      }),
    );
  });
}

const textOfBin = (bins, i) => {
  const { count: n, confidence, accuracy } = bins[i];
  const range = `${percent(i / bins.length, 0)} to ${percent((i + 1) / bins.length, 0)}`;
  return n
    ? `${range}: ${count(n, NOUN)}, ${percent(confidence, 1)} sure, ${percent(accuracy, 1)} right`
    : `${range}: no ${NOUN}`;
};

function listenToBins(host, { root, x, width }, bins) {
  const place = (clientX, left, pixels) => {
    const at = ((clientX - left) / pixels) * width;
    const share = (at - x(0)) / (x(1) - x(0));
    return Math.min(Math.max(Math.floor(share * bins.length), 0), bins.length - 1);
  };
  root.addEventListener("pointermove", (event) => {
    const { left, width: pixels } = root.getBoundingClientRect();
    showTip(event, textOfBin(bins, place(event.clientX, left, pixels)));
  });
  root.addEventListener("pointerleave", hideTip);
  if (host.tabIndex === 0) return;
  host.setAttribute(
    "aria-label",
    "Test set by the probability of the prediction. Arrow keys read the bars.",
  );
  walkable(host, {
    items: () => bins.map((_, i) => i),
    show: (i) => {
      const { left, top } = host.getBoundingClientRect();
      showTip({ clientX: left + 60, clientY: top }, textOfBin(bins, i));
      return textOfBin(bins, i);
    },
    leave: hideTip,
  });
}
