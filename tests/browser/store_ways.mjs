// How one gets about the page of a store: other moments and rules, the search
// for a store, and what is shown where there is nothing to show.

import assert from "node:assert/strict";
import { visit } from "./browser.mjs";
import { EMPTY_URL, MISSING, SHOWN, STORES, fact, pathOf, store, text } from
  "./store_support.mjs";
import { test } from "./tap.mjs";

const asOf = (page) => new URL(page.url()).searchParams.get("as_of");
const focused = (page) => page.evaluate(() => document.activeElement.id);

function shownAsOf(page, moment) {
  return page.waitForSelector(
    `#facts dt:text-is("As of") + dd .value:text-is("${moment}")`);
}

async function moments() {
  await test("a day earlier, and back: the address keeps it", () =>
    store("ordinary", {}, async (page) => {
      assert.equal(asOf(page), null);
      assert.deepEqual(await page.locator(".steps a").allInnerTexts(),
        ["A day earlier"]);
      await page.click("text=A day earlier");
      await shownAsOf(page, "2023-11-07 18:13:22 UTC");
      assert.equal(asOf(page), "2023-11-07T18:13:22.479220Z");
      assert.equal(await page.locator(".date").first().innerText(),
        "Tue 31 Oct");
      await page.reload();
      await shownAsOf(page, "2023-11-07 18:13:22 UTC");
      await page.goBack();
      await shownAsOf(page, "2023-11-08 18:13:22 UTC, the newest poll");
      await page.goForward();
      await shownAsOf(page, "2023-11-07 18:13:22 UTC");
    }));
  await test("the data has moved on since: it says so, and leads there", () =>
    store("ordinary", { more: { as_of: "2023-11-03 19:00:00" } },
      async (page) => {
        assert.match(await text(page, ".now"), /^Down since Fri 3 Nov 14:05/);
        assert.match(await text(page, "#moved"),
          /The data goes on to 2023-11-08 18:13:22 UTC/);
        await page.click("#moved button");
        await shownAsOf(page, "2023-11-08 18:13:22 UTC, the newest poll");
        assert.equal(asOf(page), null);
        assert.equal(await page.textContent("#moved"), "");
      }));
  await test("another moment by the store's clock, other rules", () =>
    store("ordinary", {}, async (page) => {
      await page.click("#moment summary");
      assert.equal(await page.inputValue("#moment-as_of"),
        "2023-11-08T13:13:22");
      await page.fill("#moment-as_of", "2023-11-03T15:30");
      await page.selectOption("#moment-interpolation", "next");
      await page.fill("#moment-reach", "6h");
      await page.click("#moment button");
      await shownAsOf(page, "2023-11-03 19:30:00 UTC");
      assert.equal(await fact(page, "Rules"),
        "the next poll counts, reach 6h");
      const query = new URL(page.url()).searchParams;
      assert.equal(query.get("interpolation"), "next");
      assert.equal(query.get("reach"), "6h");
    }));
  await test("a time that comes twice is the first, and one skipped goes on",
    () => store("spring", { more: { as_of: "2023-03-14 12:05:00" } },
      async (page) => {
        const go = async (local) => {
          await page.fill("#moment-as_of", local);
          await page.click("#moment button");
        };
        await page.click("#moment summary");
        await go("2023-03-12T02:30");
        await shownAsOf(page, "2023-03-12 07:30:00 UTC");
        await go("2023-11-05T01:30");
        await shownAsOf(page, "2023-11-05 05:30:00 UTC");
      }));
  await test("a wrong rule is told, and the store stays", () =>
    store("ordinary", { expected: /stores\?id/ }, async (page) => {
      await page.click("#moment summary");
      await page.fill("#moment-reach", "six hours");
      await page.click("#moment button");
      await page.waitForSelector("#message:not(:empty)");
      assert.match(await text(page, "#message"), /reach must be/);
      assert.ok(await page.isVisible("#week"));
      await page.fill("#moment-reach", "unlimited");
      await page.click("#moment button");
      await page.waitForSelector("#message:empty", { state: "attached" });
    }));
  await test("a wrong moment in the address: told, with a way out", () =>
    visit({ path: pathOf("ordinary", { as_of: "yesterday" }),
      expected: /stores\?id/ }, async (page) => {
      await page.waitForSelector(MISSING);
      assert.match(await text(page, "#missing"), /as_of must be/);
      await page.click("#missing a");
      await page.waitForSelector(SHOWN);
    }));
}

