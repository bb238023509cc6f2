// Curves, by uPlot where the build had it; otherwise plain lines without a cursor.
const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3], [], [7, 4], [2, 3], [9, 3, 2, 3]];
const charts = new Set();
const cssColor = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const seriesColor = (i) => cssColor("--c" + (i % 8));

// A running mean in which older points fade by `weight` a point; the start is not pulled to zero.
function smooth(values, weight) {
  if (weight === 0) return values;
  let mean = 0;
  let sum = 0;
  return Array.from(values, (value) => {
    if (value === null || !Number.isFinite(value)) return null;
    mean = mean * weight + value * (1 - weight);
    sum = sum * weight + (1 - weight);
    return mean / sum;
  });
}

// uPlot knows null for "nothing here"; a logarithm has no place for zero and below.
function drawable(values, log) {
  const fine = log ? (v) => v > 0 && v < Infinity : Number.isFinite;
  return values.every(fine) ? values : Array.from(values, (value) => (fine(value) ? value : null));
}

function formatX(value, byTime) {
  return byTime ? formatDuration(value * 1000) : Math.round(value).toLocaleString("en-US");
}

function shortNumber(value) {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  if (size >= 1e9) return value.toExponential(1);
  if (size >= 1e6) return trimZeros((value / 1e6).toPrecision(3)) + "M";
  if (size >= 1e4) return trimZeros((value / 1e3).toPrecision(3)) + "k";
  if (size !== 0 && size < 1e-3) return value.toExponential(1);
  return trimZeros(value.toPrecision(3).includes("e") ? value.toFixed(0) : value.toPrecision(3));
}

// lines: [{label, run: its id, color index, series}]; settings: {byTime, log, smoothing}.
function chartCard(name, lines, settings) {
  const title = metricName(name);
  const canvas = h("div", { class: "plot", tabindex: "0", role: "img" });
  const values = lines.map(() => h("span", { class: "line-value" }));
  const at = h("span", { class: "at" });
  const legend = h("ul", { class: "legend" }, lines.map((line, i) => h("li", {}, lines.length > 1 ? swatch(line.color) : null, lines.length > 1 ? h("span", { class: "line-name" }, line.label) : null, values[i])));
  const drawn = h("span", { class: "muted" });
  const numbers = h("div", { class: "numbers-box" });
  const chart = { name, lines, settings, canvas, values, at, drawn, numbers, plot: null };
  describe(chart);
  const card = h("figure", { class: "card chart", "data-metric": name },
    h("figcaption", {}, h("span", { class: "chart-title" }, title.group ? h("span", { class: "above" }, title.group) : null, h("span", {}, breakable(title.name))), at, legend),
    canvas, h("details", { class: "numbers", ontoggle: () => describe(chart) }, h("summary", {}, "Numbers", drawn), numbers));
  whenSeen(canvas, () => { charts.add(chart); draw(chart); });
  canvas.addEventListener("keydown", (event) => moveCursor(chart, event));
  card.chart = chart;
  return card;
}

// What is said of the curves beside their drawing.
function describe(chart) {
  const { lines } = chart;
  const all = lines.reduce((sum, line) => sum + line.series.total, 0);
  const drawn = lines.reduce((sum, line) => sum + line.series.values.length, 0);
  chart.canvas.setAttribute("aria-label", summaryOf(chart.name, lines));
  chart.drawn.textContent = drawn < all ? ` · ${drawn.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} points drawn, extremes kept` : "";
  if (chart.numbers.parentNode && chart.numbers.parentNode.open) renew(chart.numbers, numbersTable(lines));
  resetValues(chart);
}

// The curve of one run has become longer.
function renewChart(chart, longer) {
  const line = chart.lines.find((other) => other.run === longer.run);
  if (!line) return;
  line.series = longer.series;
  if (charts.has(chart)) draw(chart);
  describe(chart);
}

function swatch(color) {
  const line = svg("line", { x1: 0, y1: 4, x2: 18, y2: 4, "stroke-dasharray": dashes[color % 8].join(" ") || null });
  return svg("svg", { class: "swatch line-" + (color % 8), viewBox: "0 0 18 8", "aria-hidden": "true" }, line);
}

function extremes(series) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of series.values) {
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low > high ? [NaN, NaN] : [low, high];
}

