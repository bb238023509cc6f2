import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { test } from "node:test";
import { axeSource, file, folder, makePages, sizes, visit } from "./browser.mjs";

makePages();

function cardsOf(name) {
  const html = readFileSync(`${folder}/${name}.html`, "utf8");
  return JSON.parse(gunzipSync(Buffer.from(/id="cards">([^<]*)</.exec(html)[1], "base64")));
}
const usual = cardsOf("usual");
const large = cardsOf("large");
const ids = usual.runs.map((run) => run.id);
const shownRows = (page) => page.locator("tbody tr:not(.spacer)");
const rowCount = async (page) => Number(await page.locator("table.runs").getAttribute("aria-rowcount")) - 1;

test("the table shows every run, the newest first", () => visit(file("usual"), {}, async (page) => {
  assert.equal(await rowCount(page), 60);
  assert.equal(await shownRows(page).first().locator(".tail").textContent(), ids[0].slice(-5));
  assert.equal(await shownRows(page).first().locator(".pill").textContent(), "Running");
  assert.ok(await page.locator("svg.spark").count() > 10);
}));

test("the search finds words, fields, parameters and metrics", () => visit(file("usual"), {}, async (page) => {
  const expected = (wanted) => usual.runs.filter(wanted).length;
  const name = usual.parameters.indexOf("training:TRAINING.LEARNING_RATE");
  const rate = (run) => usual.values[(run.p[name] - 1) >> 1];
  const loss = usual.metrics.indexOf("generator/loss");
  for (const [text, wanted] of [
    ["state:failed", (run) => run.state === "failed"],
    ["-state:failed user:ann", (run) => run.state !== "failed" && run.user === "ann"],
    ["LEARNING_RATE<=2e-4", (run) => rate(run) <= 2e-4],
    ["training.learning_rate=0.0005 generator/loss<0.8", (run) => rate(run) === 0.0005 && run.m[loss][0] < 0.8],
    [ids[7].slice(-5), (run) => run.id === ids[7]],
    ["no such thing anywhere", () => false],
  ]) {
    await page.fill("#search", text);
    assert.equal(await rowCount(page), expected(wanted), text);
  }
  assert.equal(await page.locator(".hint").textContent(), "No run matches.");
  await page.getByRole("button", { name: "Show all runs" }).click();
  assert.equal(await rowCount(page), 60);
  assert.equal(await page.inputValue("#search"), "");
  await page.fill("#search", "LEARNING_RAT>1");
  assert.match(await page.locator(".hint").textContent(), /No parameter or metric is called “LEARNING_RAT”/);
}));

test("a column sorts both ways and says so", () => visit(file("usual"), {}, async (page) => {
  const loss = usual.metrics.indexOf("generator/loss");
  const button = page.locator('button[data-key="m:generator/loss"]');
  for (const [direction, sign] of [["ascending", 1], ["descending", -1]]) {
    await button.click();
    const best = [...usual.runs].sort((a, b) => sign * (a.m[loss][0] - b.m[loss][0]))[0];
    assert.equal(await shownRows(page).first().locator(".tail").textContent(), best.id.slice(-5));
    assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), direction);
    assert.ok(await button.evaluate((element) => element === document.activeElement));
  }
}));

test("the columns can be chosen", () => visit(file("usual"), {}, async (page) => {
  await page.click("#columns");
  await page.fill("dialog .search", "beta");
  await page.locator("dialog .choice").first().click();
  await page.getByRole("button", { name: "Show" }).click();
  assert.equal(await page.locator('button[data-key="p:training:TRAINING.BETA_1"]').count(), 1);
  assert.ok(await page.locator("#columns").evaluate((element) => element === document.activeElement));
}));

test("a view is a link", () => visit(file("usual", "#q=user%3Aann&state=failed&sort=user"), {}, async (page) => {
  assert.equal(await page.inputValue("#search"), "user:ann");
  assert.equal(await rowCount(page), usual.runs.filter((run) => run.user === "ann" && run.state === "failed").length);
  await page.fill("#search", "kim");
  assert.match(page.url(), /q=kim/);
}));

