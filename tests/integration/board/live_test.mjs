// smflow board --serve while a run goes on.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { visit } from "./browser.mjs";

const home = mkdtempSync(join(tmpdir(), "smflow-live-"));
const stamp = new Date().toISOString();
const id = `gan-${stamp.slice(0, 10).replaceAll("-", "")}-${stamp.slice(11, 19).replaceAll(":", "")}-7f3a2`;
const record = join(home, "runs/team/exp/configs", id);
const work = join(home, "cache/smflow/jobs", id);
const smflow = join(process.env.SMFLOW_BIN, "smflow");
const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, "cache"), LANG: "C.UTF-8" };
let server;
let url;

// As smflow run does it beside each record.
function writeCards() {
  execFileSync(smflow, ["runs", "list", "--reindex", "--bucket", `file://${home}/runs`], { env, stdio: "ignore" });
}

function write(name, content) {
  mkdirSync(join(name, ".."), { recursive: true });
  writeFileSync(name, content);
}

function writeRecord(run, created, more = {}) {
  write(join(record, "..", run, "record.json"), JSON.stringify({
    schema: "smflow.run/1", run: { id: run, experiment: "team/exp", created }, who: { user: "ann", host: "elsewhere" },
    target: { mode: "process", instance_type: "local", max_run_s: 3600 }, configs: { effective: {}, changed: {} },
    replicate: { command: "smflow run", exact: true, why_not_exact: [] }, ...more,
  }));
}

function writeOutcome(run, state) {
  write(join(record, "..", run, "outcome.json"), JSON.stringify({ schema: "smflow.outcome/1", state, exit_code: 0, started: stamp, ended: new Date().toISOString(), phases: [], artifacts: [] }));
}

const named = (tail) => id.replace("7f3a2", tail);
const point = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");
const line = (step) => JSON.stringify({ v: 1, t: Date.now() / 1000, step, epoch: 1, m: { "generator/loss": 2 / (step + 1) } }) + "\n";

