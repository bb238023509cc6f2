let board = null;

const themes = ["auto", "light", "dark"];
const darkWanted = matchMedia("(prefers-color-scheme: dark)");
let theme = "auto";

// Storage is refused in some private windows and frames.
function stored(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function useTheme() {
  document.documentElement.dataset.theme = theme === "auto" ? (darkWanted.matches ? "dark" : "light") : theme;
  redrawCharts();
}

function themeButton() {
  const button = h("button", { type: "button", class: "icon-button", id: "theme", onclick: () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    stored("smflow-theme", theme);
    useTheme();
    paint();
  } });
  function paint() {
    button.setAttribute("aria-label", `Colours: ${theme}`);
    button.title = `Colours: ${theme}`;
    replace(button, icon(theme === "light" ? "sun" : theme === "dark" ? "moon" : "auto"));
  }
  paint();
  return button;
}

function showTop() {
  replace(document.getElementById("top"), h("a", { class: "brand", href: addressOf({ run: "", compare: false }) }, h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "brand-title" }, board.title)),
    h("span", { class: "source wide-only", title: board.source }, board.source), h("span", { class: "gap" }),
    h("span", { class: "made", id: "made" }, live ? [h("span", { class: "live-dot" }), "Live"] : ["Made ", when(board.made)]), themeButton());
}

async function show() {
  readAddress();
  const page = document.getElementById("main");
  page.classList.toggle("fixed", !view.run && !(view.compare && view.chosen.length));
  document.title = (view.run ? splitName(view.run).tail + " · " : view.compare ? "Comparison · " : "") + board.title;
  if (view.run) return showRun(view.run);
  if (view.compare && view.chosen.length) return showComparison();
  dropCharts();
  showTable();
}

// What one is doing on the page goes on: only what has changed is drawn anew.
async function refresh(cards) {
  const before = board;
  board = readCards(cards);
  const changed = board.runs.filter((run) => JSON.stringify(run) !== JSON.stringify(before.byId.get(run.id)));
  for (const run of changed) if (run.id !== view.run) details.delete(run.id);
  if (!view.run && !view.compare && changed.length + Math.abs(board.runs.length - before.runs.length)) {
    const top = tableParts.box.scrollTop;
    refreshTable();
    tableParts.box.scrollTop = top;
  }
  if (view.run && before.byId.get(view.run)?.state !== board.byId.get(view.run)?.state) {
    details.delete(view.run);
    await showRun(view.run);
  }
}

async function follow() {
  let tag = "";
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    if (document.hidden) continue;
    try {
      const answer = await fetched("cards", tag);
      if (answer) await refresh(answer.json);
      if (answer) tag = answer.tag;
      if (board.byId.get(view.run)?.state === "running") await refreshRun(view.run);
      document.getElementById("made").classList.remove("lost");
    } catch {
      document.getElementById("made").classList.add("lost");
    }
  }
}

async function open() {
  theme = themes.includes(stored("smflow-theme")) ? stored("smflow-theme") : "auto";
  useTheme();
  try {
    board = readCards(live ? (await fetched("cards")).json : await unpack(slot("cards")));
  } catch (error) {
    document.getElementById("opening").textContent = `This board cannot be opened: ${error.message}`;
    return;
  }
  showTop();
  await show();
  addEventListener("hashchange", show);
  darkWanted.addEventListener("change", useTheme);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog") && tableParts && tableParts.search.isConnected) {
      event.preventDefault();
      tableParts.search.focus();
    }
  });
  if (live) follow();
}

open();
