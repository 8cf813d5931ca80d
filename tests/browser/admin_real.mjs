// As a new user: the three real files come in one after the other, and the
// report is that of the command line, byte for byte.  From the environment:
// BASE_URL, a server without data, PASSWORD, FILES, [data set, path] as JSON,
// and REPORT, the command line's.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { admin, count, drop, preview, RUSH, state } from "./admin_support.mjs";
import { start, stop } from "./browser.mjs";
import { download, trigger } from "./page_support.mjs";
import { done, test } from "./tap.mjs";

const { FILES, REPORT } = process.env;

await start();

for (const [dataset, path] of JSON.parse(FILES)) {
  await test(`${dataset}, from the drop to the result`, () =>
    admin({}, async (page) => {
      const buffer = await readFile(path);
      const rows = buffer.toString().trimEnd().split("\n").length - 1;
      await drop(page, dataset, { name: basename(path), buffer });
      await preview(page);
      assert.equal(await count(page, "Rows in the file"), rows);
      assert.equal(await count(page, "New"), rows);
      assert.equal(await count(page, "Bad"), 0);
      await page.click(RUSH);
      await state(page, "Imported");
      assert.equal(await page.textContent("#import .hash"),
        createHash("sha256").update(buffer).digest("hex"));
    }));
}

await test("then a report, which is the command line's", () =>
  admin({}, async (page) => {
    await page.click('nav >> text="Reports"');
    await page.waitForURL((url) => url.pathname === "/");
    await page.waitForLoadState();
    const id = await trigger(page);
    const report = await download(page,
      `#report-${id} a.download:has-text("Report CSV")`);
    assert.ok(report.equals(await readFile(REPORT)));
  }));

await stop();
done();
