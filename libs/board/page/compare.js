// Chosen runs side by side.
let onlyDifferences = true;

async function showComparison() {
  const runs = view.chosen.map((id) => board.byId.get(id));
  const ids = view.chosen.join();
  const found = await Promise.all(runs.map(detailOf));
  if (!view.compare || ids !== view.chosen.join()) return;
  dropCharts();
  const perRun = runs.map((run, color) => ({ run, label: run.tail, color, series: found[color] ? found[color].series : [], samples: found[color] ? found[color].samples : [] }));
  const without = runs.filter((_, i) => !found[i]);
  replace(document.getElementById("main"), h("article", { class: "page compare-page" },
    backLink(), h("header", { class: "run-head" }, h("div", { class: "run-title" }, h("h1", {}, `${counted(runs.length, "run")} side by side`))),
    without.length ? h("p", { class: "notice" }, `No curves and pictures in this page: ${without.map((run) => run.tail).join(", ")}.`) : null,
    section("Curves", curvesPart(perRun.map((one) => ({ ...one, run: one.run.id })))), section("Parameters and results", differenceTable(view.chosen)),
    perRun.some((one) => one.samples.length) ? section("Samples", samplesPart(perRun)) : null));
}

// One of the runs goes on, or has just ended.
async function refreshComparison(id) {
  const run = board.byId.get(id);
  const news = run.detail ? await newDetailOf(run) : null;
  const page = document.querySelector(".compare-page");
  if (!page || !view.compare || !view.chosen.includes(id)) return;
  page.querySelector(".scroll-x").draw();
  if (!news) return;
  renewCurves(page.querySelector(".part"), { label: run.tail, run: id, color: view.chosen.indexOf(id), series: news.series });
  const samples = page.querySelector(".samples");
  if (samples) samples.add({ run, samples: news.samples });
}

const section = (title, ...content) => h("section", { class: "part", "aria-label": title }, h("h2", {}, title), content);

function differenceTable(ids) {
  const box = h("div", { class: "scroll-x", tabindex: "0", role: "region", "aria-label": "Differences" });
  const all = h("input", { type: "checkbox", id: "only-differences", checked: onlyDifferences, onchange: () => { onlyDifferences = all.checked; draw(); } });
  function draw() {
    const runs = ids.map((id) => board.byId.get(id));
    renew(box, h("table", { class: "diff" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "hidden" }, "Name")), runs.map((run, color) =>
      h("th", { scope: "col" }, h("div", { class: "diff-run" }, swatch(color), h("a", { href: addressOf({ run: run.id, compare: false }), class: "name" }, run.tail), removeButton(run)), h("div", { class: "muted" }, run.base))))),
      h("tbody", {}, groupRows("Run", factRows(runs)), groupRows("Parameters", parameterRows(runs)), groupRows("Metrics, last value", metricRows(runs)))));
  }
  draw();
  box.draw = draw;
  return [h("div", { class: "controls" }, h("label", { class: "control" }, all, "Only what differs")), box];
}

function removeButton(run) {
  return h("button", { type: "button", class: "icon-button", "aria-label": "Leave out " + run.id, onclick: () => { choose(run.id, false); if (view.chosen.length > 1) show(); else go({ compare: false }); } }, icon("cross"));
}

function groupRows(title, rows) {
  const shown = onlyDifferences ? rows.filter((row) => row.differs) : rows;
  if (rows.length === 0) return null;
  const head = h("tr", { class: "group" }, h("th", { colspan: "100", scope: "rowgroup" }, title, shown.length === 0 ? h("span", { class: "muted" }, " · all equal") : null));
  return [head, shown.map((row) => h("tr", { class: row.differs ? "differs" : "" }, h("th", { scope: "row" }, breakable(row.name)), row.cells.map((cell) => h("td", { class: cell.class || "" }, cell.content))))];
}

const differs = (values) => values.some((value) => !Object.is(value, values[0]));

function factRows(runs) {
  const row = (name, values, shown = values) => ({ name, differs: differs(values), cells: shown.map((content) => ({ content: content || dash })) });
  return [row("Status", runs.map((run) => run.state), runs.map(statePill)), row("Created", runs.map((run) => run.created), runs.map((run) => when(run.created))),
    row("Duration", runs.map((run) => formatDuration(run.duration))), row("On", runs.map((run) => run.target)), row("By", runs.map((run) => run.user)), row("Experiment", runs.map((run) => run.experiment))];
}

function parameterRows(runs) {
  return board.parameters.map((name, i) => {
    const found = runs.map((run) => parameterOf(board, run, i));
    if (found.every((one) => one === null)) return null;
    return { name: parameterName(name).key, differs: differs(found.map((one) => (one ? formatValue(one.value) : null))),
      cells: found.map((one) => ({ content: one ? formatValue(one.value) : dash, class: one && one.changed ? "value" : "value default" })) };
  }).filter(Boolean);
}

function metricRows(runs) {
  return board.metrics.map((name, i) => {
    const values = runs.map((run) => (run.metric[i] ? run.metric[i].last : null));
    if (values.every((value) => value === null)) return null;
    return { name, differs: differs(values), cells: values.map((value) => ({ content: formatNumber(value), class: "value" })) };
  }).filter(Boolean);
}
