// The reports page in a real browser.  From the environment: BASE_URL, a
// server with polls, STATE, its state folder, and EMPTY_URL, one without.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { start, stop, visit } from "./browser.mjs";
import { done, test } from "./tap.mjs";

const { STATE, EMPTY_URL } = process.env;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const EXAMPLE = "11111111-1111-4111-8111-111111111111";
const BUTTON = "button.primary";

async function trigger(page) {
  const answer = page.waitForResponse("**/trigger_report");
  await page.click(BUTTON);
  const { report_id: id } = await (await answer).json();
  await page.waitForSelector(`#report-${id} .badge.complete`);
  return id;
}

async function download(page, id, label) {
  const started = page.waitForEvent("download");
  await page.click(`#report-${id} a:has-text("${label}")`);
  return readFile(await (await started).path());
}

function spool(name) {
  return readFile(join(STATE, "spool", name));
}

async function fact(page, id, name) {
  return page.locator(`#report-${id} dt:text-is("${name}") + dd`)
    .textContent();
}

function ids(page) {
  return page.locator("#list .asked code").allTextContents();
}

// An error as the server words it.
function refusal(status, message, headers = {}) {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ error: { code: "x", message }, request_id: "1" }),
  };
}

// Lets the first times requests end otherwise, and the rest through.
function disturb(path, times, end) {
  let left = times;
  return (page) => page.route(path, (route) => {
    if (left <= 0) return route.continue();
    left -= 1;
    return end(route);
  });
}

await start();

await test("an empty list says what to do", () => visit({}, async (page) => {
  assert.equal(await page.title(), "Reports - Store monitor");
  assert.match(await page.textContent("#empty"), /No reports yet/);
  assert.ok(await page.isVisible("#empty"));
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

await test("trigger to download: the bytes of the spool", () =>
  visit({}, async (page) => {
    const id = await trigger(page);
    const report = await download(page, id, "Report CSV");
    assert.ok(report.equals(await spool(`${id}.csv`)));
    assert.equal(await fact(page, id, "SHA-256 of the report CSV"),
      createHash("sha256").update(report).digest("hex"));
    const rows = report.toString().trimEnd().split("\n").length - 1;
    assert.ok(rows > 0);
    assert.equal(await fact(page, id, "Stores"), rows.toLocaleString("en-US"));
    assert.match(await fact(page, id, "Size"), /^[\d.]+ (bytes|kB|MB)$/);
    assert.match(await fact(page, id, "Took"), /^[\d.]+ s$/);
    assert.ok((await download(page, id, "Detail CSV"))
      .equals(await spool(`${id}.detail.csv`)));
    assert.ok((await download(page, id, "Summary JSON"))
      .equals(await spool(`${id}.json`)));
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

await test("a reload keeps the list, newest first", () =>
  visit({}, async (page) => {
    const first = await trigger(page);
    const second = await trigger(page);
    await page.reload();
    await page.waitForSelector(`#report-${first} .badge.complete`);
    assert.deepEqual(await ids(page), [second, first]);
    assert.ok((await download(page, first, "Report CSV"))
      .equals(await spool(`${first}.csv`)));
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
    });
  }));

await test("a link with a malformed id is told, and nobody is asked", () =>
  visit({ path: "/?report=%3Cb%3E1" }, async (page) => {
    assert.match(await page.textContent("#link-message"), /malformed/);
    assert.deepEqual(await ids(page), []);
  }));

await test("a link with an unknown id is told in the server's words", () =>
  visit({ path: `/?report=${UNKNOWN}`, expected: /get_report/ },
    async (page) => {
      const row = `#report-${UNKNOWN}`;
      await page.waitForSelector(`${row} .badge:has-text("Unknown")`);
      assert.match(await page.textContent(`${row} .reason`),
        /There is no report with this id\./);
    }));

await test("no polls yet: a plain sentence", () =>
  visit({ base: EMPTY_URL, expected: /trigger_report/ }, async (page) => {
    await page.click(BUTTON);
    await page.waitForSelector("#trigger-message:not(:empty)");
    assert.match(await page.textContent("#trigger-message"),
      /There are no polls yet/);
    assert.deepEqual(await ids(page), []);
  }));

await test("too many requests: said, asked again, done", () => visit({
  expected: /trigger_report/,
  before: disturb("**/trigger_report", 1, (route) =>
    route.fulfill(refusal(429, "Please slow down.", { "Retry-After": "1" }))),
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
  before: disturb("**/get_report?*", 2, (route) => route.abort()),
}, async (page) => {
  await page.click(BUTTON);
  await page.waitForSelector("#connection:not([hidden])");
  assert.match(await page.textContent("#connection"),
    /The server does not answer\.\s+Trying again/);
  await page.click("#connection-retry");
  await page.waitForSelector(".badge.complete");
  await page.waitForSelector("#connection", { state: "hidden" });
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
  assert.equal(await page.locator("#list img").count(), 0);
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
}));

await test("files that are gone: the list says so after a reload", () =>
  visit({ expected: /get_report/ }, async (page) => {
    const id = await trigger(page);
    await page.route("**/get_report?*", (route) =>
      route.fulfill(refusal(410, "The files of this report are gone.")));
    await page.reload();
    await page.waitForSelector(`#report-${id} .badge:has-text("Expired")`);
    assert.equal(await page.locator(".download").count(), 0);
  }));

await test("the keyboard is enough, and changes are spoken", () =>
  visit({}, async (page) => {
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() =>
      document.activeElement.textContent), /Skip to the list/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() =>
      document.activeElement.textContent), "Trigger report");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".badge.complete");
    assert.equal(await page.getAttribute("#news", "role"), "status");
    assert.match(await page.textContent("#news"),
      /^Report complete: [\d,]+ stores\.$/);
    assert.equal(await page.evaluate(() =>
      document.activeElement.textContent), "Trigger report");
  }));

for (const viewport of [PHONE, DESK]) {
  for (const colorScheme of ["light", "dark"]) {
    await test(`nothing sticks out, ${viewport.width} px, ${colorScheme}`,
      () => visit({ viewport, colorScheme }, async (page) => {
        await page.click("#options summary");
        await trigger(page);
        const { wide, ground } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - window.innerWidth,
          ground: getComputedStyle(document.body).backgroundColor,
        }));
        assert.ok(wide <= 0);
        const [light] = ground.match(/\d+/);
        assert.equal(Number(light) > 128, colorScheme === "light");
      }));
  }
}

await stop();
done();
