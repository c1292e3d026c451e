// What the run is, how it ended, how good it is, what was chosen, and how to repeat it.

function drawHead() {
  const { title, about, note, status, reason, resume, figures, command } = data.head;
  document.title = `${title}: report`;
  $("title").textContent = title;
  $("about").textContent = about;
  $("user-note").textContent = note;
  $("user-note").hidden = !note;
  $("status").append(el("span", { class: `badge ${status}` }, status), reason ? ` ${reason}` : "");
  $("figures").append(...figures.map(figure));
  facts($("facts"), data.head.facts);
  $("commands").append(
    ...(resume ? [commandLine("resume it", resume)] : []),
    ...(command ? [commandLine("repeat it", command)] : []),
  );
  $("made").textContent = `Report of ${data.made}.`;
}

function figure({ label, share, images, interval, point }) {
  const points = (value) => (100 * value).toFixed(2);
  return el(
    "div",
    { class: "figure" },
    el("span", {}, label),
    el("b", {}, percent(share)),
    ...(interval
      ? [
          el("span", {}, `95 %: ${points(interval[0])} to ${points(interval[1])} %`),
          el("span", {}, `${thousands(images)} ${NOUN}s, 1 ${NOUN} = ${points(point)} points`),
        ]
      : []),
  );
}

function commandLine(what, text) {
  const said = el("span", { class: "note", role: "status" });
  const onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(code); // a page from disk may not write to the clipboard
      said.textContent = "selected: copy it with Ctrl-C";
    }
  };
  const code = el("code", {}, text);
  const button = el("button", { type: "button", onclick, "aria-label": `copy: ${what}` }, "copy");
  return el(
    "div",
    { class: "command" },
    el("span", { class: "note" }, `${what}:`),
    code,
    button,
    said,
  );
}

function drawChoices() {
  const { chosen, all } = data.choices;
  const row = (cells) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, cells[0]),
      ...cells.slice(1).map((text) => el("td", {}, text)),
    );
  $("chosen").append(
    head(["setting"], ["value"], ["default"]),
    el("tbody", {}, ...chosen.map(row)),
  );
  $("settings").append(head(["setting"], ["value"]), el("tbody", {}, ...all.map(row)));
}
