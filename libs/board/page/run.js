// The page of one run.
async function showRun(id) {
  const run = board.byId.get(id);
  const main = document.getElementById("main");
  if (!run) return void replace(main, h("div", { class: "page" }, backLink(), h("p", { class: "notice" }, `There is no run “${id}” on this board.`)));
  const detail = await detailOf(run);
  if (view.run !== id) return;
  dropCharts();
  const part = (name) => h("div", { class: "drawn", "data-part": name }, drawnAnew[name](run, detail));
  const sections = detail ? [["Curves", curvesPart([{ label: run.tail, run: id, color: 0, series: detail.series }])], ["Samples", samplesPart([{ label: run.tail, run, samples: detail.samples }])], ["Log", logPart(detail)]]
    : [["Curves", h("p", { class: "muted" }, "Only the newest runs of a board carry their curves, pictures and logs; more do with ", h("code", {}, "smflow board --details N"), ".")]];
  replace(main, h("article", { class: "page run-page" },
    backLink(), part("head"), part("reason"), part("timeline"), h("div", { class: "run-grid" },
      h("div", { class: "mainly" }, sections.map(([title, content]) => h("section", { class: "part part-" + title.toLowerCase(), "aria-label": title }, h("h2", {}, title), content))),
      h("aside", { class: "side", "aria-label": "Facts" }, part("replicate"), parametersCard(run), part("metrics"), part("artifacts"), part("provenance")))));
  main.scrollTop = 0;
}

// What is drawn anew when it changes; curves, pictures and the log are added to, and parameters never change.
const drawnAnew = {
  head: (run) => runHead(run),
  reason: (run, detail) => (detail && detail.reason ? h("p", { class: "reason", role: "region", tabindex: "0", "aria-label": "Why it failed" }, detail.reason) : null),
  timeline: (run, detail) => detail && timelinePart(run, detail),
  replicate: (run, detail) => detail && replicateCard(detail),
  metrics: (run) => metricsCard(run),
  artifacts: (run, detail) => detail && artifactsCard(detail),
  provenance: (run, detail) => detail && provenanceCard(run, detail),
};

// A run that goes on, or has just ended: longer curves, new pictures, more log.
async function refreshRun(id) {
  const run = board.byId.get(id);
  const main = document.getElementById("main");
  const before = details.get(id);
  const news = before ? await newDetailOf(run) : null;
  const page = main.querySelector(".run-page");
  if (view.run !== id || !page) return;
  for (const part of page.querySelectorAll(".drawn")) renew(part, drawnAnew[part.dataset.part](run, news || before));
  if (!news) return;
  renewCurves(page.querySelector(".part-curves"), { label: run.tail, run: id, color: 0, series: news.series });
  renewSamples(page.querySelector(".part-samples"), { label: run.tail, run, samples: news.samples });
  renewLog(page.querySelector(".part-log"), news);
}

function backLink() {
  return h("a", { class: "back", href: addressOf({ run: "", compare: false }) }, icon("back"), "All runs");
}

function runHead(run) {
  const neighbours = sorted(board, board.runs, "-created");
  const at = neighbours.indexOf(run);
  const arrow = (other, name, word) => other ? h("a", { class: "button small", href: addressOf({ run: other.id }), "aria-label": word, title: word }, icon(name)) : null;
  const chosen = view.chosen.includes(run.id);
  const compareButton = h("button", { type: "button", class: "button", "aria-pressed": String(chosen), onclick: () => {
    choose(run.id, !view.chosen.includes(run.id));
    compareButton.setAttribute("aria-pressed", String(view.chosen.includes(run.id)));
    compareButton.textContent = view.chosen.includes(run.id) ? "Chosen for comparison" : "Choose for comparison";
  } }, chosen ? "Chosen for comparison" : "Choose for comparison");
  return h("header", { class: "run-head" },
    h("div", { class: "run-title" }, h("h1", {}, h("span", { class: "tail" }, run.tail), run.base ? h("span", { class: "base" }, run.base) : null), statePill(run),
      h("span", { class: "gap" }), h("span", { class: "run-actions" }, compareButton, arrow(neighbours[at - 1], "back", "Newer run"), arrow(neighbours[at + 1], "next", "Older run"))),
    h("p", { class: "facts" }, [["", when(run.created)], ["took", formatDuration(run.duration)], ["on", run.target], ["by", run.user + (run.host ? "@" + run.host : "")], ["in", run.experiment]]
      .filter(([, value]) => value && value !== dash).map(([word, value]) => h("span", {}, word ? word + " " : null, h("b", {}, value)))));
}

const phaseWords = { Starting: "Starting", Pending: "Pending", Downloading: "Downloading data", DownloadingTrainingImage: "Downloading image", LaunchingMLInstances: "Launching instance", PreparingTrainingStack: "Preparing", Training: "Training", Uploading: "Uploading results", Stopping: "Stopping" };

