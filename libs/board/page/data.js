// The data come as base64 of gzip of JSON in elements of a type that no browser runs, or, from `smflow board
// --serve`, over the same connection as the page.
const live = document.documentElement.dataset.live === "1";

function bytesOf(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function unpack(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function slot(id) {
  const element = document.getElementById(id);
  return element && element.textContent;
}

// JSON has no NaN and no infinity: they are texts.
function numberOf(value) {
  if (typeof value === "number") return value;
  return value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : value === "NaN" ? NaN : null;
}

// Of two runs started in one second only the random end of the name differs; that is also what people type.
function splitName(id) {
  const match = /^(.*?)-?(\d{8}-\d{6})-([a-z0-9]{4,8})$/.exec(id);
  return match ? { base: match[1], tail: match[3] } : { base: "", tail: id };
}

function readCards(raw) {
  const runs = raw.runs.map((run, index) => {
    const name = splitName(run.id);
    return {
      ...run,
      index,
      base: name.base,
      tail: name.tail,
      metric: run.m.map((m) => m && { last: numberOf(m[0]), min: numberOf(m[1]), max: numberOf(m[2]), spark: m[3] || "" }),
      duration: run.started ? (run.ended || (run.state === "running" ? Date.now() : 0)) - run.started : null,
    };
  });
  for (const run of runs) if (run.duration !== null && run.duration < 0) run.duration = null;
  return { ...raw, runs, byId: new Map(runs.map((run) => [run.id, run])) };
}

// {value, changed} of a parameter, or null where the run does not have it. `p` holds 0 for that, else 1 + 2 * index of
// the value + whether it differs from the default.
function parameterOf(board, run, index) {
  const code = run.p[index];
  if (!code) return null;
  return { value: board.values[(code - 1) >> 1], changed: ((code - 1) & 1) === 1 };
}

// Steps and times are differences, as they are mostly equal; values are 32-bit floats.
function readSeries(raw) {
  let step = 0;
  let time = 0;
  return {
    name: raw.name,
    total: raw.total,
    steps: Float64Array.from(raw.steps, (delta) => (step += delta)),
    seconds: Float64Array.from(raw.times, (delta) => (time += delta) / 1000),
    values: new Float32Array(bytesOf(raw.values).buffer),
  };
}

const details = new Map();

// None when it is as it was: `tag` is what the last answer was known by.
async function fetched(path, tag = "") {
  const response = await fetch("data/" + path, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
  if (response.status === 304) return null;
  if (!response.ok) throw new Error(`the server says ${response.status}`);
  return { tag: response.headers.get("ETag") || "", json: await response.json() };
}

async function rawDetail(run, tag) {
  return live ? fetched("run/" + encodeURIComponent(run.id), tag) : { tag: "", json: await unpack(slot("d-" + run.index)) };
}

async function detailOf(run) {
  if (details.has(run.id)) return details.get(run.id);
  return run.detail ? keepDetail(run, await rawDetail(run)) : null;
}

// What has changed since detailOf, or null.
async function newDetailOf(run) {
  const answer = await rawDetail(run, details.get(run.id)?.tag);
  return answer && keepDetail(run, answer);
}

function keepDetail(run, { tag, json: raw }) {
  const detail = {
    tag,
    ...raw,
    series: raw.series.map(readSeries),
    samples: raw.samples.map((sample, i) => ({ ...sample, source: () => sampleSource(run, sample, i) })),
  };
  details.set(run.id, detail);
  return detail;
}

function sampleSource(run, sample, i) {
  if (!sample.type) return null;
  if (live) return `data/sample/${encodeURIComponent(run.id)}/${i}`;
  return `data:image/${sample.type};base64,${slot(`s-${run.index}-${i}`)}`;
}
