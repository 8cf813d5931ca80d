// Administration without JavaScript, by the keyboard, and for axe-core.

import assert from "node:assert/strict";
import { accessible } from "./axe.mjs";
import {
  admin, badHours, cancel, card, choose, DESK, hours, offer, openId, PHONE,
  preview, state,
} from "./admin_support.mjs";
import { test } from "./tap.mjs";

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
  }
}
