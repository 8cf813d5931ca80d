// What the reports page does when something is not as it should be.

import assert from "node:assert/strict";
import { gone, retry, visit } from "./browser.mjs";
import {
  BUTTON, disturb, EMPTY_URL, EXAMPLE, ids, picture, refusal, trigger,
  visitReport,
} from "./page_support.mjs";
import { test } from "./tap.mjs";

await test("no polls yet: a plain sentence, and where to bring them in", () =>
  visit({ base: EMPTY_URL, expected: /trigger_report/ }, async (page) => {
    await page.click(BUTTON);
    await page.waitForSelector("#trigger-message:not(:empty)");
    assert.match(await page.textContent("#trigger-message"),
      /There are no polls yet/);
    assert.equal(await page.getAttribute("#trigger-message a", "href"),
      "/admin/");
    assert.deepEqual(await ids(page), []);
  }));

await test("too many requests: said, asked again, done", () => visit({
  expected: /trigger_report/,
  before: disturb("**/trigger_report", 1, (route) =>
    route.fulfill(refusal(429, "Please slow down.", { "Retry-After": "3" }))),
}, async (page) => {
  await page.click(BUTTON);
  await page.waitForSelector("text=/Please slow down. Trying again in/");
  await page.waitForSelector(".badge.complete");
  assert.equal(await page.textContent("#trigger-message"), "");
}));

await test("a full queue: one can stop trying", () => visit({
  expected: /trigger_report/,
  before: disturb("**/trigger_report", 99, (route) =>
    route.fulfill(refusal(503, "Too many reports.", { "Retry-After": "60" }))),
}, async (page) => {
  await page.click(BUTTON);
  await page.waitForSelector("text=/Too many reports. Trying again in 60 s/");
  await page.click("#give-up");
  await page.waitForSelector("#give-up", { state: "hidden" });
  assert.equal(await page.textContent("#trigger-message"),
    "Too many reports.");
  assert.equal(await page.getAttribute(BUTTON, "aria-disabled"), null);
}));

await test("a server that is gone: said, and found again", () => visit({
  expected: /get_report/,
  before: disturb("**/get_report?*", 99, (route) => route.abort()),
}, async (page) => {
  await page.click(BUTTON);
  await gone(page);
  await page.click("#connection-retry");
  await page.unroute("**/get_report?*");
  await page.waitForSelector(".badge.complete");
  await page.waitForSelector("#connection", { state: "hidden" });
}));

await test("gone between the list and the picture: found again", () =>
  visitReport({
    early: true,
    expected: /reports\//,
    before: disturb("**/reports/*.stores.json", 2, (route) => route.abort()),
  }, async (page) => {
    await retry(page);
    await picture(page);
    await page.waitForSelector("#connection", { state: "hidden" });
  }));

await test("gone before the strips: the table stands, and waits", () =>
  visitReport({
    early: true,
    expected: /reports\//,
    before: disturb("**/reports/*.strips.txt", 2, (route) => route.abort()),
  }, async (page) => {
    await page.waitForSelector("table.stores tbody tr");
    await retry(page);
    await picture(page);
  }));

await test("a report that failed says why, whatever it says", () => visit({
  path: `/?report=${EXAMPLE}`,
  before: disturb("**/get_report?*", 1, (route) => route.fulfill({
    json: { report_id: EXAMPLE, status: "Failed",
      error: "no space <img src=x onerror=alert(1)>" },
  })),
}, async (page) => {
  await page.waitForSelector(".badge.failed");
  assert.equal(await page.textContent(".reason"),
    "The report failed: no space <img src=x onerror=alert(1)>.");
  assert.match(await page.textContent("#picture-message"),
    /^This report failed: no space <img/);
  assert.equal(await page.locator("main img").count(), 0);
}));

await test("a running report shows how far it is", () => visit({
  path: `/?report=${EXAMPLE}`,
  before: disturb("**/get_report?*", 999, (route) => route.fulfill({
    json: { report_id: EXAMPLE, status: "Running",
      progress: { done: 3000, total: 12000 } },
  })),
}, async (page) => {
  await page.waitForSelector("text=3,000 of 12,000 stores");
  assert.equal(await page.locator("progress").evaluate((bar) => bar.value),
    0.25);
  assert.match(await page.textContent("#picture-message"), /is being made/);
}));

