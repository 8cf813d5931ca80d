// The administration in a real browser.  From the environment: BASE_URL, a
// server without data, PASSWORD, and HOURS, a real file of hours, or nothing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { accessible } from "./axe.mjs";
import { start, stop, visit } from "./browser.mjs";
import { done, skip, test } from "./tap.mjs";

const { PASSWORD, HOURS } = process.env;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const HEADER = "store_id,day,start_time_local,end_time_local";
const RUSH = "button.primary";

const signedIn = {
  httpCredentials: { username: "admin", password: PASSWORD },
};

function admin(options, body) {
  const { context, ...rest } = options;
  return visit({ path: "/admin/", context: { ...signedIn, ...context },
    ...rest }, body);
}

function csv(name, ...rows) {
  const buffer = Buffer.from(`${rows.join("\n")}\n`);
  return { name, mimeType: "text/csv", buffer };
}

// Hours of seven days for so many stores, each file unlike the others.
let made = 0;
function hours(stores, name = "hours.csv") {
  made += 1;
  const rows = [];
  for (let i = 0; i < stores; i += 1) {
    for (let day = 0; day < 7; day += 1) {
      rows.push(`s${i},${day},09:00,17:${String(made).padStart(2, "0")}`);
    }
  }
  return csv(name, HEADER, ...rows);
}

function badHours(name = "bad.csv") {
  return csv(name, HEADER, "b1,0,08:00,16:00", "b1,7x,08:00,16:00",
    "b2,1,08:00,16:00", "b3,1,08:00");
}

const card = (dataset) => `[data-dataset="${dataset}"]`;

async function choose(page, dataset, file) {
  await page.setInputFiles(`${card(dataset)} input[type=file]`, file);
}

async function drop(page, dataset, { name, buffer }) {
  const data = await page.evaluateHandle(([title, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], title, { type: "text/csv" }));
    return transfer;
  }, [name, buffer.toString()]);
  await page.dispatchEvent(`${card(dataset)} .drop`, "drop",
    { dataTransfer: data });
}

function state(page, word) {
  return page.waitForSelector(`#import .badge:has-text("${word}")`);
}

function preview(page) {
  return page.waitForSelector(".decision");
}

async function count(page, name) {
  const text = await page.locator(`#import .count dt:text-is("${name}") + dd`)
    .textContent();
  return Number(text.replaceAll(",", ""));
}

async function list(page) {
  return page.evaluate(async () => (await fetch("/admin/imports")).json());
}

async function dataset(page, wanted) {
  const { datasets } = await list(page);
  return datasets.find(({ name }) => name === wanted);
}

function openId(page) {
  return new URL(page.url()).searchParams.get("import");
}

// Uploads a file of hours up to its preview; its id.
async function offer(page, file) {
  await choose(page, "hours", file);
  // The preview of another file may stand there still.
  await page.locator("#import h2").filter({ hasText: file.name }).waitFor();
  await preview(page);
  return openId(page);
}

async function cancel(page) {
  await page.click("text=Cancel");
  await state(page, "Cancelled");
}

function posts(page, word) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith(`/${word}`)) {
      seen.push(request.url());
    }
  });
  return seen;
}

await start();

await test("a wrong password: 401, and nothing of the page", () => visit({
  path: "/",
  expected: /\/admin\/|favicon/,
  context: { httpCredentials: { username: "admin", password: "wrong-one" } },
}, async (page) => {
  const reply = await page.goto("/admin/");
  assert.equal(reply.status(), 401);
  assert.equal(await page.locator(".dataset").count(), 0);
  const list = await page.request.get("/admin/imports");
  assert.equal(list.status(), 401);
  assert.equal((await page.request.get("/admin/index.html")).status(), 401);
}));

await test("an empty store: four cards that say so", () =>
  admin({}, async (page) => {
    await page.waitForSelector(`${card("special-hours")} .facts`);
    assert.equal(await page.locator(".dataset .facts").count(), 4);
    assert.equal(await page.locator("text=Nothing was imported yet").count(),
      4);
    assert.ok(await page.isVisible("#no-history"));
    assert.equal(await page.isVisible(".plain"), false);
  }));

