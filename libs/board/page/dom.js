// Elements from values. Whatever a record holds becomes a text node or an attribute that names no address; nothing is
// ever parsed as HTML.
const svgSpace = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else if (name in element && ["value", "checked", "disabled", "indeterminate", "open", "hidden"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
const svg = (tag, properties, ...children) => fill(document.createElementNS(svgSpace, tag), properties, children);

function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

// What tells an element from the others of its kind when it is drawn anew.
const nameOf = (element) => element.dataset.key || element.getAttribute("aria-label") || element.textContent;

// Draws the content of an element anew unless it is the same. The keyboard's focus stays; where what had it is gone, the
// nearest element around takes it.
function renew(element, ...children) {
  const fresh = element.cloneNode(false);
  append(fresh, children);
  if (fresh.isEqualNode(element)) return;
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  element.replaceChildren(...fresh.childNodes);
  if (!focused) return;
  const again = Array.from(element.querySelectorAll(focused.localName)).find((other) => nameOf(other) === nameOf(focused));
  (again || element.closest("[tabindex]")).focus({ preventScroll: true });
}

// A name that may go on in the next line behind its separators, rather than anywhere.
const breakable = (name) => String(name).split(/(?<=[/_.:])/).flatMap((part, i) => (i === 0 ? [part] : [h("wbr", {}), part]));

// A command whose options are not taken apart at their hyphens.
const commandLine = (text) => text.split(/(\s+)/).map((part, i) => (i % 2 ? part : h("span", { class: "word" }, part)));

const shapes = {
  check: ["M3.5 8.5l3 3 6-7"],
  cross: ["M4 4l8 8M12 4l-8 8"],
  square: ["M4.5 4.5h7v7h-7z"],
  running: ["M8 2.5a5.5 5.5 0 1 1-5.5 5.5"],
  clock: ["M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3l2 1.5"],
  question: ["M5.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 12v.1"],
  back: ["M10 3L5 8l5 5"],
  next: ["M6 3l5 5-5 5"],
  search: ["M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2L13.5 13.5"],
  columns: ["M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10"],
  copy: ["M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"],
  sun: ["M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"],
  moon: ["M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6z"],
  auto: ["M8 2.5a5.5 5.5 0 1 1 0 11zM8 2.5a5.5 5.5 0 0 0 0 11"],
  play: ["M5 3.5l7 4.5-7 4.5z"],
  pause: ["M5.5 3.5v9M10.5 3.5v9"],
  up: ["M4 9.5L8 5.5l4 4"],
  down: ["M4 6.5l4 4 4-4"],
};

function icon(name) {
  const paths = shapes[name].map((d) => svg("path", { d }));
  return svg("svg", { class: "icon icon-" + name, viewBox: "0 0 16 16", "aria-hidden": "true" }, paths);
}

function statePill(run) {
  const state = stateOf(run);
  return h("span", { class: "pill state-" + (states[run.state] ? run.state : "lost") }, icon(state.icon), state.word);
}

const when = (milliseconds) =>
  h("time", { datetime: milliseconds ? new Date(milliseconds).toISOString() : null, title: formatExact(milliseconds) }, formatWhen(milliseconds));

function say(text) {
  document.getElementById("announcer").textContent = text;
}

function copyButton(text, label) {
  const word = h("span", {}, "Copy");
  const button = h("button", { type: "button", class: "button small", "aria-label": label, onclick: copy }, icon("copy"), word);
  async function copy() {
    const done = await copyText(text);
    word.textContent = done ? "Copied" : "Press Ctrl+C";
    say(done ? "Copied" : "The text is selected");
    setTimeout(() => (word.textContent = "Copy"), 1600);
  }
  return button;
}

// file:// is no secure context everywhere, so the clipboard may be missing.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "hidden", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// A line through y values of 0 to 1, over the whole width.
function linePath(points, width, height, pad = 1) {
  const step = points.length > 1 ? (width - 2 * pad) / (points.length - 1) : 0;
  return points
    .map((y, i) => (y === null ? "" : `${i === 0 || points[i - 1] === null ? "M" : "L"}${(pad + i * step).toFixed(1)} ${(height - pad - y * (height - 2 * pad)).toFixed(1)}`))
    .join("");
}

// One character a point: '0' to 'o' for 0 to 63, '-' where there is no number.
function sparkline(text) {
  if (!text) return null;
  const points = Array.from(text, (c) => (c === "-" ? null : (c.charCodeAt(0) - 48) / 63));
  return svg("svg", { class: "spark", viewBox: "0 0 60 18", "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("path", { d: linePath(points, 60, 18, 1.5) }));
}
