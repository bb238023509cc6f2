// Debian's Chromium, driven by playwright-core. A page that writes an error to its console, or asks for anything but
// itself, fails the test that opened it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const npm = join(process.env.SMFLOW_NPM, "node_modules");

export function missing() {
  if (!chromium) return "Chromium is not installed";
  return existsSync(join(npm, "playwright-core")) ? "" : `playwright-core is not in ${npm} (tools/npm_packages.sh --test)`;
}
if (missing()) {
  console.log(`the board's tests are skipped: ${missing()}`);
  process.exit(0);
}

const load = createRequire(join(npm, "x"));
export const axeSource = load.resolve("axe-core/axe.min.js");
export const folder = mkdtempSync(join(tmpdir(), "smflow-board-"));
const browser = await load("playwright-core").chromium.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

export function makePages() {
  execFileSync(process.env.SMFLOW_BOARD_PAGES, [folder]);
}

export const sizes = {
  wide: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

// Calls work(page) on `address`; afterwards nothing may have gone wrong, unless it `mayFail`.
export async function visit(address, { mayFail = false, ...options }, work) {
  const context = await browser.newContext({ ...sizes.wide, ...options });
  const page = await context.newPage();
  const faults = [];
  const own = address.split("#")[0];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.stack));
  page.on("dialog", (dialog) => { faults.push("dialog " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== own && !url.startsWith("data:") && !(own.startsWith("http:") && url.startsWith(own))) faults.push("request " + url);
  });
  try {
    await page.goto(address);
    await page.waitForSelector("#top .brand");
    await work(page);
    if (process.env.SMFLOW_BOARD_PICTURES) await page.screenshot({ path: join(process.env.SMFLOW_BOARD_PICTURES, `${Date.now()}.png`) });
    if (!mayFail) assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

export const file = (name, hash = "") => `file://${folder}/${name}.html${hash}`;
