// Which classes are taken for which: a matrix whose cells choose them, each class, the worst pairs.

const MOST_COLOUR = 45; // percent: with more, numbers in cells are hard to read on a dark page
const confusion = { chosen: null }; // { label, prediction } of the pressed cell

function drawConfusion() {
  const { mistakes, wrong, images } = data.test;
  $("wrong").textContent =
    `${thousands(wrong)} of ${thousands(images)} test ${NOUN}s are wrong (${percent(wrong / images)}).`;
  $("shares-label").hidden = !mistakes.counts;
  if (mistakes.counts) drawMatrix(mistakes.counts);
  else $("confusion-note").hidden = true;
  drawClasses(mistakes.classes);
  drawPairs(mistakes.pairs);
}

function drawMatrix(counts) {
  const totals = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const share = (label, prediction) => counts[label][prediction] / Math.max(totals[label], 1);
  const worst =
    most(counts.flatMap((row, i) => row.map((_, j) => (i === j ? 0 : share(i, j))))) || 1;
  const text = (i, j) =>
    !counts[i][j]
      ? ""
      : $("shares").checked
        ? (100 * share(i, j)).toFixed(1)
        : String(counts[i][j]);
  const draw = () =>
    $("confusion").replaceChildren(
      head(
        [el("span", { class: "unseen" }, "true class")],
        ...data.classes.map((name) => [shortened(name, 10)]),
      ),
      el(
        "tbody",
        {},
        ...counts.map((row, i) =>
          matrixRow(
            i,
            row,
            (j) => text(i, j),
            (j) => share(i, j),
            worst,
          ),
        ),
      ),
    );
  redraw($("confusion"), draw);
}

function matrixRow(label, row, text, share, worst) {
  const cells = row.map((count, prediction) => {
    const isHit = label === prediction;
    const isChosen =
      confusion.chosen?.label === label && confusion.chosen?.prediction === prediction;
    const name = `${className(label)} taken for ${className(prediction)}: ${count}`;
    const td = el(
      "td",
      { class: isHit ? "hit" : "miss" },
      count
        ? el(
            "button",
            {
              type: "button",
              "aria-pressed": String(isChosen),
              "aria-label": isHit ? `${className(label)} found: ${count}` : name,
              "data-focus": `${label} ${prediction}`,
              onclick: () => choosePair(isChosen ? null : { label, prediction }),
            },
            text(prediction),
          )
        : null,
    );
    td.style.setProperty(
      "--share",
      `${Math.round(MOST_COLOUR * (isHit ? share(prediction) : share(prediction) / worst))}%`,
    );
    return td;
  });
  return el("tr", {}, el("th", { scope: "row" }, shortened(className(label), 16)), ...cells);
}

function choosePair(pair) {
  confusion.chosen = pair;
  if (data.test.mistakes.counts) drawMatrix(data.test.mistakes.counts);
  drawGallery();
}

function drawClasses(classes) {
  const rows = classes.map(({ support, precision, recall }, label) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, shortened(className(label), 24)),
      numberCell(percent(precision)),
      numberCell(percent(recall)),
      numberCell(thousands(support)),
    ),
  );
  $("classes").append(
    head(["class"], ["precision", true], ["recall", true], ["support", true]),
    el("tbody", {}, ...rows),
  );
}

function drawPairs(pairs) {
  const rows = pairs.map(({ label, prediction, count: n, share }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, shortened(className(label), 20)),
      el("td", {}, shortened(className(prediction), 20)),
      el(
        "td",
        { class: "number" },
        el(
          "button",
          {
            type: "button",
            "aria-label": `show ${className(label)} taken for ${className(prediction)}: ${n}`,
            onclick: () => choosePair({ label, prediction }),
          },
          thousands(n),
        ),
      ),
      numberCell(percent(share, 1)),
    ),
  );
  $("pairs").append(
    head(["most confused"], ["taken for"], [`${NOUN}s`, true], ["of the class", true]),
    el("tbody", {}, ...rows),
  );
}
