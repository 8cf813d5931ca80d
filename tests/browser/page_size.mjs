// The reports page with 14,226 stores: that it works, and how long it takes.
// Times are told, not judged: a machine may have other things to do.  From
// the environment: BASE_URL, a server with so many stores, STATE, its state
// folder.

import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { start, stop, visit } from "./browser.mjs";
import {
  matches, picture, spool, STATE, trigger, visitReport,
} from "./page_support.mjs";
import { done, note, test } from "./tap.mjs";

const LARGEST_TABLE = 700e3;
const STEPS = [
  ["sort by id", "table.stores th.id .sort"],
  ["sort by time zone", "table.stores th.zone .sort"],
  ["sort by status", "table.stores th.now .sort"],
  ["sort by availability", "table.stores th.week_availability .sort"],
  ["filter by a tile", ".tile.down"],
  ["filter by the heat map", ".heat tr:nth-child(3) td:nth-child(14) button"],
  ["filter by the strip", "#fleet-strip .day:nth-child(4) button"],
  ["clear the filters", ".clear"],
  ["next page", '#pager button[aria-label="Next page"]'],
];

const ms = (value) => `${Math.round(value)} ms`;

// How long it takes from the click until the next picture is painted.
function clicked(page, selector) {
  return page.evaluate((wanted) => new Promise((resolve) => {
    const from = performance.now();
    document.querySelector(wanted).click();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - from);
      port2.postMessage(null);
    });
  }), selector);
}

// Remembers when the first row of the table was there.
function watchRows(page) {
  return page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector("table.stores tbody tr")) return;
      observer.disconnect();
      performance.mark("rows");
    }).observe(document, { childList: true, subtree: true });
  });
}

await start();

await test("triggered, and shown", () => visit({}, async (page) => {
  const from = Date.now();
  const id = await trigger(page);
  await page.waitForSelector("table.stores tbody tr");
  note(`from the click to the table: ${ms(Date.now() - from)}`);
  await picture(page);
  const rows = (await spool(`${id}.csv`)).toString().split("\n").length - 2;
  assert.ok(rows > 14000);
  await page.uncheck("#aside");
  assert.equal(await matches(page), rows);
  const { size } = await stat(join(STATE, "spool", `${id}.stores.json.gz`));
  note(`the table of ${rows} stores: ${Math.round(size / 1000)} kB gzipped`);
  assert.ok(size <= LARGEST_TABLE);
}));

await test("how soon it is there", () => visitReport({ before: watchRows },
  async (page) => {
    await page.waitForFunction(() =>
      performance.getEntriesByName("first-contentful-paint").length > 0);
    const [paint, rows] = await page.evaluate(() =>
      ["first-contentful-paint", "rows"].map((name) =>
        performance.getEntriesByName(name)[0].startTime));
    note(`first content after ${ms(paint)}, the table after ${ms(rows)}`);
  }));

await test("how long sorting and filtering takes", () => visitReport({},
  async (page) => {
    for (const [name, selector] of STEPS) {
      note(`${name}: ${ms(await clicked(page, selector))}`);
    }
    const pressed = Date.now();
    await page.fill("#filter-id", "99");
    await page.waitForSelector(".chip");
    note(`search: ${ms(Date.now() - pressed)}`);
    assert.ok(await matches(page) > 0);
  }));

await stop();
done();
