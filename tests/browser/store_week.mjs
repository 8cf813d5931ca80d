// The picture of the week: rows as long as their dates, boxes and ticks told
// apart without colour, read by pointer and keyboard, and told in tables.

import assert from "node:assert/strict";
import { answerOf, cells, change, fact, store, text } from
  "./store_support.mjs";
import { test } from "./tap.mjs";

const SPRING = { as_of: "2023-03-14 12:05:00" };
const LORD_HOWE = { as_of: "2023-04-04 12:05:00" };
const row = (date) => `.day:has(.date:text-is("${date}"))`;

const widthOf = (page, place) =>
  page.getAttribute(`${place} line.axis`, "x2");

function labels(page, place) {
  return page.locator(`${place} text`).allTextContents();
}

// [class, x, width, y, height] of the boxes of a date.
function boxes(page, date) {
  return page.locator(`${row(date)} .row .box`).evaluateAll((all) =>
    all.map((box) => [box.getAttribute("class").replace("box ", ""),
      ...["x", "width", "y", "height"].map((name) =>
        parseFloat(box.getAttribute(name)))]));
}

async function dates() {
  await test("a row for each local date, 24 hours wide", () =>
    store("ordinary", { more: { as_of: "2023-10-28 12:00:00" } },
      async (page) => {
        assert.deepEqual(await page.locator(".day .date").allInnerTexts(), [
          "Sat 21 Oct", "Sun 22 Oct", "Mon 23 Oct", "Tue 24 Oct",
          "Wed 25 Oct", "Thu 26 Oct", "Fri 27 Oct", "Sat 28 Oct"]);
        assert.equal(await widthOf(page, row("Tue 24 Oct")), "100%");
        assert.deepEqual(await labels(page, ".day.head"),
          ["00", "03", "06", "09", "12", "15", "18", "21", "24"]);
      }));
  await test("a day of 25 hours: the others are a hour shorter", () =>
    store("autumn", {}, async (page) => {
      assert.equal(await widthOf(page, row("Sun 5 Nov")), "100%");
      assert.equal(await widthOf(page, row("Mon 6 Nov")), "96%");
      assert.equal(await text(page, `${row("Sun 5 Nov")} .tag`),
        "a day of 25 h");
      const told = await labels(page, `${row("Sun 5 Nov")} .row`);
      assert.ok(told.includes("02:00 \u2192 01:00"));
      assert.ok(told.includes("24"));
      assert.deepEqual(await labels(page, `${row("Mon 6 Nov")} .row`), []);
      // 18:00 is 19 hours after midnight.
      assert.equal(await page.locator(`${row("Sun 5 Nov")} .row text`)
        .filter({ hasText: "18" }).getAttribute("x"), "76%");
    }));
  await test("a day of 23 hours is a hour shorter than the others", () =>
    store("spring", { more: SPRING }, async (page) => {
      assert.equal(await widthOf(page, row("Sun 12 Mar")), "95.8333%");
      assert.equal(await widthOf(page, row("Mon 13 Mar")), "100%");
      assert.ok((await labels(page, `${row("Sun 12 Mar")} .row`))
        .includes("02:00 \u2192 03:00"));
      assert.equal(await text(page, ".verdict .figure >> nth=1"),
        "Sun 12 Mar 01:05 UTC\u22125 to 04:05 UTC\u22124");
    }));
  await test("the clock is the server's, whatever the browser knows", () =>
    store("ordinary", {
      before: change((answer) => {
        answer.timezone = "Mars/Base";
        answer.offsets = [{ from: answer.dates[0].start, offset_s: 20700 }];
      }),
    }, async (page) => {
      assert.equal(await fact(page, "Local time"),
        "Wed 8 Nov 23:58:22, UTC+5:45");
      assert.equal(await text(page, ".verdict .figure >> nth=1"),
        "Fri 3 Nov 23:50 to Sat 4 Nov 01:50");
    }));
  await test("half an hour is half an hour", () =>
    store("lordhowe", { more: LORD_HOWE }, async (page) => {
      assert.equal(await text(page, `${row("Sun 2 Apr")} .tag`),
        "a day of 24.5 h");
      assert.equal(await widthOf(page, row("Sat 1 Apr")), "97.9592%");
    }));
}

