"use strict";
// Elements, the tip beside the pointer, and charts that the keyboard can walk through.
// Data reaches the page through textContent and attributes only, never as HTML.

const $ = (id) => document.getElementById(id);

function append(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}
const el = (tag, attributes = {}, ...children) =>
  append(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  append(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const nothing = (host, text) => host.replaceChildren(el("div", { class: "empty" }, text));

// Draw a part of the page again without losing the focus: what had it is found again by data-focus.
function redraw(host, draw) {
  const focus = host.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  draw();
  if (focus) [...host.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focus)?.focus({ preventScroll: true });
}

// ---- the tip ---------------------------------------------------------------------------------

// Show a tip beside a point of the window: an event, or {clientX, clientY}.
function showTip({ clientX, clientY }, ...content) {
  const tip = $("tip");
  tip.replaceChildren(...content);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const right = clientX + 16 + width < innerWidth ? clientX + 16 : clientX - 16 - width;
  tip.style.left = `${Math.max(6, right)}px`;
  tip.style.top = `${Math.max(6, Math.min(clientY + 14, innerHeight - height - 6))}px`;
}
const hideTip = () => { $("tip").hidden = true; };

// ---- keyboard --------------------------------------------------------------------------------

// Make a chart a stop of the Tab key: the arrow keys go through its items, and a screen reader
// hears the text that `show(item)` returns. `keys` are further keys, each with what it does.
function walkable(host, { items, show, leave, keys = {} }) {
  let current = null;
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const spoken = el("div", { class: "unseen", "aria-live": "polite" });
  const onkeydown = (event) => {
    if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    if (event.key in steps && all.length) {
      const next = current === null || current >= all.length ? 0 : current + steps[event.key];
      current = Math.min(Math.max(next, 0), all.length - 1);
      spoken.textContent = show(all[current]);
    } else if (event.key in keys) keys[event.key](all[current ?? 0]);
    else return;
    event.preventDefault();
  };
  append(host, { tabindex: 0, role: "group", onkeydown, onblur: leave }, []);
  host.after(spoken);
}