test("a run's page has curves, pictures, parameters, log and command", () => visit(file("usual"), {}, async (page) => {
  await page.locator(".runs a.name").nth(3).click();
  await page.waitForSelector(".run-page");
  await page.waitForSelector(".chart canvas");
  assert.equal(await page.locator(".chart").count(), 6);
  const drawn = await page.locator(".chart").nth(1).evaluate((card) => {
    const plot = card.chart.plot;
    const canvas = card.querySelector("canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let painted = 0;
    for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) ++painted;
    return { points: plot.data[0].length, last: plot.data[0].at(-1), missing: plot.data[1].filter((value) => value === null).length, painted };
  });
  assert.deepEqual({ ...drawn, painted: 0 }, { points: 400, last: 3990, missing: 1, painted: 0 });
  assert.ok(drawn.painted > 1000);
  const picture = page.locator("img.sample");
  assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth)) > 100);
  assert.match(await picture.getAttribute("alt"), /epoch 12$/);
  const before = await picture.getAttribute("src");
  await page.locator("#sample").press("Home");
  assert.match(await picture.getAttribute("alt"), /epoch 1$/);
  assert.notEqual(await picture.getAttribute("src"), before);
  assert.equal(await page.locator("#sample").getAttribute("aria-valuetext"), "epoch 1");
  assert.match(await page.locator("pre.log").textContent(), /Loss_G: 2\.1410/);
  assert.equal(await page.locator(".log-from").textContent(), "The last 687 B of logs/algo-1.txt; 2.9 MiB before are left out");
  assert.match(await page.locator(".command code").textContent(), /^smflow run --config/);
  assert.ok(await page.locator(".parameters .parameter.default").count() > 0);
  assert.ok(await page.locator(".parameters .parameter:not(.default)").count() > 0);
  assert.equal(await page.locator(".timeline li").count(), 4);
  assert.match(await page.locator(".artifacts").textContent(), /model\.tar\.gz/);
  assert.equal(await page.locator(".page a[href]:not([href^='#'])").count(), 0);
}));