// Requests with a password are limited, and each costs the server a hash.
await test("reloading asks for little with the password", () =>
  admin({}, async (page) => {
    await page.waitForSelector(`${card("hours")} .facts`);
    const asked = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/admin/")) asked.push(pathname);
    });
    await page.reload();
    await page.waitForSelector(`${card("hours")} .facts`);
    assert.deepEqual(asked, ["/admin/", "/admin/imports"]);
  }));

await test("chosen, checked, confirmed, and in the history", () =>
  admin({}, async (page) => {
    const file = hours(3, "first <b>.csv");
    const id = await offer(page, file);
    assert.equal(await page.textContent("#import h2"), "first <b>.csv");
    assert.equal(await count(page, "Rows in the file"), 21);
    assert.equal(await count(page, "New"), 21);
    assert.equal(await count(page, "Bad"), 0);
    assert.equal(await page.locator("#import tbody tr").count(), 20);
    assert.equal(await page.locator("#skip-bad").count(), 0);
    assert.equal((await dataset(page, "hours")).rows, 0);
    await page.click(RUSH);
    await state(page, "Imported");
    await page.waitForSelector(
      `${card("hours")} .facts dt:text-is("Rows") + dd:text-is("21")`);
    const row = page.locator(`#history tr:has(a[href$="${id}"])`);
    await row.locator(".badge:has-text('Imported')").waitFor();
    const hash = createHash("sha256").update(file.buffer).digest("hex");
    assert.equal(await row.locator("code").getAttribute("title"), hash);
    assert.equal(await row.locator("code").textContent(), hash.slice(0, 8));
    assert.equal(await row.locator("td").nth(4).textContent(), "admin");
    assert.equal(await page.textContent("#import .hash"), hash);
  }));

await test("dropped on its card, then cancelled: nothing has changed", () =>
  admin({}, async (page) => {
    const before = await dataset(page, "hours");
    await drop(page, "hours", hours(2, "dropped.csv"));
    await preview(page);
    assert.equal(await page.textContent("#import h2"), "dropped.csv");
    assert.equal(await count(page, "New"), 14);
    assert.equal(await count(page, "Removed"), 14);
    await cancel(page);
    assert.match(await page.textContent("#import"), /nothing has changed/);
    assert.deepEqual(await dataset(page, "hours"), before);
  }));

