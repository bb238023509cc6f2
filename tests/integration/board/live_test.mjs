// smflow board --serve while a run goes on.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

const line = (step) => JSON.stringify({ v: 1, t: Date.now() / 1000, step, epoch: 1, m: { "generator/loss": 2 / (step + 1) } }) + "\n";

before(async () => {
  write(join(record, "record.json"), JSON.stringify({
    schema: "smflow.run/1", run: { id, experiment: "team/exp", created: stamp }, who: { user: "ann", host: "elsewhere" },
    target: { mode: "process", instance_type: "local", max_run_s: 3600 }, configs: { effective: {}, changed: {} },
    replicate: { command: "smflow run", exact: true, why_not_exact: [] },
  }));
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
  write(join(record, "outcome.json"), JSON.stringify({ schema: "smflow.outcome/1", state: "succeeded", exit_code: 0, started: stamp, ended: new Date().toISOString(), phases: [], artifacts: [] }));
  writeCards();
  await page.waitForSelector(".run-head .state-succeeded");
  await page.waitForFunction(() => document.querySelector(".chart")?.chart?.plot?.data[0].length === 4);
}));

test("the table follows new runs", () => visit(url, {}, async (page) => {
  assert.equal(await page.locator("tbody tr:not(.spacer)").count(), 1);
  const other = id.replace("7f3a2", "zzzzz");
  write(join(record, "..", other, "record.json"), JSON.stringify({ schema: "smflow.run/1", run: { id: other, created: stamp } }));
  writeCards();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr:not(.spacer)").length === 2);
}));

test("Ctrl-C ends it", async () => {
  const code = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  assert.equal(await code, 130);
});