test("zoom, smoothing, time and log scale change the curves", () => visit(file("usual", "#run=" + ids[1]), {}, async (page) => {
  await page.waitForSelector(".chart canvas");
  const ranges = () => page.locator(".chart").evaluateAll((cards) => cards.slice(0, 2).map((card) => [card.chart.plot.scales.x.min, card.chart.plot.scales.x.max]));
  const box = await page.locator(".chart .u-over").first().boundingBox();
  await page.mouse.move(box.x + 60, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 160, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const zoomed = await ranges();
  assert.ok(zoomed[0][0] > 100 && zoomed[0][1] < 3000, String(zoomed));
  assert.deepEqual(zoomed[0].map(Math.round), zoomed[1].map(Math.round));
  await page.locator("#smoothing").fill("0.9");
  assert.equal(await page.locator(".chart").first().evaluate((card) => card.chart.plot.data.length), 3);
  await page.getByRole("button", { name: "Time" }).click();
  assert.ok(Math.abs(await page.locator(".chart").first().evaluate((card) => card.chart.plot.data[0].at(-1)) - 399 * 0.76) < 0.1);
  await page.getByLabel("Log scale").check();
  assert.equal(await page.locator(".chart").first().evaluate((card) => card.chart.plot.scales.y.distr), 3);
}));

test("chosen runs are compared", () => visit(file("usual"), {}, async (page) => {
  for (const row of [1, 2, 4]) await shownRows(page).nth(row).locator("input").check();
  await page.click("#compare");
  await page.waitForSelector(".compare-page .chart canvas");
  assert.equal(await page.locator(".chart").first().evaluate((card) => card.chart.plot.series.length), 4);
  const chosen = [1, 2, 4].map((i) => usual.runs[i]);
  const differing = usual.parameters.filter((_, i) => new Set(chosen.map((run) => (run.p[i] - 1) >> 1)).size > 1).map((name) => name.split(":")[1]);
  const shown = () => page.locator(".diff tbody tr:not(.group)").evaluateAll((rows) => rows.map((row) => row.firstChild.textContent));
  const isParameter = (name) => usual.parameters.some((other) => other.endsWith(":" + name));
  assert.deepEqual((await shown()).filter(isParameter), differing);
  await page.uncheck("#only-differences");
  assert.deepEqual((await shown()).filter(isParameter).length, usual.parameters.length);
  assert.equal(await page.locator("img.sample").count(), 3);
  await page.getByRole("button", { name: "Leave out " + chosen[2].id }).click();
  await page.waitForFunction(() => document.querySelectorAll(".diff thead a").length === 2);
  await page.goBack();
  await page.waitForSelector("table.runs");
}));

test("at most eight runs are compared", () => visit(file("usual"), {}, async (page) => {
  for (let row = 0; row < 8; ++row) await shownRows(page).nth(row).locator("input").check();
  await shownRows(page).nth(8).locator("input").click();
  assert.equal(await shownRows(page).nth(8).locator("input").isChecked(), false);
  assert.match(await page.locator("#announcer").textContent(), /At most 8/);
}));

test("hostile texts are shown and do nothing", () => visit(file("hostile"), {}, async (page) => {
  const hostile = cardsOf("hostile");
  assert.equal(await rowCount(page), hostile.runs.length);
  for (const run of hostile.runs) {
    await page.goto(file("hostile", "#run=" + encodeURIComponent(run.id)));
    await page.waitForSelector(".run-page .chart");
    assert.equal(await page.locator(".reason").textContent(), run.id);
    await page.waitForTimeout(50);
  }
  await page.goto(file("hostile", "#q=" + encodeURIComponent("<img src=x onerror=alert(1)>")));
  await page.waitForSelector("table.runs");
  await page.goto(file("hostile", "#run=" + encodeURIComponent("<img src=x onerror=alert(1)>")));
  await page.waitForSelector(".notice");
  assert.doesNotMatch(await page.title(), /^owned$/);
  assert.equal(await page.locator("img[onerror], svg[onload], body script:not([type])").count(), 1);
}));

test("what is no number is shown as such and comes last", () => visit(file("odd"), {}, async (page) => {
  const shown = () => shownRows(page).evaluateAll((rows) => rows.map((row) => row.querySelector("td.metric").textContent));
  const button = page.locator('button[data-key="m:loss"]');
  await button.click();
  assert.deepEqual(await shown(), ["1", "2", "NaN", "∞", "−∞", "–"]);
  await button.click();
  assert.deepEqual(await shown(), ["2", "1", "NaN", "∞", "−∞", "–"]);
  await page.fill("#search", "loss<5");
  assert.deepEqual(await shown(), ["2", "1", "−∞"]);
  await page.fill("#search", "loss=nan");
  assert.deepEqual(await shown(), ["NaN"]);
  for (const [tail, text] of [["odd01", "NaN"], ["odd02", "∞"], ["odd03", "−∞"]]) {
    await page.goto(file("odd", "#run=gan-20261123-130245-" + tail));
    await page.waitForSelector(`.run-title:has-text("${tail}")`);
    await page.waitForSelector(".chart canvas");
    assert.deepEqual(await page.locator(".chart").evaluate((card) => Array.from(card.chart.plot.data[1])), [null, null, null]);
    assert.equal(await page.locator(".line-value").textContent(), text);
    assert.match(await page.locator(".plot").getAttribute("aria-label"), new RegExp(`^loss, lowest NaN, highest NaN, last ${text}`));
    assert.equal(await page.locator(".side td.number").first().textContent(), text);
    await page.getByLabel("Log scale").check();
    await page.getByLabel("Log scale").uncheck();
  }
  await page.goto(file("odd", "#compare=1&chosen=" + [0, 1, 2, 3, 4, 5].map((i) => "gan-20261123-130245-odd0" + i).join()));
  await page.waitForSelector(".compare-page .chart canvas");
  assert.deepEqual(await page.locator(".diff tr.differs:last-child td").allTextContents(), ["1", "NaN", "∞", "−∞", "2", "–"]);
}));

// A copy of a page with other cards.
function changed(name, into, change) {
  const html = readFileSync(`${folder}/${name}.html`, "utf8");
  const packed = /id="cards">([^<]*)</.exec(html)[1];
  const cards = cardsOf(name);
  change(cards);
  writeFileSync(`${folder}/${into}.html`, html.replace(packed, gzipSync(JSON.stringify(cards)).toString("base64")));
}

test("a metric without a value is like none", async () => {
  changed("odd", "null", (cards) => (cards.runs[0].m[0] = [null, null, null]));
  await visit(file("null", "#sort=m%3Aloss"), {}, async (page) => {
    const cells = shownRows(page).locator("td.metric");
    assert.deepEqual(await cells.allTextContents(), ["2", "NaN", "∞", "−∞", "–", "–"]);
    assert.equal(await cells.nth(4).locator(".wrong").count(), 0);
    await page.fill("#search", "loss<5");
    assert.deepEqual(await cells.allTextContents(), ["2", "−∞"]);
  });
});

test("of a long name the part that people type is whole", async () => {
  const longer = "a-base-name-that-is-as-long-as-the-service-takes-";
  changed("usual", "long", (cards) => cards.runs.forEach((run) => (run.id = longer + run.id.slice(-21))));
  for (const options of Object.values(sizes)) {
    for (const hash of ["", "#run=" + longer + ids[4].slice(-21)]) {
      await visit(file("long", hash), options, async (page) => {
        const tails = await page.locator(".runs .tail, h1 .tail").evaluateAll((all) => all.map((tail) => tail.scrollWidth - tail.clientWidth));
        assert.ok(tails.length > 0 && tails.every((cut) => cut <= 0), String(tails));
        assert.ok(await page.evaluate(() => document.getElementById("main").scrollWidth <= innerWidth));
        if (!hash) return;
        const tops = await page.locator(".run-actions > *").evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().y + one.getBoundingClientRect().height / 2)));
        assert.ok(tops.every((top) => Math.abs(top - tops[0]) <= 2), String(tops));
      });
    }
  }
});