function timelinePart(run, detail) {
  const now = run.state === "running" ? Date.now() : run.ended;
  const phases = detail.phases.map((phase) => ({ ...phase, end: phase.end || now || phase.start })).filter((phase) => phase.end > phase.start);
  if (phases.length === 0) return null;
  const all = phases.reduce((sum, phase) => sum + phase.end - phase.start, 0);
  return h("section", { class: "timeline", "aria-label": "Status timeline" }, h("ol", {}, phases.map((phase) => {
    const took = formatDuration(phase.end - phase.start);
    const item = h("li", { class: "phase phase-" + (phaseWords[phase.name] ? phase.name : "other"), title: phase.message || null },
      h("span", { class: "phase-bar" }), h("span", { class: "phase-name" }, phaseWords[phase.name] || phase.name), h("span", { class: "phase-time" }, took));
    item.style.flexGrow = String(Math.max(0.02, (phase.end - phase.start) / all));
    return item;
  })));
}

function logPart(detail) {
  if (!detail.log.text) return h("p", { class: "muted" }, "No log was recorded.");
  const box = h("pre", { class: "log", tabindex: "0", role: "region", "aria-label": "Text of the log" }, detail.log.text);
  requestAnimationFrame(() => (box.scrollTop = box.scrollHeight));
  return [h("p", { class: "muted log-from" }, logSource(detail.log)), box];
}

function logSource(log) {
  const file = h("code", {}, log.file);
  return log.leftOut ? [`The last ${formatBytes(log.text.length)} of `, file, `; ${formatBytes(log.leftOut)} before are left out`] : file;
}

// Who reads the end goes on reading the end.
function renewLog(part, detail) {
  const box = part.querySelector(".log");
  if (!box || !detail.log.text) return renew(part, part.firstChild.cloneNode(true), logPart(detail));
  const atEnd = box.scrollTop + box.clientHeight > box.scrollHeight - 8;
  renew(part.querySelector(".log-from"), logSource(detail.log));
  box.textContent = detail.log.text;
  if (atEnd) box.scrollTop = box.scrollHeight;
}

const card = (title, ...content) => h("section", { class: "card", "aria-label": title }, h("h2", {}, title), content);

function replicateCard(detail) {
  if (!detail.replicate) return null;
  return card("Replicate", h("div", { class: "command" }, h("code", {}, commandLine(detail.replicate)), copyButton(detail.replicate, "Copy the command")),
    detail.exact ? h("p", { class: "muted" }, "Exact: everything needed is recorded.") : h("p", { class: "muted" }, "Not exact: ", detail.notExact.join("; ") || "unknown", "."));
}

function parametersCard(run) {
  const rows = board.parameters.map((name, i) => ({ ...parameterName(name), found: parameterOf(board, run, i) })).filter((row) => row.found)
    .sort((a, b) => (a.config === "sagemaker") - (b.config === "sagemaker"));
  const changed = rows.filter((row) => row.found.changed).length;
  const list = h("div", { class: "parameters" });
  const search = h("input", { type: "search", class: "search small parameters-search", placeholder: "Find a parameter", "aria-label": "Find a parameter", oninput: draw });
  const all = h("input", { type: "checkbox", checked: true, onchange: draw });
  function draw() {
    const wanted = search.value.toLowerCase();
    const sections = new Map();
    for (const row of rows) {
      if (!row.key.toLowerCase().includes(wanted) || !(all.checked || row.found.changed)) continue;
      const title = row.config === "sagemaker" ? `${row.section} · job` : row.section;
      if (!sections.has(title)) sections.set(title, h("dl", { "aria-label": title }));
      append(sections.get(title), [h("div", { class: row.found.changed ? "parameter" : "parameter default" }, h("dt", {}, breakable(row.option)), h("dd", {}, formatValue(row.found.value)))]);
    }
    replace(list, Array.from(sections, ([title, options]) => [h("div", { class: "section-name" }, title), options]));
  }
  draw();
  return card("Parameters", h("div", { class: "controls tight" }, search, h("label", { class: "control" }, all, "Defaults")), h("p", { class: "muted" }, `${changed} differ from the defaults`), list);
}

function metricsCard(run) {
  const rows = board.metrics.map((name, i) => ({ name, metric: run.metric[i] })).filter((row) => row.metric);
  if (rows.length === 0) return null;
  return card("Metrics", h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Name"), ["Last", "Lowest", "Highest"].map((word) => h("th", { scope: "col", class: "number" }, word)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, breakable(row.name)), [row.metric.last, row.metric.min, row.metric.max].map((value) => h("td", { class: "number" }, formatNumber(value))))))));
}

function artifactsCard(detail) {
  if (detail.artifacts.length === 0) return null;
  return card("Artifacts", h("ul", { class: "artifacts" }, detail.artifacts.map((artifact) =>
    h("li", {}, h("span", { class: "artifact-name" }, artifact.name), h("code", {}, breakable(artifact.uri)), copyButton(artifact.uri, "Copy the address of " + artifact.name)))));
}

function provenanceCard(run, detail) {
  const rows = [["Run", run.id], ["Command", detail.command && commandLine(detail.command)], ["Image", detail.image], ["Source", detail.source], ["Config hash", detail.configHash], ["Exit code", detail.exitCode === null ? "" : String(detail.exitCode)],
    ["Started", formatExact(run.started)], ["Ended", formatExact(run.ended)], ["smflow", detail.tool], ...detail.data.map((one) => ["Data " + one.channel, one.uri])];
  return card("Provenance", h("dl", { class: "provenance" }, rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}
