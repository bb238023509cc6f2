// The table of runs. Only the rows in sight are in the document, so that 10,000 are as quick as ten.
let tableParts = null;

// `from`: the run whose page was left for the table.
function showTable(from) {
  const before = tableParts;
  const search = h("input", { id: "search", type: "search", class: "search", value: view.q, placeholder: "Search, or state:failed LEARNING_RATE<=2e-4",
    "aria-label": "Search runs", autocomplete: "off", spellcheck: "false", oninput: () => { amend({ q: search.value }); refreshTable(); } });
  const parts = {
    search, chips: h("div", { class: "chips", role: "group", "aria-label": "Status" }), hint: h("p", { class: "hint" }),
    all: h("button", { type: "button", class: "button", onclick: () => { search.value = ""; amend({ q: "", state: "" }); refreshTable(); search.focus(); } }, "Show all runs"),
    head: h("thead", {}), body: h("tbody", {}), bar: h("div", { class: "chosen-bar", hidden: true }),
    sort: h("select", { class: "sort-select", "aria-label": "Sort by", onchange: () => { amend({ sort: parts.sort.value }); refreshTable(); } }),
    caption: h("caption", { class: "hidden" }),
    runs: [], columns: [], first: 0, last: 0, top: 0, shows: "",
  };
  parts.table = h("table", { class: "runs" }, parts.caption, parts.head, parts.body);
  parts.box = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs", onscroll: () => { parts.top = parts.box.scrollTop; drawRows(parts); } }, parts.table);
  tableParts = parts;
  parts.section = h("section", { class: "page-table" },
    h("h1", { class: "hidden" }, "Runs"),
    h("div", { class: "toolbar" },
      h("label", { class: "search-box" }, icon("search"), search),
      parts.chips, h("span", { class: "gap" }), parts.sort, columnsButton()),
    parts.hint, parts.all, parts.box, parts.bar);
  replace(document.getElementById("main"), parts.section);
  parts.body.addEventListener("keydown", moveBetweenRows);
  new ResizeObserver(() => drawRows(parts, true)).observe(parts.box);
  refreshTable();
  if (before && before.shows === parts.shows) drawRows(parts, true, before.top);
  const link = Array.from(parts.body.querySelectorAll("a.name")).find((other) => other.dataset.key === from);
  if (link) link.focus({ preventScroll: true });
}

// Another search, order or choice of columns: it begins at the top.
function refreshTable() {
  findRuns(tableParts);
  tableParts.shows = [view.q, view.state, view.sort].join("\n");
  drawRows(tableParts, true, 0);
  say(`${counted(tableParts.runs.length, "run")} shown`);
}

// The same search among runs that have changed: the rows that are looked at stay where they are.
function renewTable() {
  const parts = tableParts;
  const top = parts.box.scrollTop;
  const first = Math.floor(top / rowHeight());
  const seen = first > 0 ? parts.runs[first] : null;
  findRuns(parts);
  const now = seen ? parts.runs.findIndex((run) => run.id === seen.id) : -1;
  drawRows(parts, true, now < 0 ? top : top + (now - first) * rowHeight());
}

function findRuns(parts) {
  const filter = readFilter(board, view.q);
  const found = board.runs.filter(filter.test);
  parts.runs = sorted(board, view.state ? found.filter((run) => run.state === view.state) : found, view.sort);
  parts.columns = columnsFor(board, parts.runs);
  drawChips(parts, found);
  drawHead(parts);
  drawSort(parts);
  drawChosenBar(parts);
  parts.caption.textContent = `${counted(parts.runs.length, "run")} of ${board.runs.length}`;
  parts.table.setAttribute("aria-rowcount", parts.runs.length + 1);
  parts.hint.textContent = hintOf(parts, filter);
  parts.hint.hidden = parts.hint.textContent === "";
  parts.section.classList.toggle("is-empty", parts.runs.length === 0);
  parts.all.hidden = parts.runs.length > 0 || board.runs.length === 0;
}