test("ten thousand runs are a few rows in the document", () => visit(file("large"), {}, async (page) => {
  const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
  assert.equal(await rowCount(page), 10000);
  assert.ok(await page.locator("tbody tr").count() < 80);
  for (const at of [0.3, 0.9, 1]) {
    await page.locator(".scroll").evaluate((box, share) => (box.scrollTop = box.scrollHeight * share), at);
    await page.waitForFunction((share) => {
      const rows = document.querySelectorAll("tbody tr:not(.spacer)");
      return rows.length > 10 && Number(rows[0].getAttribute("aria-rowindex")) > 10000 * share - 100;
    }, at);
    assert.ok(await page.locator("tbody tr").count() < 80);
  }
  assert.equal(await page.locator("tbody tr:not(.spacer)").last().locator(".tail").textContent(), large.runs.at(-1).id.slice(-5));
  const milliseconds = await page.evaluate(() => {
    const search = document.getElementById("search");
    const times = ["state:failed", "LEARNING_RATE<=2e-4 user:ann", "emoji"].map((text) => {
      const start = performance.now();
      search.value = text;
      search.dispatchEvent(new Event("input"));
      document.body.getBoundingClientRect();
      return Math.round(performance.now() - start);
    });
    return times;
  });
  assert.ok(await page.locator("tbody tr").count() < 80);
  assert.ok(await elements() < 2500, `${await elements()} elements`);
  const paint = await page.evaluate(() => Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime));
  console.log(`10,000 runs: first paint ${paint} ms, search and draw ${milliseconds.join(", ")} ms`);
}));

test("curves of 100,000 points are whole", () => visit(file("large", "#run=" + large.runs[1].id), {}, async (page) => {
  await page.waitForSelector(".chart canvas");
  const first = await page.locator(".chart").first().evaluate(async (card) => {
    const { plot } = card.chart;
    const start = performance.now();
    for (let i = 0; i < 10; ++i) {
      plot.setScale("x", { min: i * 1000, max: 500000 + i * 1000 });
      await Promise.resolve();  // uPlot draws in a microtask
    }
    return { points: plot.data[0].length, canvases: card.querySelectorAll("canvas").length, redraw: Math.round((performance.now() - start) / 10) };
  });
  console.log(`100,000 points: redraw ${first.redraw} ms`);
  assert.equal(first.points, 100000);
  assert.equal(first.canvases, 1);
  assert.ok(await page.evaluate(() => document.querySelectorAll("*").length) < 1500);
}));

test("a board without runs says how to begin", () => visit(file("empty"), {}, async (page) => {
  assert.match(await page.locator(".hint").textContent(), /smflow run --config FILE/);
}));

