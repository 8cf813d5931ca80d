// The table of stores: order, search, filters, pages, the address, the rows as
// a file.  What it must show is reckoned here anew from the report's files.

import assert from "node:assert/strict";
import {
  address, column, download, matches, spool, spoolJson, visitReport,
} from "./page_support.mjs";
import { test } from "./tap.mjs";

const ODD = JSON.parse(process.env.ODD_STORES);
const heading = (name) => `table.stores th.${name} .sort`;

// The stores of a report, an object each.
async function storesOf(id) {
  const { columns, zones, status_names: names } =
    await spoolJson(`${id}.stores.json`);
  return columns.id.map((store, i) => {
    const row = Object.fromEntries(Object.entries(columns).map(
      ([name, values]) => [name, values[i]]));
    return { ...row, row: i, id: store, zone: zones[row.zone],
      now: names[row.now] };
  });
}

// As the table sorts: nothing last, equals in byte order of the id.
function sorted(stores, key, sign) {
  return stores.toSorted((a, b) => {
    if (a[key] === b[key]) return a.row - b.row;
    if (a[key] === null) return 1;
    if (b[key] === null) return -1;
    return sign * (a[key] - b[key]);
  });
}

const shown = (page) => column(page, "id");
const idsOf = (stores) => stores.slice(0, 50).map(({ id }) => id);
const light = (stores) => stores.filter(({ dark }) => dark === 0);

await test("first: open time lost this week, dark stores aside", () =>
  visitReport({}, async (page, id) => {
    const stores = await storesOf(id);
    const dark = stores.length - light(stores).length;
    assert.deepEqual(await shown(page),
      idsOf(sorted(light(stores), "week_lost", -1)));
    assert.equal(await page.getAttribute("table.stores th.week_lost",
      "aria-sort"), "descending");
    assert.equal(await matches(page), stores.length - dark);
    assert.ok(dark > 0, "the sample has dark stores");
    assert.match(await page.textContent("#matches"),
      new RegExp(`${dark} dark stores? set aside`));
    await page.uncheck("#aside");
    assert.deepEqual(await shown(page),
      idsOf(sorted(stores, "week_lost", -1)));
    assert.deepEqual(Object.keys(address(page)), ["report", "aside"]);
  }));

const KEYS = [["longest_outage", -1], ["coverage", 1], ["since", -1],
  ["hour_availability", 1], ["hour_lost", -1], ["day_availability", 1],
  ["day_lost", -1], ["week_availability", 1]];

await test("every column sorts, and the other way round", () =>
  visitReport({}, async (page, id) => {
    const stores = light(await storesOf(id));
    for (const [key, sign] of KEYS) {
      await page.click(heading(key));
      assert.deepEqual(await shown(page), idsOf(sorted(stores, key, sign)),
        key);
      await page.click(heading(key));
      assert.deepEqual(await shown(page), idsOf(sorted(stores, key, -sign)),
        `${key}, turned round`);
      assert.equal(await page.locator("table.stores [aria-sort]").count(), 1);
    }
    await page.click(heading("id"));
    assert.deepEqual(await shown(page), idsOf(stores));
    await page.click(heading("zone"));
    const zones = (await column(page, "zone")).map((zone) =>
      zone.replace(" (assumed)", ""));
    assert.deepEqual(zones, zones.toSorted());
    await page.click(heading("now"));
    const first = ["down", "stale", "unknown", "up", "closed"].find((now) =>
      stores.some((store) => store.now === now));
    assert.equal((await column(page, "now"))[0].toLowerCase(), first);
  }));

await test("a row says what the files say", () =>
  visitReport({}, async (page, id) => {
    const [store] = sorted(light(await storesOf(id)), "week_lost", -1);
    const { as_of: asOf } = await spoolJson(`${id}.json`);
    const [now] = await column(page, "now");
    assert.equal(now.toLowerCase(), store.now);
    assert.equal((await column(page, "week_availability"))[0],
      `${(store.week_availability / 100).toFixed(2)}\u00A0%`);
    const minutes = Math.floor(store.week_lost / 60);
    assert.equal((await column(page, "week_lost"))[0].replace(/\D+/g, " "),
      `${Math.floor(minutes / 60)} ${
        String(minutes % 60).padStart(2, "0")} `);
    const link = new URL(await page.locator("tbody th a").first()
      .evaluate(({ href }) => href));
    assert.equal(link.pathname, "/store.html");
    assert.deepEqual(Object.fromEntries(link.searchParams), {
      id: store.id, as_of: asOf, interpolation: "previous",
      reach: "unlimited",
    });
    assert.match(await page.locator(".week-strip").first()
      .getAttribute("aria-label"), /^open time lost in \d+ of \d+ open hours/);
  }));

await test("search: part of an id, in any case, dark stores too", () =>
  visitReport({}, async (page, id) => {
    const stores = await storesOf(id);
    const dark = stores.find((store) => store.dark === 1);
    await page.fill("#filter-id", ` ${dark.id.toUpperCase()} `);
    assert.deepEqual(await shown(page), [dark.id]);
    assert.equal(address(page).q, ` ${dark.id.toUpperCase()} `);
    await page.fill("#filter-id", "1");
    const found = sorted(stores.filter(({ id: text }) => text.includes("1")),
      "week_lost", -1);
    assert.deepEqual(await shown(page), idsOf(found));
    assert.equal(await matches(page), found.length);
    await page.fill("#filter-id", "no such store");
    assert.ok(await page.isVisible("#no-rows"));
    await page.click("#no-rows button");
    assert.equal(await page.inputValue("#filter-id"), "");
    assert.deepEqual(Object.keys(address(page)), ["report"]);
  }));

