// What the page of a store says: its head, figures, outages and explanations,
// against figures reckoned by hand from store_data.py.

import assert from "node:assert/strict";
import { visit } from "./browser.mjs";
import { STORES, answerOf, cells, change, fact, pathOf, store, text } from
  "./store_support.mjs";
import { test } from "./tap.mjs";

const card = (n) => `.counter:nth-child(${n})`;

async function verdict(page) {
  const parts = await page.locator("#verdict dd").allInnerTexts();
  return parts.map((part) => part.replaceAll("\u00A0", " "));
}

async function head() {
  await test("the head: which store, how it is, on which clock and hours", () =>
    store("ordinary", {}, async (page) => {
      assert.equal(await page.title(), "ordinary - Store monitor");
      assert.equal(await text(page, "h1"), "ordinary");
      assert.equal(await text(page, ".now"),
        "Up since Fri 3 Nov 16:05:22 UTC\u22124");
      assert.equal(await fact(page, "Local time"),
        "Wed 8 Nov 13:13:22, UTC\u22125");
      assert.equal(await fact(page, "Hours of today"),
        "09:00 to 17:00, from the weekly hours");
      assert.equal(await fact(page, "Time zone"), "America/New_York");
      assert.equal(await fact(page, "As of"),
        "2023-11-08 18:13:22 UTC, the newest poll");
      assert.equal(await fact(page, "Rules"),
        "the previous poll counts, reach unlimited");
    }));
  await test("special hours and hours that nobody gave are told as such",
    async () => {
      await store("special", {}, async (page) => {
        assert.equal(await fact(page, "Hours of today"),
          "10:00 to 14:00, special hours of this date");
        await page.click("#facts summary");
        assert.equal(await fact(page, "Fri 3 Nov, special"), "closed");
        assert.equal(await fact(page, "Thu 23 Nov, special"), "closed");
        assert.equal(await page.locator(".day .tag").count(), 4);
      });
      await store(STORES.kana, {}, async (page) => {
        assert.match(await fact(page, "Hours of today"),
          /^all day, no hours were given/);
        assert.equal(await fact(page, "Time zone"),
          "America/Chicago, assumed: none was given");
      });
    });
  const NOW = {
    ongoing: /^Down since Wed 8 Nov 10:05:22/,
    stale: /^Stale the poll that counts is 4 h 8 min old: Wed 8 Nov 09:05:22/,
    closed: /^Closed since Wed 8 Nov 17:30:00/,
    "never-polled": /^Unknown all of this week/,
    dark: /^Down all of this week/,
  };
  for (const [id, wanted] of Object.entries(NOW)) {
    await test(`the status now: ${id}`, () => store(id, {}, async (page) => {
      assert.match(await text(page, ".now"), wanted);
      assert.equal(await page.locator(".now .sign").count(), 1);
    }));
  }
}

async function verdicts() {
  const WANTED = {
    ordinary: ["Yes, once", "2 h of 55 h open time",
      "Fri 3 Nov 14:05 to 16:05", "2 h of open time"],
    autumn: ["Yes, twice", "3 h of 168 h open time",
      "Sun 5 Nov 01:05 UTC\u22124 to 02:05 UTC\u22125",
      "the longest of 2: 2 h of open time"],
    clipped: ["Yes, once", "8 h 52 min of 69 h open time",
      "Until Thu 2 Nov 13:05", "8 h 52 min of open time"],
    dark: ["Yes, all week", "83 h of 83 h open time",
      "Since before this week", "83 h of open time, and still down"],
    split: ["Not seen down", "up for 55 h 47 min of 55 h 47 min open time",
      "\u2013", "no outage in this week"],
    "never-polled": ["Nobody knows", "no poll in its opening hours tells",
      "\u2013", "no outage in this week"],
  };
  for (const [id, wanted] of Object.entries(WANTED)) {
    await test(`was it down, when, is that sure: ${id}`, () =>
      store(id, {}, async (page) => {
        assert.deepEqual((await verdict(page)).slice(0, 4), wanted);
      }));
  }
}

async function counters() {
  await test("the counters of hour, day and week as bars and figures", () =>
    store("ordinary", {}, async (page) => {
      assert.deepEqual(await page.locator(".counter h3").allInnerTexts(),
        ["Last hour", "Last 24 hours", "Last 7 days"]);
      assert.deepEqual(await cells(page, card(3)), [
        ["Up", "53 h", "45 h"], ["Down", "2 h", "1 h"],
        ["Unknown", "0 min", "\u2013"], ["Open time", "55 h", "46 h"],
      ]);
      assert.equal((await text(page, `${card(3)} .share`))
        .replaceAll("\u00A0", " "), "96.36 % available");
      assert.equal((await text(page, `${card(3)} .bounds`))
        .replaceAll("\u00A0", " "),
      "between 81.81 % and 98.18 %; 83.63 % observed");
      const kinds = await page.locator(`${card(3)} .box`)
        .evaluateAll((boxes) => boxes.map((box) => [
          box.getAttribute("class"), parseFloat(box.getAttribute("width"))]));
      assert.deepEqual(kinds, [
        ["box up-seen", 81.8182], ["box up-guess", 14.5455],
        ["box down-guess", 1.8182], ["box down-seen", 1.8182]]);
      assert.equal(await page.getAttribute(`${card(3)} .bar`, "aria-label"),
        "Of 55 h open: up 53 h, 45 h of it observed; down 2 h, 1 h of it " +
        "observed; unknown 0 min");
    }));
  await test("nothing to divide: closed, or unknown", async () => {
    await store("night", {}, async (page) => {
      assert.equal(await text(page, `${card(1)} .share`), "Closed");
      assert.equal(await page.locator(`${card(1)} .bar`).count(), 0);
    });
    await store("never-polled", {}, async (page) => {
      assert.equal(await text(page, `${card(3)} .share`), "Unknown");
      assert.equal(await page.locator(`${card(3)} .box.unknown`).count(), 1);
    });
  });
}

