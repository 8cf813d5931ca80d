// What axe-core finds on a page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const BAD = new Set(["serious", "critical"]);
const source = await readFile(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Fails with each serious or critical finding.
export async function accessible(page) {
  // By way of the debugger, which the content security policy allows.
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate("axe.run()");
  const found = violations.filter(({ impact }) => BAD.has(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      `${id}: ${target.join(" ")}: ${failureSummary}`));
  assert.ok(passes.length > 10, "axe-core looked at the page");
  assert.deepEqual(found, []);
}