async function kinds() {
  await test("opening hours as boxes, solid, hatched, and down taller", () =>
    store("ordinary", {}, async (page) => {
      const fri = await boxes(page, "Fri 3 Nov");
      assert.deepEqual(fri.map(([kind]) => kind), ["open", "up-guess",
        "up-seen", "up-guess", "down-seen", "down-guess", "up-guess"]);
      const of = (kind) => fri.find(([name]) => name === kind);
      // 14:05:22.479220 to 15:05:22.479220 of 25 hours.
      assert.equal(of("down-seen")[1], 56.3583);
      assert.equal(of("down-seen")[2], 4);
      assert.ok(of("down-seen")[4] > of("up-seen")[4]);
      assert.ok(of("down-seen")[3] < of("up-seen")[3]);
      assert.deepEqual(of("open").slice(1, 3), [36, 32]);
      const fill = (kind) => page.locator(`.row .box.${kind}`).first()
        .evaluate((box) => getComputedStyle(box).fill);
      assert.match(await fill("up-guess"), /#up-guess/);
      assert.match(await fill("down-guess"), /#down-guess/);
      assert.match(await fill("up-seen"), /^rgb/);
      assert.equal(await page.locator(`${row("Fri 3 Nov")} use.mark-down`)
        .count(), 1);
      assert.equal(await text(page, `${row("Fri 3 Nov")} .day-lost`),
        "2 h down");
    }));
  await test("unknown time is dotted", () =>
    store("never-polled", {}, async (page) => {
      const box = page.locator(".row .box.unknown").first();
      assert.equal(await box.getAttribute("fill"), "url(#dots)");
      assert.equal(await page.locator("#dots circle").count(), 2);
    }));
  await test("split shifts, a night shift, a date that special hours close",
    async () => {
      await store("split", {}, async (page) => {
        assert.equal((await boxes(page, "Thu 2 Nov"))
          .filter(([kind]) => kind === "open").length, 2);
      });
      await store("night", {}, async (page) => {
        const open = (await boxes(page, "Thu 2 Nov"))
          .filter(([kind]) => kind === "open");
        assert.deepEqual(open.map(([, x, width]) => [x, width]),
          [[0, 8], [72, 24]]);
      });
      await store("special", {}, async (page) => {
        assert.deepEqual(await boxes(page, "Fri 3 Nov"), []);
        assert.equal(await page.getAttribute(`${row("Fri 3 Nov")} .row`,
          "aria-label"), "Friday 3 Nov: closed, 24 polls");
      });
    });
  await test("each poll is a tick, its shape says what it said", () =>
    store("ordinary", {}, async (page) => {
      const { polls } = await answerOf(page, "ordinary");
      const ticks = (selector) => page.locator(`.day .poll${selector}`).count();
      assert.equal(await ticks(""), polls.length);
      for (const status of ["active", "inactive"]) {
        for (const [kind, counts] of [["counts", true], ["outside", false]]) {
          const alike = polls.filter((poll) => poll.status === status &&
            poll.in_hours === counts);
          assert.equal(await ticks(
            `.${status}.${kind}[href="#poll-${status}"]`), alike.length);
        }
      }
    }));
}

async function reading() {
  const HATCH = "Up, extrapolated: Fri 3 Nov 13:05:22 to 14:05:22, 1 h; " +
    "decided by the poll of 13:05:22";
  await test("the pointer on a box or a tick tells what it is", () =>
    store("ordinary", {}, async (page) => {
      const down = page.locator(`${row("Fri 3 Nov")} .box.down-seen`);
      await down.scrollIntoViewIfNeeded();
      await down.hover({ position: { x: 5, y: 12 }, force: true });
      assert.equal(await text(page, ".told"),
        "Down, observed: Fri 3 Nov 14:05:22 to 15:05:22, 1 h; decided by " +
        "the poll of 14:05:22");
      const tick = await page.locator(`${row("Fri 3 Nov")} .poll.inactive` +
        ".counts").first().boundingBox();
      await page.mouse.move(tick.x + 2, tick.y + 4);
      assert.equal(await text(page, ".told"),
        "Poll: down: Fri 3 Nov 14:05:22 UTC\u22124");
    }));
  await test("the keyboard goes through the week", () =>
    store("ordinary", {}, async (page) => {
      await page.focus("#week-slider");
      await page.keyboard.press("Home");
      assert.match(await text(page, ".told"), /^Poll: down: Wed 1 Nov/);
      await page.keyboard.press("PageDown");
      await page.keyboard.press("PageDown");
      assert.match(await text(page, ".told"), /^Poll: down: Fri 3 Nov 00:05/);
      let told = "";
      for (let i = 0; i < 30 && told !== HATCH; i += 1) {
        await page.keyboard.press("ArrowRight");
        told = await text(page, ".told");
      }
      assert.equal(told, HATCH);
      assert.equal(await page.getAttribute("#week-slider", "aria-valuetext"),
        HATCH);
      assert.equal(await page.locator('.cursor[visibility="visible"]').count(),
        1);
    }));
}

async function tables() {
  await test("the picture is there as tables, too", () =>
    store("ordinary", {}, async (page) => {
      const answer = await answerOf(page, "ordinary");
      const open = async (n) => {
        await page.click(`.tables details:nth-child(${n}) summary`);
        await page.waitForSelector(`.tables details:nth-child(${n}) td`);
      };
      await open(1);
      const days = await cells(page, ".tables details:nth-child(1)");
      assert.deepEqual(days[2], ["Fri 3 Nov", "24", "09:00 to 17:00", "6 h",
        "2 h", "\u2013", "24", "from the weekly hours"]);
      assert.equal(days[4][1], "25");
      await open(2);
      const stretches = await cells(page, ".tables details:nth-child(2)");
      assert.equal(stretches.length, answer.segments.length);
      assert.deepEqual(stretches.find((cell) => cell[2] === "Down"), [
        "Fri 3 Nov 14:05:22 UTC\u22124", "Fri 3 Nov 15:05:22 UTC\u22124",
        "Down", "observed", "1 h", "Fri 3 Nov 14:05:22 UTC\u22124"]);
      await open(3);
      const polls = await cells(page, ".tables details:nth-child(3)");
      assert.equal(polls.length, answer.polls.length);
      assert.equal(polls[0][2], "no, outside the hours");
    }));
  await test("each row of the picture has a label in words", () =>
    store("ordinary", {}, async (page) => {
      assert.equal(await page.getAttribute(`${row("Fri 3 Nov")} .row`,
        "aria-label"), "Friday 3 Nov: open 09:00 to 17:00, up 6 h, " +
        "down 2 h, 24 polls");
    }));
}

export async function run() {
  await dates();
  await kinds();
  await reading();
  await tables();
}
