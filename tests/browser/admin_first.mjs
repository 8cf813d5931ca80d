// Administration, the first steps: the password, the cards, a file up to its
// end, and one that is not as it should be.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  admin, badHours, cancel, card, choose, count, dataset, drop, hours, offer,
  posts, preview, RUSH, state,
} from "./admin_support.mjs";
import { visit } from "./browser.mjs";
import { test } from "./tap.mjs";

await test("a wrong password: 401, and nothing of the page", () => visit({
  path: "/",
  expected: /\/admin\/|favicon/,
  context: { httpCredentials: { username: "admin", password: "wrong-one" } },
}, async (page) => {
  const reply = await page.goto("/admin/");
  assert.equal(reply.status(), 401);
  assert.equal(await page.locator(".dataset").count(), 0);
  const list = await page.request.get("/admin/imports");
  assert.equal(list.status(), 401);
  assert.equal((await page.request.get("/admin/index.html")).status(), 401);
}));

await test("an empty store: four cards that say so", () =>
  admin({}, async (page) => {
    await page.waitForSelector(`${card("special-hours")} .facts`);
    assert.equal(await page.locator(".dataset .facts").count(), 4);
    assert.equal(await page.locator("text=Nothing is imported.").count(),
      4);
    assert.ok(await page.isVisible("#no-history"));
    assert.equal(await page.isVisible(".plain"), false);
  }));

await test("every module is asked for at once", () =>
  admin({}, async (page) => {
    await page.waitForSelector(`${card("hours")} .facts`);
    const { wanted, loaded } = await page.evaluate(() => ({
      wanted: [...document.querySelectorAll(
        "link[rel=modulepreload], script[type=module]")]
        .map(({ href, src }) => href ?? src),
      loaded: performance.getEntriesByType("resource")
        .map(({ name }) => name).filter((name) => name.endsWith(".js")),
    }));
    assert.deepEqual([...new Set(loaded)].sort(), wanted.sort());
  }));

// Requests with a password are limited, and each costs the server a hash.
await test("reloading asks for little with the password", () =>
  admin({}, async (page) => {
    await page.waitForSelector(`${card("hours")} .facts`);
    const asked = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/admin/")) asked.push(pathname);
    });
    await page.reload();
    await page.waitForSelector(`${card("hours")} .facts`);
    assert.deepEqual(asked, ["/admin/", "/admin/imports"]);
  }));

await test("chosen, checked, confirmed, and in the history", () =>
  admin({}, async (page) => {
    const file = hours(3, "first <b>.csv");
    const id = await offer(page, file);
    assert.equal(await page.textContent("#import h2"), "first <b>.csv");
    assert.equal(await count(page, "Rows in the file"), 21);
    assert.equal(await count(page, "New"), 21);
    assert.equal(await count(page, "Bad"), 0);
    assert.equal(await page.locator("#import tbody tr").count(), 20);
    assert.equal(await page.locator("#skip-bad").count(), 0);
    assert.equal((await dataset(page, "hours")).rows, 0);
    await page.click(RUSH);
    await state(page, "Imported");
    await page.waitForSelector(
      `${card("hours")} .facts dt:text-is("Rows") + dd:text-is("21")`);
    const row = page.locator(`#history tr:has(a[href$="${id}"])`);
    await row.locator(".badge:has-text('Imported')").waitFor();
    const hash = createHash("sha256").update(file.buffer).digest("hex");
    assert.equal(await row.locator("code").getAttribute("title"), hash);
    assert.equal(await row.locator("code").textContent(), hash.slice(0, 8));
    assert.equal(await row.locator("td").nth(4).textContent(), "admin");
    assert.equal(await page.textContent("#import .hash"), hash);
  }));

await test("dropped on its card, then cancelled: nothing has changed", () =>
  admin({}, async (page) => {
    const before = await dataset(page, "hours");
    await drop(page, "hours", hours(2, "dropped.csv"));
    await preview(page);
    assert.equal(await page.textContent("#import h2"), "dropped.csv");
    assert.equal(await count(page, "New"), 14);
    assert.equal(await count(page, "Removed"), 14);
    await cancel(page);
    assert.match(await page.textContent("#import"), /nothing has changed/);
    assert.deepEqual(await dataset(page, "hours"), before);
  }));

await test("a file with bad rows needs a word about them", () =>
  admin({}, async (page) => {
    const confirms = posts(page, "confirm");
    await offer(page, badHours());
    assert.equal(await count(page, "Bad"), 2);
    const text = await page.textContent("#import");
    assert.match(text, /Line 3\./);
    assert.match(text, /Line 5\./);
    await page.click(RUSH);
    assert.ok(await page.evaluate(() =>
      document.activeElement.id === "skip-bad"));
    assert.deepEqual(confirms, []);
    const started = page.waitForEvent("download");
    await page.click("text=The bad rows as CSV");
    const rows = await readFile(await (await started).path(), "utf8");
    assert.match(rows, /7x/);
    assert.match(rows, /^b3,1,08:00|[,"]b3,1,08:00/m);
    await page.check("#skip-bad");
    await page.click(RUSH);
    await state(page, "Imported");
    assert.match(await page.textContent("#import"),
      /2 bad rows were left out/);
    assert.equal(confirms.length, 1);
  }));

await test("the wrong file on a card: it says what it looks like", () =>
  admin({}, async (page) => {
    await choose(page, "timezones", hours(1, "menu_hours.csv"));
    await state(page, "Rejected");
    assert.match(await page.textContent("#import .trouble"), /hours/);
    assert.equal(await page.locator(".decision").count(), 0);
    assert.equal((await dataset(page, "timezones")).rows, 0);
  }));