async function outages() {
  await test("an outage: start, end, loss, and the polls at its edges", () =>
    store("ordinary", {}, async (page) => {
      assert.deepEqual(await cells(page, ".outages"), [[
        "Fri 3 Nov 14:05:22 UTC\u22124 seen up 13:05:22, down 14:05:22",
        "Fri 3 Nov 16:05:22 UTC\u22124 seen down 15:05:22, up 16:05:22",
        "2 h"]]);
      await page.check("#with-utc");
      assert.match((await cells(page, ".outages"))[0][0],
        /UTC\u22124 \(2023-11-03 18:05:22 UTC\)/);
    }));
  await test("an outage while the clock is set is as long as it was", () =>
    store("autumn", {}, async (page) => {
      assert.deepEqual((await cells(page, ".outages"))[0], [
        "Sun 5 Nov 01:05:22 UTC\u22124 seen up 00:05:22, down 01:05:22",
        "Sun 5 Nov 02:05:22 UTC\u22125 seen down 01:05:22, up 02:05:22",
        "2 h"]);
    }));
  await test("one from before the week, and one that goes on", async () => {
    await store("clipped", {}, async (page) => {
      const [[start]] = await cells(page, ".outages");
      assert.match(start, /^Before this week seen up Tue 31 Oct 10:05:22/);
    });
    await store("ongoing", {}, async (page) => {
      const [[, end, lost]] = await cells(page, ".outages");
      assert.equal(end, "Still down seen down 13:05:22, not seen up since");
      assert.equal(lost, "3 h 8 min");
    });
    const stale = change((answer) => {
      answer.status_now = "stale";
    });
    await store("ongoing", { before: stale }, async (page) => {
      const [[, end]] = await cells(page, ".outages");
      assert.match(end, /^Still counted as down/);
      assert.match((await verdict(page))[3], /and still counted as down$/);
    });
    await store("dark", {}, async (page) => {
      const [[start]] = await cells(page, ".outages");
      assert.match(start, /^Before this week .*not seen up before$/);
    });
  });
  await test("no outage: it says so; many: all of them", async () => {
    await store("split", {}, async (page) => {
      assert.match(await text(page, "#outages"), /None in this week/);
    });
    await store("flapping", {}, async (page) => {
      const answer = await answerOf(page, "flapping");
      assert.ok(answer.outages.length > 80);
      const rows = page.locator(".outages tbody tr");
      assert.equal(await rows.count(), 50);
      await page.click(`text=Show all ${answer.outages.length} outages`);
      assert.equal(await rows.count(), answer.outages.length);
    });
  });
}

const PLACES = { status_now: "#title", hours: "#facts", timezone: "#facts",
  rules: "#facts", clock: "#week", polls: "#week", hour: card(1),
  day: card(2), week: card(3),
  availability: "#counters .notes", bounds: "#counters .notes",
  coverage: "#counters .notes", outages: "#outages",
  "something-new": "#foot" };

async function explanations() {
  await test("each explanation stands beside its figure, as text", () =>
    store("ordinary", {
      before: change((answer) => {
        answer.explanations = Object.keys(PLACES).map((figure) => ({ figure,
          title: `Title of ${figure}`, value: `value of ${figure}`,
          text: `<b>Why</b> ${figure} is so.` }));
      }),
    }, async (page) => {
      for (const [figure, place] of Object.entries(PLACES)) {
        assert.ok((await page.locator(place).first().innerText())
          .includes(`<b>Why</b> ${figure} is so.`), figure);
      }
      assert.match(await text(page, "#foot"), /value of something-new/);
      assert.equal(await page.locator("article b").count(), 0);
    }));
  await test("the sentences of the server are all on the page", () =>
    store("ordinary", {}, async (page) => {
      const { explanations: told } = await answerOf(page, "ordinary");
      assert.ok(told.length > 8);
      const shown = await text(page, "#store");
      for (const { text: sentence } of told) {
        assert.ok(shown.includes(sentence), sentence);
      }
    }));
}

async function odd() {
  for (const id of Object.values(STORES)) {
    await test(`an odd id is only text: ${id.slice(0, 20)}`, () =>
      store(id, {}, async (page) => {
        assert.equal(await page.textContent("h1"), id);
        assert.equal(await page.title(), `${id} - Store monitor`);
        assert.equal(await page.locator("article img, article script")
          .count(), 0);
        await page.goto(await page.getAttribute("#foot a", "href"));
        await page.waitForSelector("#store:not([hidden])");
        assert.equal(await page.textContent("h1"), id);
      }));
  }
  for (const [what, id] of Object.entries({ "65 bytes": "x".repeat(65),
    "a control character": "a\u0007b", "a leading =": "=1+1" })) {
    await test(`an id that cannot be one: ${what}`, () => visit({
      path: pathOf(id), expected: /stores\?id/,
    }, async (page) => {
      await page.waitForSelector("#missing:not([hidden]) h1");
      assert.equal(await page.isVisible("#store"), false);
      assert.ok(await page.isVisible("#search-id"));
    }));
  }
}

export async function run() {
  await head();
  await verdicts();
  await counters();
  await outages();
  await explanations();
  await odd();
}
