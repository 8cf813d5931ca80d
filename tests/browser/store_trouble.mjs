// The page of a store while the server is gone, and when its answers are
// damaged.

import assert from "node:assert/strict";
import { gone, retry, visit } from "./browser.mjs";
import { MISSING, SHOWN, change, disturb, pathOf, store, text } from
  "./store_support.mjs";
import { test } from "./tap.mjs";

const MINUTE = 61000;

async function lost() {
  await test("a server that is gone: said, and found again", () => visit({
    path: pathOf("ordinary"), expected: /stores\?id/,
    before: disturb(99, (route) => route.abort()),
  }, async (page) => {
    await gone(page);
    await page.click("#connection-retry");
    await page.unroute("**/stores?id=*");
    await page.waitForSelector(SHOWN);
    await page.waitForSelector("#connection", { state: "hidden" });
  }));
  await test("gone midway: the store stays, and the banner goes again",
    () => {
      let up = true;
      return store("ordinary", {
        expected: /stores\?id/,
        before: async (page) => {
          await page.clock.install();
          await page.route("**/stores?id=*", (route) =>
            (up ? route.continue() : route.abort()));
        },
      }, async (page) => {
        up = false;
        await page.clock.runFor(MINUTE);
        await gone(page);
        assert.ok(await page.isVisible("#week"));
        up = true;
        await retry(page);
        await page.waitForSelector("#connection", { state: "hidden" });
        assert.equal(await page.textContent("#moved"), "");
      });
    });
  await test("a step to another moment waits for the server", () =>
    store("ordinary", { expected: /stores\?id/ }, async (page) => {
      await disturb(2, (route) => route.abort())(page);
      await page.click("text=A day earlier");
      await gone(page);
      await page.waitForSelector('.value:text-is("2023-11-07 18:13:22 UTC")');
      assert.ok(await page.isHidden("#connection"));
    }));
  await test("new data is noticed, and shown on request", () => {
    let later = false;
    return store("ordinary", {
      before: async (page) => {
        await page.clock.install();
        await change((answer) => {
          if (later) answer.status_now = "stale";
        })(page);
      },
    }, async (page) => {
      const looked = page.waitForResponse("**/stores?id=*");
      await page.clock.runFor(MINUTE);
      await (await looked).finished();
      assert.equal(await page.textContent("#moved"), "");
      later = true;
      await page.clock.runFor(2 * MINUTE);
      await page.waitForSelector("#moved button");
      assert.match(await text(page, ".now"), /^Up/);
      await page.click("#moved button");
      await page.waitForSelector(".now .status.stale");
      assert.equal(await page.textContent("#moved"), "");
    });
  });
}

const DAMAGES = {
  "nothing in it": () => ({}),
  "a list": () => [],
  "a poll without an instant": (answer) => {
    answer.polls[3].at = "yesterday <b>";
  },
  "a poll that says something else": (answer) => {
    answer.polls[3].status = "perhaps";
  },
  "no dates": (answer) => {
    answer.dates = [];
  },
  "a stretch that ends before it starts": (answer) => {
    answer.segments[0].end = answer.dates[0].start;
  },
  "an offset beyond all clocks": (answer) => {
    answer.offsets[0].offset_s = 1e15;
  },
  "a counter that is text": (answer) => {
    answer.counters.week.up_s = "53";
  },
  "a percentage that is none": (answer) => {
    answer.counters.day.coverage_percent = 140;
  },
  "no explanations": (answer) => {
    delete answer.explanations;
  },
};

async function damaged() {
  for (const [what, damage] of Object.entries(DAMAGES)) {
    await test(`a damaged answer is told: ${what}`, () => visit({
      path: pathOf("ordinary"), before: change(damage),
    }, async (page) => {
      await page.waitForSelector(MISSING);
      assert.match(await text(page, "#missing"), /answer is damaged/);
      assert.ok(await page.isHidden("#store"));
      await page.unroute("**/stores?id=*");
      await page.click("text=Try again");
      await page.waitForSelector(SHOWN);
    }));
  }
  await test("an answer that is no JSON is told", () => visit({
    path: pathOf("ordinary"),
    before: disturb(1, (route) => route.fulfill({ body: "<html>" })),
  }, async (page) => {
    await page.waitForSelector(MISSING);
    assert.match(await text(page, "#missing"), /says nothing/);
  }));
  await test("a search that fails leaves the page as it is", () =>
    store("ordinary", { expected: /prefix/ }, async (page) => {
      await page.route("**/stores?prefix=*", (route) => route.abort());
      await page.fill("#search-id", "spl");
      await page.waitForSelector("text=The search failed",
        { state: "attached" });
      assert.ok(await page.isVisible("#week"));
    }));
}

export async function run() {
  await lost();
  await damaged();
}
