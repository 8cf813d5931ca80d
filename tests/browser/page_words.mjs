// Values as the reports page says them: its modules, asked in the browser.

import assert from "node:assert/strict";
import { visit } from "./browser.mjs";
import { test } from "./tap.mjs";

const HOUR_S = 3600;

// What a function of a module returns for each list of arguments; content of
// elements as text.
function ask(page, path, name, calls) {
  return page.evaluate(async ([from, what, lists]) => {
    const module = await import(from);
    const plain = (value) => {
      if (value instanceof Node) return value.textContent;
      return Array.isArray(value) ? value.map(plain) : value;
    };
    return lists.map((list) => plain(module[what](...list)));
  }, [path, name, calls]);
}

// cases: [arguments, result].
async function says(page, path, name, cases) {
  const got = await ask(page, path, name, cases.map(([call]) => call));
  assert.deepEqual(got.map((text) =>
    (typeof text === "string" ? text.replaceAll("\u00A0", " ") : text)),
  cases.map(([, wanted]) => wanted));
}

// A summary of which a line speaks.
function summary(changes = {}) {
  return {
    as_of: "2023-01-25T18:13:22.479220Z",
    newest_poll: "2023-01-25T18:10:00.000000Z",
    stores: 14226,
    fleet: { week: { coverage_percent: 71.99 } },
    blind: { runs: [] },
    rules: { interpolation: "previous", reach: "unlimited" },
    ...changes,
  };
}

const run = (from, to, hours) => ({
  from: `2023-01-${from}:00:00.000000Z`, to: `2023-01-${to}:00:00.000000Z`,
  hours,
});

await test("times, shares and days in words", () =>
  visit({}, async (page) => {
    await says(page, "/js/text.js", "span", [
      [[0], "0 min"], [[1], "1 s"], [[59], "59 s"], [[60], "1 min"],
      [[3599], "59 min"], [[3600], "1 h 00 min"], [[7500], "2 h 05 min"],
      [[168 * HOUR_S], "168 h 00 min"], [[1234 * HOUR_S], "1,234 h 00 min"]]);
    await says(page, "/js/text.js", "share", [
      [[null], "\u2013"], [[0], "0.00 %"], [[9731], "97.31 %"],
      [[10000], "100.00 %"]]);
    await says(page, "/js/text.js", "shortUtc", [
      [[Date.UTC(2023, 0, 25, 4, 2)], "25 Jan 04:02"]]);
    await says(page, "/js/text.js", "dayUtc", [
      [[Date.UTC(2024, 1, 29, 23, 59)], "Thu 29 Feb"]]);
  }));

await test("the line that says what the figures stand on, in words", () =>
  visit({}, async (page) => {
    const [line] = await ask(page, "/js/reports/status_line.js", "statusLine",
      [[summary()]]);
    assert.deepEqual(line, ["as of 2023-01-25 18:13:22 UTC",
      "newest poll 3 min before", "14,226 stores", "coverage 71 %",
      "no blind hours"]);
    const blind = { runs: [run("19T20", "20T05", 9), run("21T03", "21T06", 3),
      run("22T02", "22T04", 2), run("22T14", "24T05", 39)] };
    const [other] = await ask(page, "/js/reports/status_line.js",
      "statusLine", [[summary({
        blind, newest_poll: null,
        fleet: { week: { coverage_percent: null } },
        rules: { interpolation: "next", reach: "6h", store_id: ["1"] },
      })]]);
    assert.deepEqual(other.map((text) => text.replaceAll("\u00A0", " ")), [
      "as of 2023-01-25 18:13:22 UTC", "no poll", "14,226 stores",
      "no coverage", "blind 19 Jan 20:00 to 20 Jan 05:00 (9 h), " +
      "22 Jan 14:00 to 24 Jan 05:00 (39 h), 2 more (5 h)",
      "next poll counts", "reach 6h", "chosen stores only"]);
  }));

await test("a warning from two hours on", () => visit({}, async (page) => {
  const newest = Date.parse(summary().newest_poll);
  const after = (ms) => [summary(), newest + ms];
  const [none, still, old, older] = await ask(page,
    "/js/reports/status_line.js", "oldWarning", [
      [summary({ newest_poll: null })], after(2 * HOUR_S * 1000),
      after(2 * HOUR_S * 1000 + 1), after(50 * HOUR_S * 1000)]);
  assert.deepEqual([none, still], ["", ""]);
  assert.match(old, /^The newest poll is 2 h old:/);
  assert.match(older, /^The newest poll is 2 days old:/);
}));

await test("a week in words", () => visit({}, (page) =>
  says(page, "/js/reports/week_strip.js", "describeStrip", [
    [[".".repeat(168)], "closed all week"],
    [["u".repeat(168)], "open time lost in 0 of 168 open hours"],
    [[`${".".repeat(160)}udmx?uuu`],
      "open time lost in 3 of 8 open hours, unknown in 2"],
    [[`${".".repeat(167)}d`], "open time lost in 1 of 1 open hour"]])));

await test("an address, read and written", () => visit({}, async (page) => {
  const [read, wrong] = await ask(page, "/js/reports/state.js", "readAddress",
    [["?report=x&show=down&local=6-23&hour=167&page=2&order=asc&q=%26"],
      ["?show=up&show=down&local=7-0&hour=168&page=-1&order=&sort=x&" +
       `share=1&aside=yes&q=${"w".repeat(65)}&utm=1`]]);
  assert.deepEqual(read, { ignored: [], view: {
    report: "x", show: "down", share: null, local: "6-23", hour: 167, q: "&",
    aside: "yes", sort: "week_lost", order: "asc", page: 2 } });
  assert.deepEqual(wrong.ignored, ["share", "local", "hour", "q", "aside",
    "sort", "order", "page"]);
  assert.equal(wrong.view.show, "up");
  await says(page, "/js/reports/state.js", "writeAddress", [
    [[read.view], "/?report=x&show=down&local=6-23&hour=167&q=%26&order=asc" +
      "&page=2"],
    [[{ ...wrong.view, show: null }], "/"]]);
}));
