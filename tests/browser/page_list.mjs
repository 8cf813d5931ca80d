// Triggering a report, the list of reports, its downloads and links.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { visit } from "./browser.mjs";
import {
  BUTTON, download, fact, ids, picture, spool, trigger, UNKNOWN,
} from "./page_support.mjs";
import { test } from "./tap.mjs";

const file = (id, label) => `#report-${id} a:has-text("${label}")`;

await test("an empty list says what to do", () => visit({}, async (page) => {
  assert.equal(await page.title(), "Reports - Store monitor");
  assert.match(await page.textContent("#empty"), /No reports yet/);
  assert.ok(await page.isVisible("#empty"));
  assert.equal(await page.getAttribute("#empty a", "href"), "/admin/");
  assert.equal(await page.isVisible("#picture"), false);
}));

await test("the policy that is kept is a strict one", () =>
  visit({}, async (page) => {
    const { headers } = await page.evaluate(async () => {
      const reply = await fetch("/");
      return { headers: Object.fromEntries(reply.headers) };
    });
    assert.match(headers["content-security-policy"], /default-src 'self'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe/);
  }));

await test("every module is asked for at once", () =>
  visit({}, async (page) => {
    const { wanted, loaded } = await page.evaluate(() => ({
      wanted: [...document.querySelectorAll(
        "link[rel=modulepreload], script[type=module]")]
        .map(({ href, src }) => href ?? src),
      loaded: performance.getEntriesByType("resource")
        .map(({ name }) => name).filter((name) => name.endsWith(".js")),
    }));
    assert.ok(wanted.length > 20);
    assert.deepEqual([...new Set(loaded)].sort(), wanted.sort());
  }));

await test("a store is found by the beginning of its id", () =>
  visit({}, async (page) => {
    await page.fill("#find-id", "www");
    await page.click('#find [role=option]:has-text("www")');
    await page.waitForURL("**/store.html?id=*");
    assert.match(new URL(page.url()).searchParams.get("id"), /^w{64}$/);
  }));

await test("trigger to download: the bytes of the spool", () =>
  visit({}, async (page) => {
    const id = await trigger(page);
    const report = await download(page, file(id, "Report CSV"));
    assert.ok(report.equals(await spool(`${id}.csv`)));
    assert.equal(await fact(page, id, "SHA-256 of the report CSV"),
      createHash("sha256").update(report).digest("hex"));
    assert.equal(await fact(page, id, "Report"), id);
    const rows = report.toString().trimEnd().split("\n").length - 1;
    assert.ok(rows > 0);
    const line = await page.textContent(`#report-${id} .asked`);
    assert.ok(line.includes(`${rows.toLocaleString("en-US")} stores`));
    assert.match(line, /[\d.]+ (bytes|kB|MB)/);
    assert.match(line, /took [\d.]+ s/);
    assert.ok((await download(page, file(id, "Detail CSV")))
      .equals(await spool(`${id}.detail.csv`)));
    assert.ok((await download(page, file(id, "JSON")))
      .equals(await spool(`${id}.json`)));
  }));

await test("details are folded, and a button shows them", () =>
  visit({}, async (page) => {
    const id = await trigger(page);
    const more = `#report-${id} .more`;
    assert.equal(await page.isVisible(`#report-${id} .facts`), false);
    assert.equal(await page.getAttribute(more, "aria-expanded"), "false");
    await page.click(more);
    assert.ok(await page.isVisible(`#report-${id} .facts`));
    assert.equal(await page.getAttribute(more, "aria-expanded"), "true");
  }));

await test("options are sent, and shown with the report", () =>
  visit({}, async (page) => {
    await page.click("#options summary");
    await page.fill("#as_of", "2026-01-01 00:00:00");
    await page.selectOption("#interpolation", "next");
    await page.fill("#reach", "6h");
    const id = await trigger(page);
    assert.equal(await fact(page, id, "Rules"), "next poll, reach 6h");
    assert.match(await page.textContent(`#report-${id} h3`),
      /As of 2026-01-01 00:00:00 UTC/);
    await picture(page);
    const line = await page.textContent("#stands-on");
    assert.match(line, /as of 2026-01-01 00:00:00 UTC/);
    assert.match(line, /next poll counts/);
    assert.match(line, /reach 6h/);
  }));