await test("files that are gone: the list says so after a reload", () =>
  visit({ expected: /get_report/ }, async (page) => {
    const id = await trigger(page);
    await page.route("**/get_report?*", (route) =>
      route.fulfill(refusal(410, "The files of this report are gone.")));
    await page.reload();
    await page.waitForSelector(`#report-${id} .badge:has-text("Expired")`);
    assert.equal(await page.locator("#list .download").count(), 0);
    // The newest that is complete would be shown, and there is none.
    assert.equal(await page.isVisible("#picture"), false);
  }));

await test("files that are gone: the picture says so", () => visitReport({
  early: true,
  expected: /reports\//,
  before: disturb("**/reports/*.stores.json", 9, (route) =>
    route.fulfill(refusal(404, "There is no such page."))),
}, async (page) => {
  await page.waitForSelector("text=/The files of this report are gone/");
  assert.equal(await page.isVisible("#picture-content"), false);
}));

await test("strips that are gone: told, and the rest stands", () =>
  visitReport({
    early: true,
    expected: /reports\//,
    before: disturb("**/reports/*.strips.txt", 9, (route) =>
      route.fulfill(refusal(404, "There is no such page."))),
  }, async (page) => {
    await page.waitForSelector("text=/The files of this report are gone/");
    assert.ok(await page.isVisible("table.stores tbody tr"));
  }));

await test("strips that cannot be read are told", () => visitReport({
  early: true,
  before: disturb("**/reports/*.strips.txt", 9, (route) =>
    route.fulfill({ body: "???" })),
}, async (page) => {
  await page.waitForSelector("text=/strips of this report cannot be read/");
  assert.ok(await page.isVisible("table.stores tbody tr"));
}));

await test("a report of an earlier version: its files, and why no more", () =>
  visitReport({
    early: true,
    before: (page) => page.route("**/get_report?*", async (route) => {
      const reply = await route.fetch();
      const { stores, strips, ...answer } = await reply.json();
      assert.ok(stores && strips);
      return route.fulfill({ json: answer });
    }),
  }, async (page) => {
    await page.waitForSelector("text=/made by an earlier version/");
    assert.equal(await page.locator("#list .download").count(), 3);
  }));

await test("a table that cannot be read is told", () => visitReport({
  early: true,
  before: disturb("**/reports/*.stores.json", 9, (route) =>
    route.fulfill({ json: { listed: 3, columns: { id: ["a"] } } })),
}, async (page) => {
  await page.waitForSelector("text=/table of this report cannot be read/");
}));

await test("a malformed address: the rest of it counts", () => visitReport({
  search: "&sort=id&order=up&page=0&local=9-99&show=%3Cb%3E&hour=999",
}, async (page) => {
  const message = await page.textContent("#link-message");
  for (const name of ["order", "page", "local", "show", "hour"]) {
    assert.match(message, new RegExp(`\\b${name}\\b`));
  }
  assert.doesNotMatch(message, /sort/);
  assert.equal(await page.getAttribute("table.stores th.id", "aria-sort"),
    "ascending");
  await page.click("table.stores th.zone .sort");
  assert.equal(await page.textContent("#link-message"), "");
}));

await test("a page behind the last one is the last one", () =>
  visitReport({ search: "&page=4000" }, async (page) => {
    const range = await page.textContent(".range");
    const [, to, all] = range.match(/([\d,]+) of ([\d,]+)$/);
    assert.equal(to, all);
  }));

await test("without storage: a report, its picture, no list", () => visit({
  before: (page) => page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  }),
}, async (page) => {
  const id = await trigger(page);
  await picture(page);
  await page.click("#fold");
  assert.equal(await page.isVisible("#pictures"), false);
  await page.reload();
  assert.ok(await page.isVisible("#empty"));
  assert.ok(id);
}));