function summaryOf(name, lines) {
  const parts = lines.map((line) => {
    const [low, high] = extremes(line.series);
    const last = line.series.values[line.series.values.length - 1];
    return `${lines.length > 1 ? line.label + ": " : ""}lowest ${formatNumber(low)}, highest ${formatNumber(high)}, last ${formatNumber(last)}`;
  });
  return `${name}, ${parts.join("; ")}. Left and right arrow keys move along the curve.`;
}

function resetValues(chart) {
  chart.at.textContent = "";
  chart.lines.forEach((line, i) => (chart.values[i].textContent = formatNumber(line.series.values[line.series.values.length - 1])));
}

function numbersTable(lines) {
  const rows = lines.flatMap((line) => {
    const count = line.series.values.length;
    const picked = Array.from({ length: Math.min(20, count) }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, Math.min(20, count) - 1)));
    return picked.map((i) => h("tr", {}, lines.length > 1 ? h("td", {}, line.label) : null, h("td", { class: "number" }, line.series.steps[i].toLocaleString("en-US")),
      h("td", { class: "number" }, formatDuration(line.series.seconds[i] * 1000)), h("td", { class: "number" }, formatNumber(line.series.values[i]))));
  });
  return h("table", { class: "plain" }, h("thead", {}, h("tr", {}, lines.length > 1 ? h("th", { scope: "col" }, "Run") : null,
    ["Step", "Time", "Value"].map((title) => h("th", { scope: "col", class: "number" }, title)))), h("tbody", {}, rows));
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    entry.target.onSeen();
  }
}, { rootMargin: "200px" });

function whenSeen(element, action) {
  element.onSeen = action;
  seen.observe(element);
}

const resized = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const chart = entry.target.chart;
    if (chart && chart.plot && entry.contentRect.width > 0) chart.plot.setSize({ width: Math.floor(entry.contentRect.width), height: plotHeight });
  }
});
const plotHeight = 200;

function dropCharts() {
  for (const chart of charts) if (chart.plot) chart.plot.destroy();
  charts.clear();
}

function redrawCharts(keepZoom = true) {
  for (const chart of charts) keepZoom ? draw(chart) : draw(chart, null);
}

// The part of the horizontal axis that is looked at, null when that is all.
function zoomOf(plot) {
  const { min, max } = plot.scales.x;
  const all = plot.data[0];
  return min > all[0] || max < all[all.length - 1] ? { min, max } : null;
}

function draw(chart, zoom = chart.plot && zoomOf(chart.plot)) {
  if (chart.plot) chart.plot.destroy();
  chart.plot = null;
  replace(chart.canvas);
  if (chart.settings.byTime && chart.lines.every(isTimeless)) return void append(chart.canvas, [h("p", { class: "muted timeless" }, "No times were recorded")]);
  if (typeof uPlot === "undefined") {
    append(chart.canvas, [plainPlot(chart)]);
    return;
  }
  const data = plotData(chart);
  chart.plot = new uPlot(plotOptions(chart, data), data.columns, chart.canvas);
  if (zoom) chart.plot.setScale("x", zoom);
  chart.canvas.chart = chart;
  resized.observe(chart.canvas);
}

// A log does not say when its lines were written.
const isTimeless = ({ series }) => series.seconds.length > 1 && series.seconds[series.seconds.length - 1] === 0;

function plotData(chart) {
  const { byTime, log, smoothing } = chart.settings;
  const x = (line) => (byTime ? line.series.seconds : line.series.steps);
  const marks = chart.lines.map((line) => Array.from(line.series.values.keys()).filter((i) => !Number.isFinite(line.series.values[i])).map((i) => x(line)[i]));
  const tables = chart.lines.flatMap((line) => {
    const raw = drawable(line.series.values, log);
    return smoothing ? [[x(line), raw], [x(line), drawable(smooth(line.series.values, smoothing), log)]] : [[x(line), raw]];
  });
  const alone = tables.every((table) => table[0] === tables[0][0]);
  return { columns: alone ? [tables[0][0], ...tables.map((table) => table[1])] : uPlot.join(tables), marks };
}

