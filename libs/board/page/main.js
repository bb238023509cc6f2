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
    h("span", { class: "made", id: "made" }, live ? [h("span", { class: "live-dot" }), h("span", {}, "Live")] : ["Made ", when(board.made)]), themeButton());
}

async function show() {
  const left = view.run;
  readAddress();
  await showView(left);
  keepFocus();
}

function showView(left) {
  const page = document.getElementById("main");
  page.classList.toggle("fixed", !view.run && !(view.compare && view.chosen.length));
  document.title = (view.run ? splitName(view.run).tail + " · " : view.compare ? "Comparison · " : "") + board.title;
  if (view.run) return showRun(view.run);
  if (view.compare && view.chosen.length) return showComparison();
  dropCharts();
  showTable(left);
}

// What has the keyboard's focus is gone when another view is shown.
function keepFocus() {
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
}

// What one is doing on the page goes on: only what has changed is drawn anew.
async function refresh(cards) {
  const before = board;
  const known = knownRuns();
  board = readCards(cards);
  readAddress();
  const changed = board.runs.filter((run) => JSON.stringify(run) !== JSON.stringify(before.byId.get(run.id)));
  for (const run of changed) if (!onPage().includes(run.id)) details.delete(run.id);
  if (onPage().length && known !== knownRuns()) await showView();
  if (onPage().length === 0 && changed.length + Math.abs(board.runs.length - before.runs.length)) renewTable();
  tellNews(before);
}

function tellNews(before) {
  const added = board.runs.filter((run) => !before.byId.has(run.id)).length;
  const turned = board.runs.filter((run) => before.byId.has(run.id) && before.byId.get(run.id).state !== run.state);
  const news = [added ? counted(added, "new run") : "", ...turned.slice(0, 3).map((run) => `Run ${run.tail}: ${stateOf(run).word}`)].filter(Boolean);
  if (news.length) say(news.join(", "));
}

// The runs whose curves are looked at.
const onPage = () => (view.run ? [view.run] : view.compare ? view.chosen : []);

const knownRuns = () => onPage().filter((id) => board.byId.has(id)).join();

function showConnection(lost) {
  const made = document.getElementById("made");
  if (made.classList.contains("lost") === lost) return;
  made.classList.toggle("lost", lost);
  made.lastChild.textContent = lost ? "Not connected" : "Live";
  say(lost ? "The board's server does not answer" : "The board is live again");
}

// A run that has ended is read once more.
async function follow() {
  let tag = "";
  const going = new Set();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    if (document.hidden) continue;
    try {
      const goesOn = (id) => board.byId.get(id)?.state === "running";
      onPage().filter(goesOn).forEach((id) => going.add(id));
      const answer = await fetched("cards", tag);
      if (answer) await refresh(answer.json);
      if (answer) tag = answer.tag;
      onPage().filter(goesOn).forEach((id) => going.add(id));
      for (const id of going) {
        if (onPage().includes(id) && board.byId.has(id)) await (view.run ? refreshRun(id) : refreshComparison(id));
        if (!goesOn(id) || !onPage().includes(id)) going.delete(id);
      }
      showConnection(false);
    } catch {
      showConnection(true);
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
  readAddress();
  await showView();
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
