// Two runs side by side: the settings that differ, and their results.

function drawDifferences() {
  const [a, b] = ["run-a", "run-b"].map((id) => data.runs[Number($(id).value)]);
  const body = [];
  data.settings.forEach(({ name }, i) => {
    if (a.settings[i] !== b.settings[i]) body.push([name, exact(a.settings[i]), exact(b.settings[i]), ""]);
  });
  if (!body.length) body.push(["all settings are equal", "", "", ""]);
  const results = data.results.map((name, i) => {
    const [left, right] = [a.results[i], b.results[i]];
    const isKnown = left !== null && right !== null;
    return [name, written(name, left), written(name, right), isKnown ? change(name, right - left) : ""];
  });
  const line = (kind) => (cells) => el("tr", {}, ...cells.map((text, i) => el("td", { class: i ? kind : "" }, i ? text : breakable(text))));
  const head = (text) => el("tr", {}, ...[text, "A", "B", "B − A"].map((one) => el("th", { scope: "col" }, one)));
  $("differences").replaceChildren(el("tbody", {}, head("setting"), ...body.map(line("setting")), head("result"), ...results.map(line("score"))));
}
const breakable = (name) => name.replace(/([_.])/g, "$1\u200b");
const exact = (value) => String(value ?? "-");
function change(name, value) {
  const size = isShare(name) ? `${(100 * Math.abs(value)).toFixed(2)} pp` : written(name, Math.abs(value));
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${size}`;
}