function plotOptions(chart, data) {
  const { byTime, log, smoothing } = chart.settings;
  const muted = cssColor("--muted");
  const axis = { stroke: muted, font: "11px system-ui, sans-serif", grid: { stroke: cssColor("--grid"), width: 1 }, ticks: { show: false } };
  const width = chart.canvas.clientWidth || 400;
  const line = (color, faint) => ({ stroke: seriesColor(color) + (faint ? "55" : ""), width: faint ? 1 : 1.6, dash: faint ? [] : dashes[color % 8], points: { show: false }, spanGaps: false });
  const positive = data.columns.slice(1).some((values) => Array.prototype.some.call(values, (value) => value > 0));
  return {
    width, height: plotHeight, legend: { show: false }, padding: [8, 18, 0, 0],
    scales: { x: { time: false }, y: { distr: log && positive ? 3 : 1, range: log && positive ? undefined : aroundRange } },
    axes: [
      { ...axis, size: 26, gap: 4, space: 70, values: (_, splits) => splits.map((value) => (byTime ? shortTime(value) : shortNumber(value))) },
      { ...axis, size: 46, gap: 4, space: 32, values: (_, splits) => splits.map(shortNumber) },
    ],
    series: [{}, ...chart.lines.flatMap((one) => (smoothing ? [line(one.color, true), line(one.color, false)] : [line(one.color, false)]))],
    cursor: { sync: { key: "board", scales: ["x", null] }, y: false, drag: { x: true, y: false }, points: { size: 6, width: 1.5 } },
    hooks: { setCursor: [(plot) => followCursor(chart, plot)], draw: [(plot) => drawMarks(chart, plot, data.marks)] },
  };
}

function aroundRange(_, low, high) {
  if (low === null || high === null) return [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - pad, high + pad];
}

function shortTime(seconds) {
  if (seconds >= 3600) return trimZeros((seconds / 3600).toFixed(1)) + " h";
  return seconds >= 60 ? trimZeros((seconds / 60).toFixed(1)) + " min" : trimZeros(seconds.toFixed(1)) + " s";
}

// Where two runs were not measured at the same step, the nearest point before counts.
function followCursor(chart, plot) {
  const index = plot.cursor.idx;
  if (index === null || index === undefined || plot.cursor.left < 0) return resetValues(chart);
  chart.at.textContent = (chart.settings.byTime ? "at " : "step ") + formatX(plot.data[0][index], chart.settings.byTime);
  const every = chart.settings.smoothing ? 2 : 1;
  chart.lines.forEach((_, i) => {
    const column = plot.data[every * (i + 1)];
    let at = index;
    while (at > 0 && (column[at] === null || column[at] === undefined)) --at;
    chart.values[i].textContent = formatNumber(column[at]);
  });
}

// "The loss became NaN at step 412" is what one looks for, so these are shown, at the lower edge.
function drawMarks(chart, plot, marks) {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  marks.forEach((steps, i) => {
    ctx.fillStyle = seriesColor(chart.lines[i].color);
    for (const step of steps.slice(0, 2000)) {
      const x = plot.valToPos(step, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + bbox.height - 2 * size);
      ctx.lineTo(x - size, bbox.top + bbox.height);
      ctx.lineTo(x + size, bbox.top + bbox.height);
      ctx.fill();
    }
  });
}

function moveCursor(chart, event) {
  const plot = chart.plot;
  if (!plot) return;
  const width = plot.over.clientWidth;
  const from = plot.cursor.left >= 0 ? plot.cursor.left : event.key === "ArrowLeft" ? width : 0;
  const step = width / (event.shiftKey ? 10 : 100);
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    plot.setCursor({ left: Math.max(0, Math.min(width, from + (event.key === "ArrowLeft" ? -step : step))), top: 10 });
    say(`${chart.at.textContent}: ${chart.values.map((value) => value.textContent).join(", ")}`);
    event.preventDefault();
  } else if (event.key === "Escape") {
    plot.setData(plot.data);
    plot.setCursor({ left: -10, top: -10 });
  }
}

function plainPlot(chart) {
  const all = chart.lines.map((line) => extremes(line.series)).filter(([low]) => !Number.isNaN(low));
  const [low, high] = [Math.min(...all.map((e) => e[0])), Math.max(...all.map((e) => e[1]))];
  const share = (value) => (Number.isFinite(value) ? (value - low) / (high - low || 1) : null);
  const lines = chart.lines.map((line) => {
    const every = Math.max(1, Math.floor(line.series.values.length / 600));
    const points = Array.from(line.series.values.filter((_, i) => i % every === 0), share);
    return svg("path", { class: "line-" + (line.color % 8), "stroke-dasharray": dashes[line.color % 8].join(" ") || null, d: linePath(points, 600, plotHeight, 4) });
  });
  return h("div", { class: "plain-plot" }, h("span", {}, formatNumber(high)), svg("svg", { viewBox: `0 0 600 ${plotHeight}`, preserveAspectRatio: "none" }, lines), h("span", {}, formatNumber(low)));
}