await test("a file with bad rows needs a word about them", () =>
  admin({}, async (page) => {
    const confirms = posts(page, "confirm");
    await offer(page, badHours());
    assert.equal(await count(page, "Bad"), 2);
    const text = await page.textContent("#import");
    assert.match(text, /Line 3\./);
    assert.match(text, /Line 5\./);
    await page.click(RUSH);
    assert.ok(await page.evaluate(() =>
      document.activeElement.id === "skip-bad"));
    assert.deepEqual(confirms, []);
    const started = page.waitForEvent("download");
    await page.click("text=The bad rows as CSV");
    const rows = await readFile(await (await started).path(), "utf8");
    assert.match(rows, /7x/);
    assert.match(rows, /^b3,1,08:00|[,"]b3,1,08:00/m);
    await page.check("#skip-bad");
    await page.click(RUSH);
    await state(page, "Imported");
    assert.match(await page.textContent("#import"),
      /2 bad rows were left out/);
    assert.equal(confirms.length, 1);
  }));

await test("the wrong file on a card: it says what it looks like", () =>
  admin({}, async (page) => {
    await choose(page, "timezones", hours(1, "menu_hours.csv"));
    await state(page, "Rejected");
    assert.match(await page.textContent("#import .trouble"), /hours/);
    assert.equal(await page.locator(".decision").count(), 0);
    assert.equal((await dataset(page, "timezones")).rows, 0);
  }));

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
    await Promise.all([page.click(RUSH), other.click(RUSH)]);
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

await test("undo brings back what was there", () => admin({}, async (page) => {
  const before = await dataset(page, "hours");
  await offer(page, csv("more.csv", HEADER, "undo-me,0,09:00,17:00"));
  await page.click(RUSH);
  await state(page, "Imported");
  await page.waitForSelector(`${card("hours")} :text("more.csv")`);
  assert.equal((await dataset(page, "hours")).rows, before.rows + 1);
  await page.click(`${card("hours")} .undo`);
  await page.click("text=Keep it");
  assert.equal((await dataset(page, "hours")).rows, before.rows + 1);
  await page.click(`${card("hours")} .undo`);
  await page.click("#ask-yes");
  await page.waitForSelector("text=The import of more.csv is undone.");
  assert.equal((await dataset(page, "hours")).rows, before.rows);
  await state(page, "Undone");
  await page.waitForSelector(
    '#history tr:has-text("more.csv") .badge:has-text("Undone")');
  // The card tells of the import whose data is there again.
  await page.waitForSelector(
    `${card("hours")} .last:not(:has-text("more.csv"))`);
}));

await test("an import that changed nothing: the one before can be undone", () =>
  admin({}, async (page) => {
    await offer(page, csv("first.csv", HEADER, "twice,0,09:00,17:00"));
    await page.click(RUSH);
    await state(page, "Imported");
    await offer(page, csv("second.csv", HEADER, "twice,0,09:00,17:00"));
    await page.click(RUSH);
    await state(page, "Imported");
    await page.click(`${card("hours")} :text("Undo the import of first.csv")`);
    assert.match(await page.textContent("#ask-title"),
      /^Undo the import of first.csv\?$/);
    await page.click("#ask-yes");
    await page.waitForSelector("text=The import of first.csv is undone.");
}));

await test("polls: what cannot be undone is said before", () =>
  admin({}, async (page) => {
    await choose(page, "polls", csv("polls.csv",
      "store_id,status,timestamp_utc",
      "s0,active,2023-01-22 12:09:39.388884 UTC",
      "s1,inactive,2023-01-24 09:06:42.605777 UTC"));
    await preview(page);
    const text = await page.textContent("#import");
    assert.match(text, /An import of polls cannot be undone/);
    assert.match(text, /2023-01-22 12:09:39.388884 UTC/);
    assert.match(text, /none \u2192 2023-01-24 09:06:42.605777 UTC/);
    await page.click(RUSH);
    await state(page, "Imported");
    await page.waitForSelector(`${card("polls")} .facts :text("2023-01-24")`);
    assert.equal(await page.locator(`${card("polls")} .undo`).count(), 0);
  }));

await test("whole: the stores that lose theirs are named", () =>
  admin({}, async (page) => {
    await offer(page, hours(15, "many.csv"));
    await page.click(RUSH);
    await state(page, "Imported");
    await page.click(`${card("hours")} summary`);
    await page.check(`${card("hours")} [name=whole]`);
    await offer(page, csv("whole.csv", HEADER, "only,0,09:00,17:00"));
    assert.match(await page.textContent("#import"),
      /does not name are removed/);
    assert.ok(await count(page, "Removed") > 0);
    assert.ok(await page.locator('.findings code:text-is("s0")').count() > 0);
    const all = page.locator('.findings details:has-text("All ")');
    const [, said] = /^All (\d+) stores/.exec(await all.textContent());
    assert.ok(Number(said) >= 15);
    assert.equal(await all.locator("code").count(), Number(said));
    await cancel(page);
  }));

await test("forgetting a store", () => admin({ expected: /forget/ },
  async (page) => {
    await page.fill("#store_id", "nobody");
    await page.click("text=Forget this store");
    assert.ok(await page.evaluate(() =>
      document.activeElement.id === "sure"));
    await page.check("#sure");
    await page.click("text=Forget this store");
    await page.waitForSelector("#forget .trouble");
    const before = await dataset(page, "hours");
    await page.fill("#store_id", "s1");
    await page.click("text=Forget this store");
    await page.waitForSelector("text=The store s1 is forgotten.");
    assert.equal((await dataset(page, "hours")).stores, before.stores - 1);
  }));

await test("a link to no import is told in words", () => admin({
  path: `/admin/?import=${UNKNOWN}`, expected: /admin\/imports\/0/,
}, async (page) => {
  await page.waitForSelector("#import .trouble");
  await page.goto("/admin/?import=%3Cb%3E");
  assert.match(await page.textContent("#import .trouble"), /malformed/);
}));

await test("without JavaScript: a form that uploads", () => admin({
  context: { javaScriptEnabled: false },
}, async (page) => {
  assert.ok(await page.isVisible("noscript .message"));
  await choose(page, "hours", hours(1, "plain.csv"));
  await page.click(`${card("hours")} .plain`);
  await page.waitForURL(/\/admin\/\?import=[0-9a-f-]{36}$/);
  const id = openId(page);
  await page.click("noscript a");
  assert.match(await page.textContent("body"), new RegExp(id));
  await admin({ path: `/admin/?import=${id}` }, async (live) => {
    await preview(live);
    assert.equal(await live.textContent("#import h2"), "plain.csv");
    await cancel(live);
  });
}));

await test("the keyboard is enough", () => admin({}, async (page) => {
  // Asked for early: a browser takes a while to hand its choosers over.
  const chooser = page.waitForEvent("filechooser");
  chooser.catch(() => {});
  await page.waitForSelector(`${card("hours")} .facts`);
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() =>
    document.activeElement.textContent), /Skip to the data sets/);
  const focus = () => page.evaluate(() => document.activeElement.ariaLabel);
  for (let i = 0; i < 20; i += 1) {
    if (await focus() === "CSV file of opening hours") break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(hours(1, "keys.csv"));
  await preview(page);
  assert.equal(await page.evaluate(() => document.activeElement.id),
    "import-title");
  assert.match(await page.textContent("#news"), /keys.csv is checked: 7 rows/);
  await page.focus(".cancel");
  await page.keyboard.press("Enter");
  await state(page, "Cancelled");
}));

if (HOURS) {
  await test("the real file of hours, to its result", () =>
    admin({}, async (page) => {
      await choose(page, "hours", HOURS);
      await preview(page);
      const rows = await count(page, "Rows in the file");
      const bytes = await readFile(HOURS);
      assert.equal(rows,
        bytes.toString().trimEnd().split("\n").length - 1);
      if (await count(page, "Bad") > 0) await page.check("#skip-bad");
      await page.click(RUSH);
      await state(page, "Imported");
      assert.equal(await page.textContent("#import .hash"),
        createHash("sha256").update(bytes).digest("hex"));
    }));
} else {
  skip("the real file of hours, to its result", "there is none");
}

for (const viewport of [PHONE, DESK]) {
  for (const colorScheme of ["light", "dark"]) {
    const look = `${viewport.width} px, ${colorScheme}`;
    await test(`nothing sticks out and axe-core is content, ${look}`, () =>
      admin({ viewport, colorScheme }, async (page) => {
        await page.waitForSelector("#history tbody tr");
        await accessible(page);
        await offer(page, badHours("a-long-name".repeat(12)));
        await accessible(page);
        assert.ok(await page.evaluate(() =>
          document.documentElement.scrollWidth <= window.innerWidth));
        await cancel(page);
        await accessible(page);
        await choose(page, "timezones", hours(1));
        await state(page, "Rejected");
        await accessible(page);
      }));
    await test(`axe-core is content with the reports, ${look}`, () =>
      visit({ viewport, colorScheme }, async (page) => {
        await accessible(page);
        await page.click("#options summary");
        await page.click(RUSH);
        await page.waitForSelector(".badge.complete");
        await accessible(page);
      }));
  }
}

await stop();
done();
