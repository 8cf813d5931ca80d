// What the tests of the store page share.  From the environment: BASE_URL, a
// server with the stores of store_data.py; STORES, their odd ids as JSON.

import { visit } from "./browser.mjs";

export const { EMPTY_URL, SCREENS } = process.env;
export const STORES = JSON.parse(process.env.STORES);
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };
export const SHOWN = "#store:not([hidden])";
export const MISSING = "#missing:not([hidden]) h1";

export function pathOf(id, more = {}) {
  return `/store.html?${new URLSearchParams({ id, ...more })}`;
}

// Opens the page of a store; body(page) runs once it is shown.  options as
// visit() takes them, and more: what the address asks beside the id.
export function store(id, options, body) {
  const { more, ...rest } = options;
  return visit({ path: pathOf(id, more), ...rest }, async (page) => {
    await page.waitForSelector(SHOWN);
    await body(page);
  });
}

// What the server says of a store.
export function answerOf(page, id, more = {}) {
  return page.evaluate(async (query) =>
    (await fetch(`/stores?${query}`)).json(),
  String(new URLSearchParams({ id, ...more })));
}

export function text(page, selector) {
  return page.locator(selector).innerText();
}

// The cells of a table's body, row by row.
export function cells(page, table) {
  return page.locator(`${table} tbody tr`).evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) =>
      cell.innerText.replaceAll(/\s+/g, " ").trim())));
}

export async function fact(page, name) {
  return page.locator(`#facts dt:text-is("${name}") + dd`)
    .locator("xpath=self::*[not(span)] | span[@class='value']").innerText();
}

// Changes the answers about a store before the page gets them.
export function change(edit, pattern = "**/stores?id=*") {
  return (page) => page.route(pattern, async (route) => {
    const reply = await route.fetch();
    const answer = await reply.json();
    return route.fulfill({ json: edit(answer) ?? answer });
  });
}

// Lets the first times requests end otherwise, and the rest through.
export function disturb(times, end, pattern = "**/stores?id=*") {
  let left = times;
  return (page) => page.route(pattern, (route) => {
    if (left <= 0) return route.continue();
    left -= 1;
    return end(route);
  });
}