test("everything can be done by keyboard", () => visit(file("usual"), {}, async (page) => {
  await page.keyboard.press("/");
  await page.keyboard.type("state:succeeded");
  await page.locator(".runs a.name").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".run-page .chart canvas");
  await page.locator(".plot").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator("#announcer").textContent(), /^step /);
  await page.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".numbers-box tbody tr").length === 20);
}));

const views = [["table", ""], ["run", "#run=" + ids[3]], ["comparison", "#compare=1&chosen=" + ids.slice(1, 4).join()]];
for (const [size, options] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, hash] of views) {
      test(`${name}, ${size}, ${colorScheme}: accessible, nothing sticks out`, () => visit(file("usual", hash), { ...options, colorScheme, bypassCSP: true }, async (page) => {
        await page.waitForSelector(name === "table" ? "table.runs tbody a" : ".chart canvas");
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        assert.ok(await page.evaluate(() => document.getElementById("main").scrollWidth <= innerWidth));
        await page.addScriptTag({ path: axeSource });
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`), []);
      }));
    }
  }
}

for (const width of [360, 320]) {
  test(`nothing sticks out of ${width} pixels`, async () => {
    for (const [name, hash] of views) {
      await visit(file("usual", hash), { ...sizes.phone, viewport: { width, height: 700 } }, async (page) => {
        await page.waitForSelector(name === "table" ? "table.runs tbody a" : ".chart canvas");
        const widths = () => page.evaluate(() => [document.documentElement, document.getElementById("main"), ...document.querySelectorAll("dialog")].map((element) => element.scrollWidth - element.clientWidth));
        assert.deepEqual(await widths(), [0, 0]);
        if (name !== "table") return;
        await page.click("#columns");
        assert.deepEqual(await widths(), [0, 0, 0]);
      });
    }
  });
}

test("texts and curves stand out in both colour schemes", async () => {
  const grounds = ["bg", "surface", "raised", "hover", "accent-bg", "calm-bg"];
  const signs = ["good", "bad", "warn", "calm", "busy", "accent"];
  const pairs = [...["text", "muted", "default", "accent", "bad"].flatMap((color) => grounds.map((ground) => [color, ground, 4.5])),
    ...signs.map((color) => [color, color + "-bg", 4.5]), ["text", "bad-bg", 4.5], ["on-accent", "accent", 4.5],
    ...signs.map((color) => [color, "bg", 4.5]), ...Array.from({ length: 8 }, (_, i) => ["c" + i, "surface", 3])];
  for (const colorScheme of ["light", "dark"]) {
    await visit(file("usual"), { colorScheme }, async (page) => {
      const faint = await page.evaluate((wanted) => {
        const style = getComputedStyle(document.documentElement);
        const luminance = (name) => {
          const [r, g, b] = [1, 3, 5].map((at) => parseInt(style.getPropertyValue("--" + name).trim().slice(at, at + 2), 16) / 255)
            .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        return wanted.map(([color, ground, least]) => {
          const [dark, bright] = [luminance(color), luminance(ground)].sort((a, b) => a - b);
          return { color, ground, least, ratio: (bright + 0.05) / (dark + 0.05) };
        }).filter(({ ratio, least }) => !(ratio >= least));
      }, pairs);
      assert.deepEqual(faint, []);
    });
  }
});

// Where the keyboard is: what it would be called, and whether one sees it.
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return {
    name: element.getAttribute("aria-label") || element.labels?.[0]?.textContent.trim() || element.dataset.key || element.textContent.trim(),
    seen: element.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
});

test("the keyboard goes from top to bottom and is always seen", () => visit(file("usual"), {}, async (page) => {
  const names = [];
  for (let i = 0; i < 32; ++i) {
    await page.keyboard.press("Tab");
    const { name, seen } = await focused(page);
    assert.ok(seen, name);
    names.push(name);
  }
  assert.deepEqual(names.slice(0, 4), ["Skip to the content", "team/emoji", "Colours: auto", "Search runs"]);
  assert.deepEqual(names.slice(4, 12), ["all", "running", "succeeded", "failed", "stopped", "timed_out", "Columns", "Runs"]);
  assert.deepEqual(names.slice(12, 15), ["id", "state", "created"]);
  const first = names.indexOf("Compare " + ids[0]);
  assert.ok(first > 15, String(names));
  assert.deepEqual(names.slice(first, first + 3), ["Compare " + ids[0], ids[0], "Compare " + ids[1]]);
}));

test("the keyboard reaches all of a run's page and is always seen", () => visit(file("usual", "#run=" + ids[4]), {}, async (page) => {
  await page.waitForSelector(".chart canvas");
  const names = [];
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    const { name, seen } = await focused(page);
    assert.ok(seen, name);
    assert.ok(name);
    names.push(name);
  }
  const order = ["All runs", "Choose for comparison", "Step", "Log scale", "Earlier", "Epoch", "Epoch 1", "Text of the log", "Copy the command", "Find a parameter", "Copy the address of model.tar.gz"];
  assert.deepEqual(order.filter((name) => names.includes(name)), order, String(names));
  assert.deepEqual([...order].sort((a, b) => names.indexOf(a) - names.indexOf(b)), order);
}));

test("the focus goes with the view", () => visit(file("usual"), {}, async (page) => {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const scrolled = () => page.locator(".scroll").evaluate((box) => box.scrollTop);
  await page.locator(".scroll").evaluate((box) => (box.scrollTop = 900));
  const link = page.locator(`.runs a.name[title="${ids[25]}"]`);
  await link.focus();
  const before = await scrolled();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".run-page");
  await page.waitForFunction(() => document.activeElement.id === "main");
  await page.goBack();
  await page.waitForSelector("table.runs");
  assert.ok(await link.evaluate((element) => element === document.activeElement));
  assert.ok(before > 500);
  assert.equal(await scrolled(), before);
  for (const row of [1, 2]) await shownRows(page).nth(row).locator("input").check();
  await page.getByRole("button", { name: "Clear" }).press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Runs");
}));

test("nothing moves by itself for who wants it so", async () => {
  const moving = (page) => page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === "running").length);
  await visit(file("usual"), {}, async (page) => assert.ok(await moving(page) > 0));
  await visit(file("usual"), { reducedMotion: "reduce" }, async (page) => assert.equal(await moving(page), 0));
});

test("the colours of the system can replace all others", () => visit(file("usual", "#chosen=" + ids[1]), { forcedColors: "active", bypassCSP: true }, async (page) => {
  for (const selector of ['.chip[aria-pressed="true"]', ".runs tr.chosen"]) {
    assert.equal(await page.locator(selector).evaluate((element) => getComputedStyle(element).outlineStyle), "solid", selector);
  }
  await page.addScriptTag({ path: axeSource });
  assert.deepEqual((await page.evaluate(() => axe.run())).violations.map((one) => one.id), []);
}));

test("the colours can be chosen and are kept", () => visit(file("usual"), { colorScheme: "light" }, async (page) => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), "light");
  await page.click("#theme");
  await page.click("#theme");
  assert.equal(await theme(), "dark");
  await page.reload();
  await page.waitForSelector("#top .brand");
  assert.equal(await theme(), "dark");
}));

test("the files are small", () => {
  const size = (name) => statSync(`${folder}/${name}.html`).size;
  const slots = (name, kind) => Array.from(readFileSync(`${folder}/${name}.html`, "utf8").matchAll(new RegExp(`id="${kind}">([^<]*)<`, "g")), (match) => match[1]);
  const cards = slots("large", "cards")[0].length;
  const details = slots("large", "d-\\d+");
  const points = details.flatMap((packed) => JSON.parse(gunzipSync(Buffer.from(packed, "base64"))).series).reduce((sum, series) => sum + series.steps.length, 0);
  const bytesOfDetails = details.reduce((sum, packed) => sum + packed.length, 0);
  console.log(`the page alone ${size("empty")} bytes, a run's row ${cards / 10000} bytes, a point ${(bytesOfDetails / points).toFixed(1)} bytes`);
  assert.ok(size("empty") < 170 << 10, `${size("empty")}`);
  assert.ok(cards < 140 * 10000, `${cards}`);
  assert.ok(points <= 2_000_000, `${points}`);
  assert.ok(bytesOfDetails < 9 * points, `${bytesOfDetails}`);
});