before(async () => {
  writeRecord(id, stamp);
  write(join(work, "algo-1/ml/output/data/metrics/metrics.jsonl"), line(1) + line(2));
  write(join(work, "algo-1.txt"), "first line\n");
  writeCards();
  server = spawn(smflow, ["board", "--bucket", `file://${home}/runs`, "--serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  url = await new Promise((resolve, reject) => {
    server.stdout.once("data", (data) => resolve(String(data).trim()));
    server.stderr.on("data", () => {});
    server.once("exit", (code) => reject(new Error(`smflow board --serve ended with ${code}`)));
  });
});
after(() => {
  server.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

function ask(path, options = {}) {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, ...options }, (response) => {
      response.resume();
      response.on("end", () => resolve(response));
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("the address is long, random and the only one", async () => {
  const path = new URL(url).pathname;
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[a-z0-9]{32}\/$/);
  assert.equal((await ask(path)).statusCode, 200);
  for (const other of ["/", "/data/cards", "/" + "a".repeat(32) + "/", path.slice(0, -2) + "/", path + "../etc/passwd", "/" + "a".repeat(32) + "/data/cards"]) {
    assert.equal((await ask(other)).statusCode, 403, other);
  }
});

test("other hosts and other methods are refused", async () => {
  const path = new URL(url).pathname;
  assert.equal((await ask(path, { headers: { Host: "evil.example" } })).statusCode, 403);
  assert.equal((await ask(path + "data/cards", { headers: { Host: `evil.example:${new URL(url).port}` } })).statusCode, 403);
  for (const method of ["POST", "PUT", "DELETE"]) assert.equal((await ask(path, { method })).statusCode, 405, method);
  const { headers } = await ask(path + "data/cards");
  assert.equal((await ask(path + "data/cards", { headers: { "If-None-Match": headers.etag } })).statusCode, 304);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["cache-control"], "no-store");
  assert.equal((await ask(path + "data/run/none")).statusCode, 404);
  assert.equal((await ask(path + `data/sample/${id}/99999999999999999999`)).statusCode, 404);
});

test("the page follows a run to its end", () => visit(url, {}, async (page) => {
  assert.equal(await page.locator("tbody tr:not(.spacer) .pill").textContent(), "Running");
  await page.locator(".runs a.name").first().click();
  await page.waitForSelector(".chart canvas");
  assert.equal(await page.locator(".chart").first().evaluate((card) => card.chart.plot.data[0].length), 2);
  await page.fill(".parameters-search", "what is typed stays");
  write(join(work, "algo-1/ml/output/data/metrics/metrics.jsonl"), line(1) + line(2) + line(3));
  write(join(work, "algo-1.txt"), "first line\nsecond line\n");
  await page.waitForFunction(() => document.querySelector(".chart")?.chart?.plot?.data[0].length === 3);
  assert.match(await page.locator("pre.log").textContent(), /second line/);
  assert.equal(await page.inputValue(".parameters-search"), "what is typed stays");
  rmSync(work, { recursive: true });
  write(join(record, "metrics/metrics.jsonl"), line(1) + line(2) + line(3) + line(4));
  writeOutcome(id, "succeeded");
  writeCards();
  await page.waitForSelector(".run-head .state-succeeded");
  await page.waitForFunction(() => document.querySelector(".chart")?.chart?.plot?.data[0].length === 4);
}));

test("the table follows new runs", () => visit(url, {}, async (page) => {
  assert.equal(await page.locator("tbody tr:not(.spacer)").count(), 1);
  writeRecord(named("zzzzz"), stamp);
  writeCards();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr:not(.spacer)").length === 2);
}));

test("a program that writes no metrics has the curves that its log says", async () => {
  const run = named("logs1");
  const log = join(work, "..", run, "algo-1.txt");
  writeRecord(run, stamp);
  write(log, "[1/2] Loss_D: 0.5 Loss_G: 2.5\n[2/2] Loss_D: 0.25 Loss_G: 1.5\n");
  writeCards();
  await visit(`${url}#run=${run}`, {}, async (page) => {
    await page.waitForSelector(".chart canvas");
    assert.equal(await page.locator(".chart").count(), 2);
    assert.deepEqual(await page.locator('.chart[data-metric="generator:loss"]').evaluate((card) => Array.from(card.chart.plot.data[1])), [2.5, 1.5]);
    appendFileSync(log, "[3/2] Loss_D: 0.25 Loss_G: 1.25\n");
    await page.waitForFunction(() => document.querySelector(".chart")?.chart?.plot?.data[0].length === 3);
    await page.getByRole("button", { name: "Time" }).click();
    assert.equal(await page.locator(".timeless").count(), 2);
    await page.getByRole("button", { name: "Step" }).click();
    assert.equal(await page.locator(".chart canvas").count(), 2);
  });
});

test("what one does in the table goes on while runs come", async () => {
  for (let i = 0; i < 60; ++i) writeRecord(named(`old${10 + i}`), new Date(Date.parse(stamp) - (i + 1) * 3600e3).toISOString());
  writeCards();
  await visit(url, {}, async (page) => {
    await page.fill("#search", "gan");
    await page.getByLabel("Compare " + named("old12")).check();
    const rows = () => page.locator("table.runs").getAttribute("aria-rowcount").then(Number);
    const before = await rows();
    const arrive = async (tail) => {
      writeRecord(named(tail), new Date().toISOString());
      writeCards();
      await page.waitForFunction((count) => Number(document.querySelector("table.runs").getAttribute("aria-rowcount")) > count, await rows());
    };
    await page.locator(".scroll").evaluate((box) => (box.scrollTop = 1200));
    const link = page.locator(".runs a.name").nth(14);
    await link.focus();
    const place = () => page.evaluate(() => ({ focused: document.activeElement.title, top: Math.round(document.activeElement.getBoundingClientRect().top) }));
    const there = await place();
    assert.ok(there.focused);
    await arrive("new01");
    assert.deepEqual(await place(), there);
    assert.equal(await page.locator("#announcer").textContent(), "1 new run");
    assert.equal(await page.locator(".bar-text").textContent(), "1 run chosen");
    for (const [tail, selector] of [["new02", 'button[data-key="created"]'], ["new03", ".chip >> nth=0"], ["new04", "#search"], ["new05", "#columns"]]) {
      await page.locator(selector).focus();
      await arrive(tail);
      assert.ok(await page.locator(selector).evaluate((element) => element === document.activeElement), selector);
    }
    assert.equal(await page.inputValue("#search"), "gan");
    assert.equal(await rows(), before + 5);
    assert.equal(await page.locator(".bar-text").textContent(), "1 run chosen");
  });
});

test("what one does on a run's page goes on while it runs, and when it ends", async () => {
  const run = named("place");
  const results = join(work, "..", run, "algo-1/ml/output/data");
  const lines = (count, from = 0) => Array.from({ length: count }, (_, i) => `line ${from + i}\n`).join("");
  const writeResults = (folder, steps, pictures, more = "") => {
    write(join(folder, "metrics/metrics.jsonl"), Array.from({ length: steps }, (_, i) => line(i + 1)).join("") + more);
    for (let i = 1; i <= pictures; ++i) write(join(folder, `samples/epoch-000${i}.png`), point);
  };
  writeRecord(run, stamp, { configs: { effective: { training: { TRAINING: { NUM_EPOCHS: 5, BETA_1: 0.5 } } }, changed: {} } });
  writeResults(results, 2, 3);
  write(join(work, "..", run, "algo-1.txt"), lines(200));
  writeCards();
  await visit(`${url}#run=${run}`, {}, async (page) => {
    await page.waitForSelector(".chart canvas");
    await page.locator("#sample").press("Home");
    await page.locator("#sample").press("ArrowRight");
    await page.locator("#smoothing").fill("0.5");
    await page.getByText("Choose for comparison").click();
    await page.locator("summary").first().click();
    await page.locator("pre.log").evaluate((box) => (box.scrollTop = 100));
    await page.locator("#main").evaluate((main) => (main.scrollTop = 120));
    await page.fill(".parameters-search", "beta");
    await page.locator(".parameters-search").evaluate((search) => search.setSelectionRange(1, 3));
    const state = () => page.evaluate(() => ({
      epoch: document.getElementById("sample").getAttribute("aria-valuetext"), smoothing: document.getElementById("smoothing").value,
      numbers: document.querySelector("details").open, log: document.querySelector("pre.log").scrollTop, scrolled: document.getElementById("main").scrollTop,
      chosen: document.querySelector(".run-title [aria-pressed]").getAttribute("aria-pressed"), address: location.hash,
      search: document.querySelector(".parameters-search").value, selected: document.activeElement.selectionStart, focused: document.activeElement.className,
      shown: document.querySelectorAll(".parameters .parameter").length,
    }));
    const before = await state();
    assert.deepEqual({ ...before, address: "", scrolled: 0 }, { epoch: "epoch 2", smoothing: "0.5", numbers: true, log: 100, scrolled: 0, chosen: "true", address: "", search: "beta", selected: 1, focused: "search small parameters-search", shown: 1 });
    assert.equal(before.scrolled, 120);
    write(join(work, "..", run, "algo-1.txt"), lines(220));
    writeResults(results, 3, 4, JSON.stringify({ step: 3, m: { "d/real": 0.5 } }) + "\n");
    await page.waitForFunction(() => document.querySelectorAll(".chart").length === 2);
    await page.waitForFunction(() => document.getElementById("sample").max === "3");
    assert.match(await page.locator("pre.log").textContent(), /line 219/);
    assert.equal(await page.locator(".numbers-box").first().locator("tbody tr").count(), 3);
    assert.deepEqual(await state(), before);
    await page.locator(".run-title [aria-pressed]").focus();
    await page.locator("#main").evaluate((main) => (main.scrollTop = 120));
    rmSync(join(work, "..", run), { recursive: true });
    writeResults(join(record, "..", run), 4, 5);
    write(join(record, "..", run, "logs/algo-1.txt"), lines(230));
    writeOutcome(run, "succeeded");
    writeCards();
    await page.waitForSelector(".run-head .state-succeeded");
    await page.waitForFunction(() => document.getElementById("sample").max === "4");
    assert.match(await page.locator("pre.log").textContent(), /line 229/);
    assert.match(await page.locator("#announcer").textContent(), /place: Succeeded/);
    assert.deepEqual(await state(), { ...before, selected: undefined, focused: "button" });
  });
});

test("the comparison follows the runs that go on", async () => {
  const run = named("other");
  const metrics = join(work, "..", run, "algo-1/ml/output/data/metrics/metrics.jsonl");
  writeRecord(run, stamp);
  write(metrics, line(1) + line(2));
  writeCards();
  await visit(`${url}#compare=1&chosen=${id},${run}`, {}, async (page) => {
    await page.waitForSelector(".chart canvas");
    write(metrics, line(1) + line(2) + line(7));
    await page.waitForFunction(() => document.querySelector(".chart")?.chart?.plot?.data[0].includes(7));
    assert.equal(await page.locator(".chart").first().evaluate((card) => card.chart.plot.series.length), 3);
  });
});

test("a lost connection is told in words", () => visit(url, { mayFail: true }, async (page) => {
  await page.context().setOffline(true);
  await page.waitForFunction(() => document.getElementById("made").textContent === "Not connected");
  assert.match(await page.locator("#announcer").textContent(), /does not answer/);
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.getElementById("made").textContent === "Live");
}));

test("Ctrl-C ends it", async () => {
  const code = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  assert.equal(await code, 130);
});
