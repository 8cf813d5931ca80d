// The reports page by keyboard, for a screen reader, on a phone, in the dark.

import assert from "node:assert/strict";
import { join } from "node:path";
import { accessible } from "./axe.mjs";
import { visit } from "./browser.mjs";
import { DESK, PHONE, trigger, visitReport } from "./page_support.mjs";
import { test } from "./tap.mjs";

const { SCREENS } = process.env;
const focused = (page, read) => page.evaluate(
  `(${read})(document.activeElement)`);

await test("the keyboard is enough, and changes are spoken", () =>
  visit({}, async (page) => {
    const words = (one) => one.textContent.trim();
    await page.keyboard.press("Tab");
    assert.match(await focused(page, words), /Skip to the list/);
    for (const wanted of ["Store monitor", "", "Open", "Reports",
      "Administration", "API", "Trigger report"]) {
      await page.keyboard.press("Tab");
      assert.equal(await focused(page, words), wanted);
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector(".badge.complete");
    assert.equal(await page.getAttribute("#news", "role"), "status");
    assert.match(await page.textContent("#news"),
      /^Report complete: [\d,]+ stores\.$/);
    assert.equal(await focused(page, words), "Trigger report");
  }));

await test("a field of hours is one stop; arrows lead through it", () =>
  visitReport({}, async (page) => {
    const place = (one) => one.dataset.local;
    await page.locator(".heat button").first().focus();
    for (const [key, wanted] of [["ArrowRight", "0-1"], ["ArrowDown", "1-1"],
      ["End", "1-23"], ["Home", "1-0"], ["ArrowUp", "0-0"],
      ["ArrowUp", "0-0"], ["PageDown", "6-23"], ["ArrowLeft", "6-22"]]) {
      await page.keyboard.press(key);
      assert.equal(await focused(page, place), wanted, key);
    }
    assert.equal(await page.locator('.heat button[tabindex="0"]').count(), 1);
    assert.match(await page.textContent("#heat .readout"),
      /^Sunday 22:00 to 23:00/);
    await page.keyboard.press("Enter");
    assert.match(await page.textContent("#news"), /stores? listed\.$/);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page, (one) => one.textContent), "As a table");
  }));

await test("the table says what it is", () => visitReport({},
  async (page) => {
    const table = page.getByRole("table", { name: /^Stores, sorted by/ });
    assert.equal(await table.getByRole("row").count(), 52);
    assert.equal(await table.getByRole("rowheader").count(), 50);
    assert.equal(await table.getByRole("button").count(), 12);
    await page.setViewportSize(PHONE);
    assert.equal(await table.getByRole("rowheader").count(), 50);
    assert.equal(await table.getByRole("cell").count(), 50 * 12);
  }));

await test("on a phone: cards, and a menu to sort them", () =>
  visitReport({ viewport: PHONE }, async (page) => {
    assert.equal(await page.isVisible("table.stores thead"), false);
    await page.selectOption("#sort-by", "coverage");
    assert.equal(new URL(page.url()).searchParams.get("sort"), "coverage");
    await page.click("#sort-menu button");
    assert.equal(new URL(page.url()).searchParams.get("order"), "desc");
    const { width } = await page.locator("tbody tr").first().boundingBox();
    assert.ok(width <= PHONE.width);
  }));

await test("on paper: the figures, nothing to click", () =>
  visitReport({}, async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.isVisible(".tile.down"));
    assert.ok(await page.isVisible("table.stores"));
    for (const one of ["#trigger", "#reports", "#filter-id", "#download-rows",
      "#pager button"]) {
      assert.equal(await page.locator(one).first().isVisible(), false, one);
    }
  }));

for (const viewport of [PHONE, DESK]) {
  for (const colorScheme of ["light", "dark"]) {
    const look = `${viewport.width}-${colorScheme}`;
    const narrow = (page) => page.evaluate(() =>
      document.documentElement.scrollWidth <= window.innerWidth);
    await test(`axe-core is content and nothing sticks out, ${look}`, () =>
      visit({ viewport, colorScheme }, async (page) => {
        await accessible(page);
        await page.click("#options summary");
        await trigger(page);
        await page.click(".more");
        await page.waitForSelector("table.stores .week-strip");
        await page.click(".tile.down");
        await page.click("#heat summary");
        await page.click("#histogram summary");
        await accessible(page);
        assert.ok(await narrow(page));
        const ground = await page.evaluate(() =>
          getComputedStyle(document.body).backgroundColor);
        assert.equal(Number(ground.match(/\d+/)[0]) > 128,
          colorScheme === "light");
        await page.fill("#filter-id", "no such store");
        await accessible(page);
      }));
    await test(`a picture of it, ${look}`, () =>
      visitReport({ viewport, colorScheme }, async (page) => {
        assert.ok(await narrow(page));
        await page.evaluate(() => window.scrollTo(0, 0));
        await page.screenshot({ path: join(SCREENS, `reports-${look}.png`),
          fullPage: true });
      }));
  }
}