function hintOf(parts, filter) {
  if (filter.unknown.length) return `No parameter or metric is called ${filter.unknown.map((name) => `“${name}”`).join(", ")}.`;
  if (board.runs.length === 0) return "There are no runs here yet. Start one with: smflow run --config FILE";
  return parts.runs.length === 0 ? "No run matches." : "";
}

function drawChips(parts, found) {
  const counts = new Map();
  for (const run of found) counts.set(run.state, (counts.get(run.state) || 0) + 1);
  if (view.state && !counts.has(view.state)) counts.set(view.state, 0);
  const chip = (state, word, count) =>
    h("button", { type: "button", class: "chip" + (state ? " state-" + state : ""), "aria-pressed": String(view.state === state), "data-key": state || "all",
      onclick: () => { amend({ state: view.state === state ? "" : state }); refreshTable(); } },
      state ? icon(states[state].icon) : null, word, h("span", { class: "count" }, count.toLocaleString("en-US")));
  renew(parts.chips, chip("", "All", found.length),
    Object.keys(states).filter((state) => counts.has(state)).map((state) => chip(state, states[state].word, counts.get(state))));
}

function sortTitle(column) {
  return (column.above ? column.above.trim() + " " : "") + column.title;
}

function drawSort(parts) {
  const option = (key, title) => h("option", { value: key, selected: view.sort === key }, title);
  renew(parts.sort, option("-created", "Newest first"), parts.columns.filter((column) => column.key !== "created")
    .flatMap((column) => [option(column.key, sortTitle(column) + " ↑"), option("-" + column.key, sortTitle(column) + " ↓")]));
  parts.sort.value = view.sort;
}

function drawHead(parts) {
  const cell = (column) => {
    const direction = view.sort === column.key ? "ascending" : view.sort === "-" + column.key ? "descending" : null;
    const first = column.key === "created" || column.key === "duration" ? "-" : "";
    const next = direction === null ? first + column.key : direction === "ascending" ? "-" + column.key : column.key;
    return h("th", { scope: "col", role: "columnheader", "aria-sort": direction, class: cellClass(column) },
      h("button", { type: "button", class: "sort", title: sortTitle(column), onclick: () => { amend({ sort: next }); refreshTable(); }, "data-key": column.key },
        column.kind ? h("span", { class: "above" }, column.above || (column.kind === "metric" ? "metric" : " ")) : null,
        h("span", { class: "title" }, column.title, direction ? icon(direction === "ascending" ? "up" : "down") : null)));
  };
  renew(parts.head, h("tr", { role: "row", "aria-rowindex": "1" },
    h("th", { scope: "col", class: "choose", role: "columnheader" }, h("span", { class: "hidden" }, "Compare")), parts.columns.map(cell)));
}

function cellClass(column) {
  return [column.kind || "fixed", column.rank === undefined ? "" : "rank-" + column.rank, "c-" + (column.kind ? column.kind : column.key), column.number && column.key !== "created" ? "number" : ""].join(" ").trim();
}

const rowHeight = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 40;

// `top`: how far it is scrolled, or will be.
function drawRows(parts, anew = false, top = parts.box.scrollTop) {
  const height = rowHeight();
  const first = Math.max(0, Math.min(Math.floor(top / height), parts.runs.length) - 8);
  const last = Math.min(parts.runs.length, Math.ceil((top + parts.box.clientHeight) / height) + 8);
  if (anew || first >= parts.last || last <= parts.first) {
    renew(parts.body, spacer(first * height), rowsOf(parts, first, last), spacer((parts.runs.length - last) * height));
    parts.box.scrollTop = top;
  } else if (first !== parts.first || last !== parts.last) {
    moveWindow(parts, first, last, height);
  }
  [parts.first, parts.last] = [first, last];
}

