// The line chart of the reports page: its numbers are those of the report, it
// can be zoomed, follows size and colours, and the page does without it.

import assert from "node:assert/strict";
import { accessible } from "./axe.mjs";
import { BUTTON, DESK, download, PHONE, spool, spoolJson, unfold, visitReport }
  from "./page_support.mjs";
import { test } from "./tap.mjs";

const HOURS = 168;
const SUMMARY = /\/reports\/[0-9a-f-]{36}\.json$/;

const percent = (value) =>
  value === null ? "\u2013" : `${value.toFixed(1)}\u00A0%`;

// Hour by hour, of all stores or without dark ones.
function shares({ down_s: down, up_s: up }) {
  return down.map((lost, i) =>
    lost + up[i] > 0 ? (lost / (lost + up[i])) * 100 : null);
}

// The area of the chart on the screen, clear of what sticks to its top.
async function area(page) {
  const place = page.locator(".share .u-over");
  await place.evaluate((one) => one.scrollIntoView({ block: "center" }));
  return place.boundingBox();
}

// What is said of the place at this part of the width, from 0 to 1.
async function saidAt(page, part) {
  const { x, y, width } = await area(page);
  const at = Math.min(Math.max(1, part * width), width - 1);
  await page.mouse.move(x + at, y + 20);
  // The library follows with the next frame.
  await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }));
  return page.textContent(".share .readout");
}

// What is to be said of each hour, without its time.
function sentences({ strip, blind }) {
  const all = shares(strip);
  const rest = shares(strip.without_dark);
  const runs = blind.runs.map(({ from, to }) =>
    [Date.parse(from), Date.parse(to)]);
  return all.map((share, i) => {
    const middle = Date.parse(strip.from) + (i + 0.5) * 3600e3;
    const dark = runs.some(([from, to]) => middle >= from && middle < to);
    return `${percent(share)} down, ${percent(rest[i])} without dark stores${
      dark ? ", blind" : ""}`;
  });
}

// The picture as it is painted, to be compared.
function painted(page) {
  return page.locator(".share canvas").evaluate((canvas) =>
    canvas.toDataURL());
}

await test("each hour is pointed at and said", () => visitReport({},
  async (page, id) => {
    const wanted = sentences(await spoolJson(`${id}.json`));
    for (let hour = 0; hour < HOURS; hour += 1) {
      const said = await saidAt(page, hour / (HOURS - 1));
      assert.equal(said.replace(/^.* UTC: /, ""), wanted[hour], `hour ${hour}`);
    }
    await page.mouse.move(0, 0);
    await page.waitForSelector("text=/^Point at an hour.*drag/");
    assert.match(await page.getAttribute(".share-plot", "aria-label"),
      /all stores and without dark ones: at most [\d.]+.%/);
  }));

await test("the same numbers are in the table", () => visitReport({},
  async (page, id) => {
    const { strip } = await spoolJson(`${id}.json`);
    await unfold(page, "#fleet-strip");
    for (const [cell, sums] of [[5, strip], [6, strip.without_dark]]) {
      assert.deepEqual(await page.locator(
        `#fleet-strip tbody tr > :nth-child(${cell})`).allTextContents(),
      shares(sums).map(percent));
    }
  }));

await test("drag to zoom, double-click for all; filters leave it", () =>
  visitReport({}, async (page) => {
    const first = await saidAt(page, 0);
    const { x, y, width } = await area(page);
    await page.mouse.move(x + width / 4, y + 30);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 30, { steps: 5 });
    await page.mouse.up();
    const zoomed = await saidAt(page, 0);
    assert.notEqual(zoomed, first);
    await page.click("#aside");
    assert.equal(await saidAt(page, 0), zoomed);
    const at = await area(page);
    await page.mouse.dblclick(at.x + 9, at.y + 30);
    assert.equal(await saidAt(page, 0), first);
  }));

await test("hours of which nothing is known are gaps", () => visitReport({
  before: (page) => page.route(SUMMARY, async (route) => {
    const response = await route.fetch();
    const summary = await response.json();
    for (const sums of [summary.strip, summary.strip.without_dark]) {
      for (const hour of [0, 1, 2, 4, 5]) {
        sums.down_s[hour] = 0;
        sums.up_s[hour] = 0;
      }
    }
    await route.fulfill({ response, json: summary });
  }),
}, async (page, id) => {
  const wanted = sentences(await spoolJson(`${id}.json`));
  assert.match(await saidAt(page, 0),
    /UTC: \u2013 down, \u2013 without dark stores/);
  assert.ok((await saidAt(page, 3 / (HOURS - 1))).endsWith(wanted[3]));
}));

await test("it follows the colours and the width of the page", () =>
  visitReport({ viewport: DESK }, async (page) => {
    await area(page);
    const light = await painted(page);
    const changed = (before) => page.waitForFunction((old) =>
      document.querySelector(".share canvas").toDataURL() !== old, before);
    await page.emulateMedia({ colorScheme: "dark" });
    await changed(light);
    await accessible(page);
    await page.setViewportSize(PHONE);
    await page.waitForFunction((most) =>
      document.querySelector(".share canvas").clientWidth < most, PHONE.width);
    assert.ok(await page.evaluate(() =>
      document.documentElement.scrollWidth <= window.innerWidth));
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: "light" });
    await page.waitForFunction((old) =>
      document.querySelector(".share canvas").toDataURL() === old, light);
  }));

await test("folded away and shown again, it is as wide as before", () =>
  visitReport({}, async (page) => {
    const { width } = await area(page);
    await page.click("#fold");
    await page.reload();
    await page.waitForSelector(".share canvas", { state: "attached" });
    await page.click("#fold");
    await page.waitForFunction((wanted) => document.querySelector(
      ".share .u-over").getBoundingClientRect().width === wanted, width);
  }));

for (const missing of ["uPlot.esm.js", "uPlot.min.css"]) {
  const address = new RegExp(`/vendor/uplot/${missing}$`);
  await test(`without ${missing} the page has all else`, () => visitReport({
    expected: address,
    before: (page) => page.route(address, (route) =>
      route.fulfill({ status: 404 })),
  }, async (page, id) => {
    assert.equal(await page.evaluate(() => import("/js/uplot.js").then(
      ({ uPlotClass }) => uPlotClass())), null);
    if (missing.endsWith(".js")) {
      assert.equal(await page.locator("link[href*=vendor]").count(), 0);
    }
    assert.equal(await page.isVisible(".share"), false);
    assert.equal(await page.locator("#fleet-strip .strip button").count(),
      HOURS);
    const row = `#report-${id}`;
    await page.click(`${row} .more`);
    assert.deepEqual(await download(page, `${row} a[href$="${id}.csv"]`),
      await spool(`${id}.csv`));
    await page.click(BUTTON);
    await page.waitForSelector(".report:first-child .badge.complete");
    assert.equal(await page.isVisible(".share"), false);
  }));
}
