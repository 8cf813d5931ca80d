// What happens twice, gets lost or comes too late, and is done once.

import assert from "node:assert/strict";
import {
  admin, cancel, card, choose, dataset, hours, list, offer, openId, posts,
  preview, RUSH, state, UNKNOWN,
} from "./admin_support.mjs";
import { test } from "./tap.mjs";

await test("a double click imports once", () => admin({}, async (page) => {
  const confirms = posts(page, "confirm");
  await offer(page, hours(2, "twice.csv"));
  const { revision } = await dataset(page, "hours");
  await page.dblclick(RUSH);
  await state(page, "Imported");
  assert.equal(confirms.length, 1);
  const after = await dataset(page, "hours");
  assert.ok(after.revision > revision);
  const id = openId(page);
  assert.equal(after.last_import.id, id);
  const again = await page.evaluate(async (import_id) => (await fetch(
    `/admin/imports/${import_id}/confirm`, { method: "POST" })).status, id);
  assert.equal(again, 202);
  assert.equal((await dataset(page, "hours")).revision, after.revision);
}));

await test("two tabs decide once, and both see it", () =>
  admin({}, async (page) => {
    const id = await offer(page, hours(2, "tabs.csv"));
    const other = await page.context().newPage();
    await other.goto(`/admin/?import=${id}`);
    await preview(other);
    // The first to decide may take the other's button away.
    const press = (tab) => tab.click(RUSH, { timeout: 3000 }).catch(() => {});
    await Promise.all([press(page), press(other)]);
    await state(page, "Imported");
    await state(other, "Imported");
    assert.equal((await dataset(page, "hours")).last_import.id, id);
    const { imports } = await list(page);
    assert.equal(imports.filter(({ file }) => file === "tabs.csv").length, 1);
  }));

await test("a lost answer is asked for again: one import", () =>
  admin({ expected: /confirm/ }, async (page) => {
    const id = await offer(page, hours(2, "lost.csv"));
    const { revision } = await dataset(page, "hours");
    let lost = 0;
    await page.route("**/confirm", async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await page.click(RUSH);
    await state(page, "Imported");
    const after = await dataset(page, "hours");
    assert.equal(lost, 1);
    assert.equal(after.last_import.id, id);
    assert.ok(after.revision > revision);
  }));

await test("a lost upload is told, and can be tried again", () =>
  admin({ expected: /admin\/imports\/hours/ }, async (page) => {
    await page.route("**/admin/imports/hours?*", (route) => route.abort(),
      { times: 1 });
    await choose(page, "hours", hours(1, "again.csv"));
    await page.waitForSelector("text=/again.csv was not uploaded/");
    await page.click("text=Try again");
    await preview(page);
    await cancel(page);
  }));

await test("a reload leads back to the preview, and to its end", () =>
  admin({}, async (page) => {
    const id = await offer(page, hours(2, "reload.csv"));
    await page.reload();
    await preview(page);
    assert.equal(openId(page), id);
    await page.click("#import .close");
    await page.waitForSelector("#import", { state: "hidden" });
    await page.click(`${card("hours")} .patient a`);
    await preview(page);
    await page.goBack();
    await page.waitForSelector("#import", { state: "hidden" });
    await page.click(`#history a[href$="${id}"]`);
    await preview(page);
    await cancel(page);
    await page.reload();
    await state(page, "Cancelled");
  }));

await test("what changed since the preview has to be checked again", () =>
  admin({}, async (page) => {
    const old = await offer(page, hours(2, "old.csv"));
    await offer(page, hours(2, "new.csv"));
    await page.click(RUSH);
    await state(page, "Imported");
    await page.goto(`/admin/?import=${old}`);
    await preview(page);
    assert.match(await page.textContent(".decision"), /has changed since/);
    assert.equal(await page.textContent(RUSH), "Check the file again");
    await page.click(RUSH);
    await page.click(`${RUSH}:text-is("Confirm import")`);
    await state(page, "Imported");
    assert.equal((await dataset(page, "hours")).last_import.id, old);
  }));

await test("a link to no import is told in words", () => admin({
  path: `/admin/?import=${UNKNOWN}`, expected: /admin\/imports\/0/,
}, async (page) => {
  await page.waitForSelector("#import .trouble");
  await page.goto("/admin/?import=%3Cb%3E");
  assert.match(await page.textContent("#import .trouble"), /malformed/);
}));
