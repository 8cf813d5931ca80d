// What the tests of the reports page have in common.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { visit } from "./browser.mjs";

export const { STATE, EMPTY_URL } = process.env;
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };
export const UNKNOWN = "00000000-0000-4000-8000-000000000000";
export const EXAMPLE = "11111111-1111-4111-8111-111111111111";
export const BUTTON = "#trigger button.primary";

export async function trigger(page) {
  const answer = page.waitForResponse("**/trigger_report");
  await page.click(BUTTON);
  const { report_id: id } = await (await answer).json();
  await page.waitForSelector(`#report-${id} .badge.complete`);
  return id;
}

// Waits for the report with all that belongs to it: its sums, its stores and
// their hours come in files of their own, in any order.
export async function picture(page) {
  for (const part of ["#histogram .bar", "#fleet-strip .strip button",
    ".heat button", "table.stores tbody .week-strip"]) {
    await page.waitForSelector(part, { state: "attached" });
  }
}

// Opens the numbers below a picture, whose rows are made by that.
export async function unfold(page, place) {
  await page.click(`${place} summary`);
  await page.waitForSelector(`${place} tbody tr`);
}

let sharedId = null;

// A report of all stores, made once, and a visit to it; search: more of the
// address.
export async function visitReport(options, body) {
  const { search = "", ...rest } = options;
  if (sharedId === null) {
    await visit({}, async (page) => {
      sharedId = await trigger(page);
    });
  }
  await visit({ path: `/?report=${sharedId}${search}`, ...rest },
    async (page) => {
      if (!rest.early) await picture(page);
      await body(page, sharedId);
    });
}

export async function download(page, selector) {
  const started = page.waitForEvent("download");
  await page.click(selector);
  return readFile(await (await started).path());
}

export function spool(name) {
  return readFile(join(STATE, "spool", name));
}

export async function spoolJson(name) {
  return JSON.parse(await spool(name));
}

export function ids(page) {
  return page.locator("#list .report").evaluateAll((rows) =>
    rows.map((row) => row.id.replace("report-", "")));
}

export async function fact(page, id, name) {
  return page.locator(`#report-${id} dt:text-is("${name}") + dd`)
    .textContent();
}

// An error as the server words it.
export function refusal(status, message, headers = {}) {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ error: { code: "x", message }, request_id: "1" }),
  };
}

// Lets the first times requests end otherwise, and the rest through.
export function disturb(path, times, end) {
  let left = times;
  return (page) => page.route(path, (route) => {
    if (left <= 0) return route.continue();
    left -= 1;
    return end(route);
  });
}

// The address as {name: value}.
export function address(page) {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

// What stands in a column of the table, from top to bottom.
export function column(page, name) {
  return page.locator(`table.stores tbody .${name}`).allTextContents();
}

// How many stores are listed, as it is said above the table.
export async function matches(page) {
  const text = await page.textContent("#matches strong");
  return Number(text.replaceAll(",", ""));
}