// Rows that stay are left alone: one of them may have the focus.
function moveWindow(parts, first, last, height) {
  const body = parts.body;
  for (let i = parts.first; i < Math.min(first, parts.last); ++i) removeRow(parts, body.children[1]);
  for (let i = parts.last; i > Math.max(last, parts.first); --i) removeRow(parts, body.children[body.children.length - 2]);
  body.firstElementChild.after(...rowsOf(parts, first, Math.min(parts.first, last)));
  body.lastElementChild.before(...rowsOf(parts, Math.max(parts.last, first), last));
  body.firstElementChild.firstElementChild.style.height = first * height + "px";
  body.lastElementChild.firstElementChild.style.height = (parts.runs.length - last) * height + "px";
}

function removeRow(parts, row) {
  if (row.contains(document.activeElement)) parts.box.focus({ preventScroll: true });
  row.remove();
}

function spacer(height) {
  const cell = h("td", { colspan: "100" });
  cell.style.height = height + "px";
  return h("tr", { class: "spacer", "aria-hidden": "true" }, cell);
}

function rowsOf(parts, first, last) {
  const rows = [];
  for (let i = first; i < last; ++i) rows.push(rowOf(parts.runs[i], i, parts.columns));
  return rows;
}

function rowOf(run, i, columns) {
  const box = h("input", { type: "checkbox", checked: view.chosen.includes(run.id), "aria-label": "Compare " + run.id,
    onchange: () => { box.checked = choose(run.id, box.checked) && box.checked; row.classList.toggle("chosen", box.checked); drawChosenBar(tableParts); } });
  const row = h("tr", { role: "row", "aria-rowindex": i + 2, class: view.chosen.includes(run.id) ? "chosen" : "",
    onclick: (event) => { if (!event.target.closest("a, input, label, button") && !String(getSelection())) go({ run: run.id }); } },
    h("td", { role: "cell", class: "choose" }, h("label", {}, box)), columns.map((column) => cellOf(run, column)));
  return row;
}

function cellOf(run, column) {
  const cell = (...children) => h("td", { role: "cell", class: cellClass(column), "data-title": sortTitle(column) }, children);
  switch (column.key) {
    case "id":
      return cell(h("a", { href: addressOf({ run: run.id }), class: "name", title: run.id, "data-key": run.id }, h("span", { class: "tail" }, run.tail), h("span", { class: "base" }, run.base)));
    case "state": return cell(statePill(run));
    case "created": return cell(when(run.created));
    case "duration": return cell(formatDuration(run.duration));
    case "user": return cell(run.user || dash);
    case "target": return cell(run.target || dash);
  }
  if (column.kind === "metric") return cell(metricCell(run.metric[column.index], column.which));
  const found = parameterOf(board, run, column.index);
  return cell(found ? h("span", { class: found.changed ? "value" : "value default", title: formatValue(found.value) }, formatValue(found.value)) : dash);
}

function metricCell(metric, which) {
  if (!metric || metric[which] === null) return h("span", { class: "none" }, dash);
  const wrong = !Number.isFinite(metric[which]);
  return [which === "last" ? sparkline(metric.spark) : null, h("span", { class: wrong ? "value wrong" : "value" }, formatNumber(metric[which]))];
}

function drawChosenBar(parts) {
  const count = view.chosen.length;
  parts.bar.hidden = count === 0;
  renew(parts.bar, h("span", { class: "bar-text" }, counted(count, "run") + " chosen"),
    h("button", { type: "button", class: "button", onclick: () => { amend({ chosen: [] }); parts.box.focus(); drawChosenBar(parts); drawRows(parts, true); } }, "Clear"),
    h("button", { type: "button", class: "button primary", id: "compare", disabled: count < 2, onclick: () => go({ compare: true, run: "" }) }, count < 2 ? "Choose one more" : "Compare"));
}

function moveBetweenRows(event) {
  const row = event.target.closest("tr");
  const step = event.key === "ArrowDown" ? "nextElementSibling" : event.key === "ArrowUp" ? "previousElementSibling" : null;
  if (!step || !row || !row[step]) return;
  const again = event.target.matches("input") ? row[step].querySelector("input") : row[step].querySelector("a");
  if (!again) return;
  event.preventDefault();
  again.focus({ preventScroll: true });
  again.closest("tr").scrollIntoView({ block: "nearest" });
}
