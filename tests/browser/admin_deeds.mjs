// What can be taken back, what cannot, and what would go.

import assert from "node:assert/strict";
import {
  admin, cancel, card, choose, count, csv, dataset, HEADER, hours, offer,
  preview, RUSH, state,
} from "./admin_support.mjs";
import { test } from "./tap.mjs";

await test("undo brings back what was there", () => admin({}, async (page) => {
  const before = await dataset(page, "hours");
  await offer(page, csv("more.csv", HEADER, "undo-me,0,09:00,17:00"));
  await page.click(RUSH);
  await state(page, "Imported");
  await page.waitForSelector(`${card("hours")} :text("more.csv")`);
  assert.equal((await dataset(page, "hours")).rows, before.rows + 1);
  await page.click(`${card("hours")} .undo`);
  await page.click("text=Keep it");
  assert.equal((await dataset(page, "hours")).rows, before.rows + 1);
  await page.click(`${card("hours")} .undo`);
  await page.click("#ask-yes");
  await page.waitForSelector("text=The import of more.csv is undone.");
  assert.equal((await dataset(page, "hours")).rows, before.rows);
  await state(page, "Undone");
  await page.waitForSelector(
    '#history tr:has-text("more.csv") .badge:has-text("Undone")');
  // The card tells of the import whose data is there again.
  await page.waitForSelector(
    `${card("hours")} .last:not(:has-text("more.csv"))`);
}));

await test("an import that changed nothing: the one before can be undone", () =>
  admin({}, async (page) => {
    await offer(page, csv("first.csv", HEADER, "twice,0,09:00,17:00"));
    await page.click(RUSH);
    await state(page, "Imported");
    await offer(page, csv("second.csv", HEADER, "twice,0,09:00,17:00"));
    await page.click(RUSH);
    await state(page, "Imported");
    await page.click(`${card("hours")} :text("Undo the import of first.csv")`);
    assert.match(await page.textContent("#ask-title"),
      /^Undo the import of first.csv\?$/);
    await page.click("#ask-yes");
    await page.waitForSelector("text=The import of first.csv is undone.");
}));

await test("polls: what cannot be undone is said before", () =>
  admin({}, async (page) => {
    await choose(page, "polls", csv("polls.csv",
      "store_id,status,timestamp_utc",
      "s0,active,2023-01-22 12:09:39.388884 UTC",
      "s1,inactive,2023-01-24 09:06:42.605777 UTC"));
    await preview(page);
    const text = await page.textContent("#import");
    assert.match(text, /An import of polls cannot be undone/);
    assert.match(text, /2023-01-22 12:09:39.388884 UTC/);
    assert.match(text, /none \u2192 2023-01-24 09:06:42.605777 UTC/);
    await page.click(RUSH);
    await state(page, "Imported");
    await page.waitForSelector(`${card("polls")} .facts :text("2023-01-24")`);
    assert.equal(await page.locator(`${card("polls")} .undo`).count(), 0);
  }));

await test("whole: the stores that lose theirs are named", () =>
  admin({}, async (page) => {
    await offer(page, hours(15, "many.csv"));
    await page.click(RUSH);
    await state(page, "Imported");
    await page.click(`${card("hours")} summary`);
    await page.check(`${card("hours")} [name=whole]`);
    await offer(page, csv("whole.csv", HEADER, "only,0,09:00,17:00"));
    assert.match(await page.textContent("#import"),
      /does not name are removed/);
    assert.ok(await count(page, "Removed") > 0);
    assert.ok(await page.locator('.findings code:text-is("s0")').count() > 0);
    assert.equal(await page.locator("#import h3").first().textContent(),
      "What goes");
    const all = page.locator('.findings details:has-text("All ")');
    const [, said] = /^All (\d+) stores/.exec(await all.textContent());
    assert.ok(Number(said) >= 15);
    assert.equal(await all.locator("code").count(), Number(said));
    await cancel(page);
  }));

await test("forgetting a store", () => admin({ expected: /forget/ },
  async (page) => {
    await page.fill("#store_id", "nobody");
    await page.click("text=Forget this store");
    assert.ok(await page.evaluate(() =>
      document.activeElement.id === "sure"));
    await page.check("#sure");
    await page.click("text=Forget this store");
    await page.waitForSelector("#forget .trouble");
    const before = await dataset(page, "hours");
    await page.fill("#store_id", "s1");
    await page.click("text=Forget this store");
    await page.waitForSelector("text=The store s1 is forgotten.");
    assert.equal((await dataset(page, "hours")).stores, before.stores - 1);
  }));
