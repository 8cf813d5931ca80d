// The pictures of a report: their numbers are those of its files, and each
// part of them filters the table.

import assert from "node:assert/strict";
import { address, column, matches, spool, spoolJson, unfold, visitReport }
  from "./page_support.mjs";
import { test } from "./tap.mjs";

const words = (n) => n.toLocaleString("en-US");
const number = (text) => Number(text.replaceAll(/[^\d.]/g, ""));

// The lines of the strips of a report.
async function stripsOf(id) {
  return (await spool(`${id}.strips.txt`)).toString().trimEnd().split("\n");
}

function darkOf({ columns }) {
  return columns.dark.map((dark) => dark === 1);
}

await test("the line that says what the figures stand on", () =>
  visitReport({}, async (page, id) => {
    const summary = await spoolJson(`${id}.json`);
    const line = await page.textContent("#stands-on");
    const asOf = summary.as_of.replace("T", " ").replace(/\.\d+Z$/, "");
    assert.ok(line.startsWith(`as of ${asOf} UTC`), line);
    assert.match(line, /newest poll (at that instant|.+ before)/);
    assert.ok(line.includes(`${words(summary.stores)} stores`));
    assert.ok(line.includes(`coverage ${
      Math.floor(summary.fleet.week.coverage_percent)} %`));
    assert.match(line, summary.blind.hours > 0 ? /blind \d/ : /no blind/);
    const age = Date.now() - Date.parse(summary.newest_poll);
    assert.equal(await page.textContent("#old") !== "", age > 7200e3);
  }));

await test("the warning comes while the page is open", () =>
  visitReport({ before: (page) => page.clock.install() }, async (page) => {
    assert.equal(await page.textContent("#old"), "");
    await page.clock.fastForward("03:00:00");
    await page.waitForSelector("#old:not(:empty)");
    assert.match(await page.textContent("#old"), /newest poll is 3 h old/);
  }));

await test("tiles count what the report counts, and filter", () =>
  visitReport({ search: "&aside=no" }, async (page, id) => {
    const summary = await spoolJson(`${id}.json`);
    const counts = { ...summary.status_now, dark: summary.dark,
      never: summary.never_polled };
    assert.equal(await page.locator(".tile").count(), 7);
    for (const [name, n] of Object.entries(counts)) {
      const tile = page.locator(`.tile.${name}`);
      assert.equal(number(await tile.locator(".tile-number").textContent()),
        n, name);
      await tile.click();
      assert.equal(await tile.getAttribute("aria-pressed"), "true");
      assert.equal(await matches(page), n, name);
      assert.equal(address(page).show, name);
    }
    await page.click(".tile.up");
    assert.ok((await column(page, "now")).every((word) => word === "Up"));
    await page.click(".tile.up");
    assert.equal(address(page).show, undefined);
    assert.equal(await matches(page), summary.stores);
  }));

await test("availability of all, with and without dark stores", () =>
  visitReport({}, async (page, id) => {
    const summary = await spoolJson(`${id}.json`);
    const rows = page.locator(".fleet tbody tr");
    for (const [i, name] of ["hour", "day", "week"].entries()) {
      for (const [k, sums] of [summary.fleet[name],
        summary.fleet_without_dark[name]].entries()) {
        const row = rows.nth(i * 2 + k);
        assert.equal(await row.locator(".main").textContent(),
          sums.availability_percent === null
            ? "\u2013"
            : `${sums.availability_percent.toFixed(2)}\u00A0%`);
        assert.equal(number(await row.locator(".lost").textContent()),
          Math.round(sums.down_s / 3600));
      }
    }
  }));

await test("the histogram: every store is in one bar", () =>
  visitReport({ search: "&aside=no" }, async (page, id) => {
    const { availability_week: told, stores } = await spoolJson(`${id}.json`);
    const bars = page.locator("#histogram .bar");
    assert.equal(await bars.count(), told.bins.length + 1);
    let sum = 0;
    for (const bar of await bars.all()) {
      const n = number(await bar.locator(".bar-number").textContent());
      sum += n;
      await bar.click();
      assert.equal(await matches(page), n, await bar.textContent());
      await bar.click();
    }
    assert.equal(sum, stores);
    await unfold(page, "#histogram");
    assert.equal(await page.locator("#histogram tbody tr").count(),
      told.bins.length + 1);
  }));

