// What the page of a store looks like: on paper, on a phone, in the dark, to
// those who do not see it, and how soon it is there.  Pictures of it are left
// in the folder SCREENS.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { accessible } from "./axe.mjs";
import { visit } from "./browser.mjs";
import { DESK, MISSING, PHONE, SCREENS, STORES, change, pathOf, store } from
  "./store_support.mjs";
import { note, test } from "./tap.mjs";

const VIEWS = [PHONE, DESK].flatMap((viewport) =>
  ["light", "dark"].map((colorScheme) => ({ viewport, colorScheme })));
const SPRING = { as_of: "2023-03-14 12:05:00" };

const nameOf = ({ viewport, colorScheme }) =>
  `${viewport.width}-${colorScheme}`;

// How many sheets a PDF has.
function sheets(path) {
  const told = execFileSync("pdfinfo", [path], { encoding: "utf8" });
  return Number(/^Pages:\s+(\d+)$/m.exec(told)[1]);
}

async function print(page, name) {
  for (const format of ["A4", "Letter"]) {
    const path = join(SCREENS, `store-${name}-${format}.pdf`);
    await page.pdf({ path, format });
    assert.equal(sheets(path), 1, format);
  }
}

// A long id, nine dates, and sentences longer than they are.
function swell(answer) {
  const [first] = answer.dates;
  const day = 24 * 3600 * 1000;
  const back = (text) => new Date(Date.parse(text) - day).toISOString()
    .replace("Z", "000Z");
  answer.store_id = STORES.markup;
  answer.dates.unshift({ ...first, date: "2023-10-31",
    start: back(first.start), end: first.start });
  answer.offsets[0].from = back(first.start);
  for (const told of answer.explanations) {
    told.text += told.text.slice(0, told.text.length / 4);
  }
}

async function paper() {
  for (const id of ["ordinary", "flapping", "dark", "never-polled", "special",
    STORES.markup]) {
    await test(`one sheet of paper: ${id.slice(0, 20)}`, () =>
      store(id, { colorScheme: "dark" }, (page) =>
        print(page, id.replaceAll(/\W/g, "").slice(0, 12))));
  }
  await test("one sheet, though there is much to say", () =>
    store("flapping", { before: change(swell) }, async (page) => {
      assert.equal(await page.locator(".day .date").count(), 9);
      await page.check("#with-utc");
      await print(page, "much");
    }));
  await test("on paper nothing is for clicking, and all is on white", () =>
    store("flapping", { colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      for (const place of ["#search", "#moment", "#tables", ".reader", "nav"]) {
        assert.ok(await page.locator(place).first().isHidden(), place);
      }
      assert.equal(await page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
      assert.equal(await page.locator(".outages tbody tr:visible").count(), 5);
      assert.match(await page.locator("#outages .on-paper").innerText(),
        /^And \d+ outages more, none longer, \d+ h in all/);
    }));
}

async function everywhere() {
  for (const view of VIEWS) {
    await test(`nothing sticks out, nothing inaccessible: ${nameOf(view)}`,
      async () => {
        for (const id of ["ordinary", STORES.markup, "never-polled"]) {
          await store(id, view, async (page) => {
            const wide = await page.evaluate(() =>
              document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(wide <= 0, `${id}: ${wide} px`);
            for (const summary of await page.locator("summary").all()) {
              await summary.click();
            }
            await accessible(page);
            assert.equal(await page.locator("article [style]").count(), 0);
          });
        }
        await visit({ ...view, path: pathOf("nosuch"), expected: /stores\?id/ },
          async (page) => {
            await page.waitForSelector(MISSING);
            await page.fill("#search-id", "s");
            await page.waitForSelector("[role=option]");
            await accessible(page);
          });
      });
  }
  await test("headings, figure and tables have their names", () =>
    store("ordinary", {}, async (page) => {
      assert.deepEqual(await page.locator("h1, h2, h3").evaluateAll((all) =>
        all.map(({ tagName }) => tagName)),
      ["H1", "H2", "H2", "H3", "H3", "H3", "H2"]);
      assert.equal(await page.getAttribute("#week", "aria-labelledby"),
        "week-title");
      assert.equal(await page.textContent(".outages caption"),
        "Outages of the week");
      assert.equal(await page.locator("table:not(:has(th[scope]))").count(),
        0);
      assert.match(await page.textContent("#news"), /^Shown as of Wed 8 Nov/);
    }));
}

async function pictures() {
  await test("pictures of the page", async () => {
    for (const view of VIEWS) {
      for (const [id, more] of [["ordinary", {}], ["spring", SPRING]]) {
        await store(id, { ...view, more }, (page) => page.screenshot({
          fullPage: true,
          path: join(SCREENS, `store-${id}-${nameOf(view)}.png`),
        }));
      }
    }
  });
}

async function soon() {
  await test("how soon the store is shown", async () => {
    const times = [];
    for (let i = 0; i < 5; i += 1) {
      await store("ordinary", {}, async (page) => {
        times.push(await page.evaluate(() =>
          performance.getEntriesByName("store-shown")[0].startTime));
      });
    }
    assert.ok(times.every((ms) => ms > 0));
    note(`shown after ${times.map((ms) => Math.round(ms)).join(", ")} ms`);
  });
}

export async function run() {
  await paper();
  await everywhere();
  await pictures();
  await soon();
}
