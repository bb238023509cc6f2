// The part of a page with one chart a metric, and what they have in common.
const curveSettings = { byTime: false, log: false, smoothing: 0 };

// perRun: [{label, run: its id, color, series: [...]}]
function curvesPart(perRun) {
  const names = [];
  for (const one of perRun) for (const series of one.series) if (!names.includes(series.name)) names.push(series.name);
  if (names.length === 0) return h("p", { class: "muted" }, "No metrics were recorded.");
  const grid = h("div", { class: "chart-grid" }, lossesFirst(names).map((name) => chartCard(name, perRun.flatMap((one) => linesOf(one, name)), curveSettings)));
  return [curveControls(), grid];
}

const linesOf = (one, name) => one.series.filter((series) => series.name === name).map((series) => ({ label: one.label, run: one.run, color: one.color, series }));

// The longer curves of one run in the charts that are there, and a chart for what was not measured before.
function renewCurves(part, one) {
  const grid = part.querySelector(".chart-grid");
  if (!grid) return renew(part, part.firstChild.cloneNode(true), curvesPart([one]));
  lossesFirst(one.series.map((series) => series.name)).forEach((name, place) => {
    const there = Array.from(grid.children).find((other) => other.dataset.metric === name);
    if (there) renewChart(there.chart, linesOf(one, name)[0]);
    else grid.insertBefore(chartCard(name, linesOf(one, name), curveSettings), grid.children[place] || null);
  });
}

function curveControls() {
  const smoothing = h("input", { type: "range", min: "0", max: "0.99", step: "0.01", value: curveSettings.smoothing, id: "smoothing",
    oninput: () => { curveSettings.smoothing = Number(smoothing.value); shown.textContent = curveSettings.smoothing.toFixed(2); redrawCharts(); } });
  const shown = h("output", { class: "number", for: "smoothing" }, curveSettings.smoothing.toFixed(2));
  const log = h("input", { type: "checkbox", checked: curveSettings.log, id: "log", onchange: () => { curveSettings.log = log.checked; redrawCharts(); } });
  const choice = (byTime, word) => h("button", { type: "button", "aria-pressed": String(curveSettings.byTime === byTime), onclick: (event) => {
    curveSettings.byTime = byTime;
    for (const other of event.currentTarget.parentNode.children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
    redrawCharts(false);
  } }, word);
  return h("div", { class: "controls" },
    h("div", { class: "segmented", role: "group", "aria-label": "Horizontal axis" }, choice(false, "Step"), choice(true, "Time")),
    h("label", { class: "control" }, log, "Log scale"),
    h("label", { class: "control" }, "Smoothing", smoothing, shown),
    h("span", { class: "muted wide-only" }, "Drag to zoom, double-click to reset"));
}