await test("the heat map: a square filters by the local hour", () =>
  visitReport({}, async (page, id) => {
    const table = await spoolJson(`${id}.stores.json`);
    const { lost_by_local_hour: lost } = await spoolJson(`${id}.json`);
    const dark = darkOf(table);
    const strips = await stripsOf(id);
    const lostAt = (row, bit) => (Number.parseInt(
      strips[row][169 + Math.floor(bit / 4)], 16) >> (3 - (bit % 4))) & 1;
    const squares = page.locator(".heat button");
    assert.equal(await squares.count(), 168);
    for (const bit of [13, 24 + 19, 167]) {
      await squares.nth(bit).click();
      assert.equal(await matches(page), strips.filter((_, row) =>
        !dark[row] && lostAt(row, bit)).length);
      const label = await squares.nth(bit).getAttribute("aria-label");
      const seconds = lost.without_dark[Math.floor(bit / 24)][bit % 24];
      assert.ok(label.endsWith(`${words(Math.round(seconds / 3600))} h lost`),
        label);
    }
    assert.equal(address(page).local, "6-23");
    await page.uncheck("#aside");
    assert.equal(await matches(page), strips.filter((_, row) =>
      lostAt(row, 167)).length);
  }));

await test("the strip: an hour filters, blind ones are marked", () =>
  visitReport({ search: "&aside=no" }, async (page, id) => {
    const { strip, blind } = await spoolJson(`${id}.json`);
    const strips = await stripsOf(id);
    const bars = page.locator("#fleet-strip .strip button");
    assert.equal(await bars.count(), 168);
    for (const hour of [0, 100, 167]) {
      await bars.nth(hour).click();
      assert.equal(await matches(page), strips.filter((line) =>
        "dmx".includes(line[hour])).length);
      assert.match(await bars.nth(hour).getAttribute("aria-label"),
        new RegExp(`${words(strip.polled[hour])} stores polled`));
    }
    assert.equal(address(page).hour, "167");
    assert.equal(await page.locator("#fleet-strip .strip .blind").count() > 0,
      blind.hours > 0);
    await unfold(page, "#fleet-strip");
    assert.equal(await page.locator("#fleet-strip tbody tr").count(), 168);
  }));

await test("filters add up; each can be taken away again", () =>
  visitReport({}, async (page) => {
    await page.click(".tile.up");
    const up = await matches(page);
    await page.locator(".heat button").nth(24 + 13).click();
    const both = await matches(page);
    assert.ok(both <= up);
    assert.deepEqual(await page.locator(".chip").evaluateAll((chips) =>
      chips.map((chip) => chip.ariaLabel)), ["Remove the filter: Up",
      "Remove the filter: lost time Tuesday 13:00"]);
    await page.locator(".chip").nth(1).click();
    assert.equal(await matches(page), up);
    assert.ok(await page.evaluate(() =>
      document.activeElement.matches(".chip")), "the focus stays there");
    await page.click(".clear");
    assert.equal(await page.locator(".chip").count(), 0);
    assert.deepEqual(Object.keys(address(page)), ["report"]);
  }));

await test("pictures can be folded away, and stay so", () =>
  visitReport({}, async (page) => {
    assert.ok(await page.isVisible("#heat"));
    await page.click("#fold");
    assert.equal(await page.isVisible("#heat"), false);
    await page.reload();
    await page.waitForSelector("table.stores tbody tr");
    assert.equal(await page.isVisible("#heat"), false);
    assert.equal(await page.textContent("#fold"), "Show pictures");
    await page.click("#fold");
    assert.ok(await page.isVisible("#heat"));
  }));