const option = (id) => `[role=option]:text-is("${id}")`;

async function searching() {
  await test("the search suggests; the keyboard chooses", () =>
    store("ordinary", {}, async (page) => {
      await page.focus("#search-id");
      await page.keyboard.type("s");
      await page.waitForSelector(option("split"));
      assert.deepEqual(await page.locator("[role=option]").allTextContents(),
        ["special", "split", "spring", "stale"]);
      assert.equal(await page.getAttribute("#search-id", "aria-expanded"),
        "true");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const active = await page.getAttribute("#search-id",
        "aria-activedescendant");
      assert.equal(await text(page, `#${active}`), "split");
      assert.equal(await page.getAttribute(`#${active}`, "aria-selected"),
        "true");
      await page.keyboard.press("Escape");
      assert.ok(await page.isHidden("[role=listbox]"));
      assert.equal(await page.inputValue("#search-id"), "s");
      await page.keyboard.press("ArrowUp");
      await page.waitForSelector(option("stale"));
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
      await page.waitForSelector('h1:text-is("stale")');
    }));
  await test("the search by pointer, of an odd id", () =>
    store("ordinary", {}, async (page) => {
      await page.fill("#search-id", "a/b");
      await page.click('[role=option]:has-text("a/b")');
      await page.waitForURL("**/store.html?*");
      await page.waitForSelector(SHOWN);
      assert.equal(await page.textContent("h1"), STORES.slashes);
    }));
  await test("what is typed is opened as it is; nothing found is said", () =>
    store("ordinary", { expected: /stores\?id/ }, async (page) => {
      await page.fill("#search-id", "nobody");
      await page.waitForSelector("text=No store begins so.",
        { state: "attached" });
      assert.ok(await page.isHidden("[role=listbox]"));
      await page.keyboard.press("Enter");
      await page.waitForSelector(MISSING);
      assert.equal(await text(page, "#missing h1"), "No such store");
    }));
  await test("more than the list holds: it says so", () =>
    store("ordinary", {}, async (page) => {
      await page.focus("#search-id");
      await page.waitForSelector(".choices .rest");
      assert.equal(await page.locator("[role=option]").count(), 8);
    }));
}

async function missing() {
  await test("an unknown store: so it says, with a search", () =>
    visit({ path: pathOf("split <b>ends"), expected: /stores\?id/ },
      async (page) => {
        await page.waitForSelector(MISSING);
        assert.match(await text(page, "#missing"), /split <b>ends/);
        assert.equal(await page.title(), "No such store - Store monitor");
        assert.equal(await focused(page), "search-id");
        assert.equal(await page.inputValue("#search-id"), "split <b>ends");
        await page.click('#missing a:text-is("split")');
        await page.waitForSelector('h1:text-is("split")');
      }));
  await test("no store named: the first ones", () =>
    visit({ path: "/store.html" }, async (page) => {
      await page.waitForSelector("#missing li");
      assert.equal(await text(page, "#missing h1"), "Which store?");
      assert.equal(await page.locator("#missing li").count(), 12);
    }));
  await test("no data at all: it says what to do", () =>
    visit({ base: EMPTY_URL, path: pathOf("any"), expected: /stores\?id/ },
      async (page) => {
        await page.waitForSelector(MISSING);
        assert.equal(await text(page, "#missing h1"),
          "There is no data yet");
        assert.equal(await page.getAttribute("#missing a", "href"),
          "/admin/");
      }));
}

export async function run() {
  await moments();
  await searching();
  await missing();
}
