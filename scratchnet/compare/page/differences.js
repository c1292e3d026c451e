// The chosen rows side by side: the settings that differ, their results, and what they ran on.

const MOST_BESIDE = 12;
const differences = { reference: null }; // the key of the row that the others are measured against

function drawDifferences(shown, names) {
  const some = shown.slice(0, MOST_BESIDE);
  $("differences-card").hidden = some.length < 2;
  if (some.length < 2) return;
  const reference = some.find(({ key }) => key === differences.reference) ?? some[0];
  const choose = $("reference");
  choose.replaceChildren(
    ...some.map((row) => el("option", { value: row.key }, names.get(row.key))),
  );
  choose.value = reference.key;
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, el("span", { class: "unseen" }, "what")),
    ...some.map((row) =>
      el("th", { scope: "col" }, chip(look(row)), el("span", {}, names.get(row.key))),
    ),
  );
  const part = (title, lines) =>
    lines.length
      ? [
          el(
            "tr",
            { class: "part" },
            el("th", { scope: "colgroup", colspan: some.length + 1 }, title),
          ),
          ...lines,
        ]
      : [];
  $("differences").replaceChildren(
    el("thead", {}, head),
    el(
      "tbody",
      {},
      ...part("settings that differ", settingLines(some)),
      ...part("results", resultLines(some, reference)),
      ...part("run on", originLines(some)),
    ),
  );
  $("differences-note").textContent =
    `pp: percentage points, against the chosen run.${shown.length > some.length ? ` The first ${MOST_BESIDE} of ${shown.length} chosen rows.` : ""}`;
}
const breakable = (name) => name.replace(/([_.])/g, "$1\u200b");
const line = (name, cells) => el("tr", {}, el("th", { scope: "row" }, breakable(name)), ...cells);

function settingLines(some) {
  return data.settings
    .map(({ name }, i) => ({
      name,
      values: some.map((row) =>
        name === "seed" ? ofRuns((run) => run.seed)(row) : row.settings[i],
      ),
    }))
    .filter(({ values }) => new Set(values).size > 1)
    .map(({ name, values }) =>
      line(
        name,
        values.map((value) => el("td", { class: "setting" }, exact(value))),
      ),
    );
}
const exact = (value) =>
  typeof value === "number" ? String(Number(value.toPrecision(6))) : (value ?? "-");
function originLines(some) {
  const names = [...new Set(data.origins.flatMap((origin) => Object.keys(origin)))];
  const value = (row, name) => ofRuns((run) => data.origins[run.origin][name] ?? null)(row) ?? "-";
  return names
    .map((name) => ({ name, values: some.map((row) => value(row, name)) }))
    .filter(
      ({ name, values }) =>
        new Set(values).size > 1 ||
        ["machine.cpu", "git.commit", "data.fingerprint"].includes(name),
    )
    .map(({ name, values }) =>
      line(
        name,
        new Set(values).size > 1
          ? values.map((text) => el("td", {}, shortened(text, 40)))
          : [
              el(
                "td",
                { class: "same", colspan: values.length },
                `${shortened(values[0], 40)} (all)`,
              ),
            ],
      ),
    );
}
function resultLines(some, reference) {
  const known = data.results
    .map((name, i) => [name, i])
    .filter(([, i]) => some.some((row) => row.results[i]));
  return known.map(([name, i]) =>
    line(
      name,
      some.map((row) => {
        const [own, other] = [row.results[i]?.mean, reference.results[i]?.mean];
        const isKnown = own !== undefined && other !== undefined && row !== reference;
        const gain = isKnown ? (own - other) * (isHigherBetter(name) ? 1 : -1) : 0;
        const judged = /accuracy|loss/.test(name) && gain ? (gain > 0 ? " better" : " worse") : "";
        return el(
          "td",
          { class: "score" },
          written(name, own),
          isKnown
            ? el("span", { class: `change${judged}` }, ` ${change(name, own - other)}`)
            : null,
        );
      }),
    ),
  );
}
function change(name, value) {
  const size = isShare(name)
    ? `${(100 * Math.abs(value)).toFixed(2)} pp`
    : written(name, Math.abs(value));
  return value === 0 ? "=" : `${value > 0 ? "+" : "−"}${size}`;
}
