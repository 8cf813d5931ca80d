// Administration without JavaScript, by the keyboard, and for axe-core.

import assert from "node:assert/strict";
import { accessible } from "./axe.mjs";
import {
  admin, badHours, cancel, card, choose, csv, DESK, HEADER, hours, offer,
  PHONE, preview, state,
} from "./admin_support.mjs";
import { test } from "./tap.mjs";

const withoutScripts = { context: { javaScriptEnabled: false } };

await test("without JavaScript: from the file to its result, and back", () =>
  admin(withoutScripts, async (page) => {
    assert.ok(await page.isVisible("noscript .message"));
    await choose(page, "hours", csv("plain <b>.csv", HEADER,
      "plain,0,08:00,16:00", "odd,8,08:00,16:00", "odd,1"));
    await page.click(`${card("hours")} .plain`);
    await page.waitForURL(/\/admin\/imports\/[0-9a-f-]{36}$/);
    const id = page.url().split("/").pop();
    await page.waitForSelector('form[action$="/confirm"]');
    assert.equal(await page.textContent("h1"), "plain <b>.csv");
    assert.equal(await page.textContent('dt:text-is("Bad") + dd'), "2");
    await page.check("[name=skip_bad]");
    await page.click("text=Confirm import");
    await page.waitForSelector("text=The import is done.");
    assert.equal(page.url().split("/").pop(), id);
    await page.click("text=Undo this import");
    await page.waitForSelector("text=The import was undone.");
    await page.click("header nav a");
    await page.waitForURL(/\/admin\/$/);
  }));

await test("without JavaScript: a file that is not to be imported", () =>
  admin(withoutScripts, async (page) => {
    await choose(page, "timezones", hours(1));
    await page.click(`${card("timezones")} .plain`);
    await page.waitForSelector("text=Nothing has changed.");
    assert.match(await page.textContent("main"), /hours/);
    await page.goto("/admin/");
    await choose(page, "hours", hours(1));
    await page.click(`${card("hours")} .plain`);
    await page.click("text=Cancel");
    await page.waitForSelector("text=The import was cancelled");
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
        await page.goto(await page.evaluate(() =>
          `/admin/imports/${new URLSearchParams(location.search)
            .get("import")}`));
        await page.waitForSelector("text=The import was cancelled");
        await accessible(page);
        await page.goBack();
        await choose(page, "timezones", hours(1));
        await state(page, "Rejected");
        await accessible(page);
      }));
  }
}