await test("a wrong option is said, marked and focused", () =>
  visit({ expected: /trigger_report/ }, async (page) => {
    await page.click("#options summary");
    await page.fill("#reach", "six hours");
    await page.click("#options summary");
    await page.click(BUTTON);
    await page.waitForSelector('#reach[aria-invalid="true"]');
    assert.match(await page.textContent("#trigger-message"), /reach must be/);
    assert.equal(await page.evaluate(() => document.activeElement.id),
      "reach");
    await page.fill("#reach", "unlimited");
    await trigger(page);
    assert.equal(await page.getAttribute("#reach", "aria-invalid"), null);
    assert.equal(await page.textContent("#trigger-message"), "");
  }));

await test("a reload keeps the list, newest first, and the picture", () =>
  visit({}, async (page) => {
    const first = await trigger(page);
    const second = await trigger(page);
    await page.reload();
    await page.waitForSelector(`#report-${second}.chosen .badge.complete`);
    assert.deepEqual(await ids(page), [second, first]);
    await picture(page);
    assert.ok((await download(page, file(first, "Report CSV")))
      .equals(await spool(`${first}.csv`)));
  }));

await test("a long list shows the newest, and all on request", () =>
  visit({}, async (page) => {
    const made = [];
    for (let i = 0; i < 5; i += 1) made.unshift(await trigger(page));
    const visible = () => page.locator("#list .report:visible").count();
    assert.equal(await visible(), 3);
    await page.click(".all-reports");
    assert.equal(await visible(), 5);
    // An older one, once it is chosen, stays in sight.
    await page.click(`#report-${made[4]} h3 a`);
    await page.waitForSelector(`#report-${made[4]}.chosen`);
    await page.click(".all-reports");
    assert.equal(await visible(), 4);
    assert.ok(page.url().endsWith(`/?report=${made[4]}`));
  }));

await test("what is removed stays away", () => visit({}, async (page) => {
  const first = await trigger(page);
  const second = await trigger(page);
  await page.click(`#report-${second} .remove`);
  assert.deepEqual(await ids(page), [first]);
  assert.ok(await page.evaluate(() =>
    document.activeElement.matches(".remove")));
  await page.reload();
  assert.deepEqual(await ids(page), [first]);
}));

await test("tabs share the list", () => visit({}, async (page) => {
  const other = await page.context().newPage();
  await other.goto("/");
  const id = await trigger(page);
  await other.waitForSelector(`#report-${id} .badge.complete`);
  await picture(other);
}));

await test("a deep link opens a report that this browser never saw", () =>
  visit({}, async (page) => {
    const id = await trigger(page);
    await visit({ path: `/?report=${id}` }, async (fresh) => {
      await fresh.waitForSelector(`#report-${id}.chosen .badge.complete`);
      assert.equal(await fresh.evaluate(() => document.activeElement.id),
        `report-${id}`);
      assert.equal(await fact(fresh, id, "SHA-256 of the report CSV"),
        await fact(page, id, "SHA-256 of the report CSV"));
      await picture(fresh);
    });
  }));

await test("another report: chosen, and back", () => visit({},
  async (page) => {
    const first = await trigger(page);
    await page.click(`#report-${first} h3 a`);
    await picture(page);
    await page.click(".tile.up");
    // One that is triggered here is shown, with what was chosen to be seen.
    const second = await trigger(page);
    await page.waitForSelector(`#report-${second}.chosen`);
    assert.equal(new URL(page.url()).search,
      `?report=${second}&show=up`);
    await page.goBack();
    await page.waitForSelector(`#report-${first}.chosen`);
  }));

await test("a link with a malformed id is told, and nobody is asked", () =>
  visit({ path: "/?report=%3Cb%3E1" }, async (page) => {
    assert.match(await page.textContent("#link-message"), /malformed/);
    assert.deepEqual(await ids(page), []);
    assert.equal(await page.isVisible("#picture"), false);
  }));

await test("a link with an unknown id is told in the server's words", () =>
  visit({ path: `/?report=${UNKNOWN}`, expected: /get_report/ },
    async (page) => {
      const row = `#report-${UNKNOWN}`;
      await page.waitForSelector(`${row} .badge:has-text("Unknown")`);
      assert.match(await page.textContent(`${row} .reason`),
        /There is no report with this id\./);
      assert.match(await page.textContent("#picture-message"),
        /There is no report with this id\./);
    }));