for (const [name, text] of Object.entries(ODD)) {
  await test(`an odd id: ${name}`, () => visitReport({
    search: `&${new URLSearchParams({ q: text })}`,
  }, async (page) => {
    assert.deepEqual(await shown(page), [text]);
    const link = new URL(await page.locator("tbody th a").first()
      .evaluate(({ href }) => href));
    assert.equal(link.searchParams.get("id"), text);
    assert.ok(await page.evaluate(() =>
      document.documentElement.scrollWidth <= window.innerWidth));
  }));
}

await test("fifty rows a page, there and back", () =>
  visitReport({}, async (page, id) => {
    const all = sorted(light(await storesOf(id)), "week_lost", -1);
    const back = '#pager button[aria-label="Back to the page before"]';
    assert.equal(await page.getAttribute(back, "aria-disabled"), "true");
    await page.click('#pager button[aria-label="Next page"]');
    assert.deepEqual(await shown(page), idsOf(all.slice(50)));
    assert.equal(address(page).page, "2");
    assert.match(await page.textContent(".range"), /^51\u2013100 of [\d,]+$/);
    await page.click('#pager button[aria-label="Last page"]');
    const last = Math.ceil(all.length / 50);
    assert.deepEqual(await shown(page), idsOf(all.slice((last - 1) * 50)));
    await page.click(back);
    assert.equal(address(page).page, String(last - 1));
    await page.click('#pager button[aria-label="First page"]');
    assert.deepEqual(await shown(page), idsOf(all));
    // Another order begins at its first page.
    await page.click('#pager button[aria-label="Next page"]');
    await page.click(heading("coverage"));
    assert.equal(address(page).page, undefined);
  }));

await test("back, forward and a reload lead to the same rows", () =>
  visitReport({}, async (page) => {
    const steps = [await shown(page)];
    for (const click of [".tile.up", heading("coverage"),
      heading("coverage"), '#pager button[aria-label="Next page"]']) {
      await page.click(click);
      steps.push(await shown(page));
    }
    const at = (i) => page.waitForFunction((wanted) =>
      document.querySelector("table.stores tbody .id")?.textContent === wanted,
    steps[i][0]);
    for (let i = 3; i >= 0; i -= 1) {
      await page.goBack();
      await at(i);
      assert.deepEqual(await shown(page), steps[i], `back to ${i}`);
    }
    for (let i = 1; i < 5; i += 1) await page.goForward();
    await at(4);
    await page.reload();
    await at(4);
    assert.deepEqual(await shown(page), steps[4]);
    assert.equal(await page.getAttribute(".tile.up", "aria-pressed"), "true");
  }));

await test("what is typed at one go is one step back", () =>
  visitReport({ before: (page) => page.clock.install() }, async (page) => {
    await page.clock.pauseAt(Date.now() + 60000);
    await page.locator("#filter-id").pressSequentially("123");
    assert.equal(address(page).q, "123");
    await page.goBack();
    assert.equal(address(page).q, undefined);
    assert.equal(await page.inputValue("#filter-id"), "");
  }));

await test("these rows as a file: the bytes of the report", () =>
  visitReport({ search: "&show=up&sort=id" }, async (page, id) => {
    const lines = (await spool(`${id}.csv`)).toString().split("\n");
    const wanted = light(await storesOf(id)).filter(({ now }) => now === "up");
    assert.ok(wanted.length > 50, "more than a page");
    const file = await download(page, "#download-rows");
    assert.equal(file.toString(), [lines[0],
      ...wanted.map(({ row }) => lines[row + 1]), ""].join("\n"));
    // In the order of the table.
    await page.click(heading("id"));
    const turned = (await download(page, "#download-rows")).toString();
    assert.equal(turned, [lines[0],
      ...wanted.toReversed().map(({ row }) => lines[row + 1]), ""].join("\n"));
  }));

// As of a report of more stores than are listed: every other row is left out.
async function halve(route) {
  const reply = await route.fetch();
  const table = await reply.json();
  const kept = table.columns.id.map((_, i) => i).filter((i) => i % 2 === 1);
  for (const [name, values] of Object.entries(table.columns)) {
    table.columns[name] = kept.map((i) => values[i]);
  }
  table.columns.row = kept;
  return route.fulfill({
    json: { ...table, listed: kept.length, complete: false },
  });
}

await test("a table that is cut: said so, and the right lines", () =>
  visitReport({
    search: "&sort=id&aside=no",
    early: true,
    before: async (page) => {
      await page.route("**/reports/*.stores.json", halve);
      await page.route("**/reports/*.strips.txt", async (route) => {
        const reply = await route.fetch();
        const lines = (await reply.text()).trimEnd().split("\n");
        return route.fulfill({ body: lines.filter((_, i) => i % 2 === 1)
          .map((line) => `${line}\n`).join("") });
      });
    },
  }, async (page, id) => {
    await page.waitForSelector("table.stores .week-strip");
    const stores = await storesOf(id);
    const kept = stores.filter((_, i) => i % 2 === 1);
    assert.deepEqual(await shown(page), idsOf(kept));
    assert.match(await page.textContent("#listed"), new RegExp(
      `lists the ${kept.length} stores .* of ${stores.length};`));
    const lines = (await spool(`${id}.csv`)).toString().split("\n");
    assert.equal((await download(page, "#download-rows")).toString(),
      [lines[0], ...kept.map(({ row }) => lines[row + 1]), ""].join("\n"));
  }));

await test("odd ids in such a file keep their quotes", () =>
  visitReport({ search: `&${new URLSearchParams({ q: ODD.quotes })}` },
    async (page) => {
      const file = (await download(page, "#download-rows")).toString();
      const [, line] = file.split("\n");
      assert.ok(line.startsWith(`"${ODD.quotes.replaceAll('"', '""')}",`));
    }));
