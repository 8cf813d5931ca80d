// What the tests of administration have in common.  From the environment:
// PASSWORD.

import { visit } from "./browser.mjs";

const { PASSWORD } = process.env;
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };
export const UNKNOWN = "00000000-0000-4000-8000-000000000000";
export const HEADER = "store_id,day,start_time_local,end_time_local";
export const RUSH = "button.primary";

export const signedIn = {
  httpCredentials: { username: "admin", password: PASSWORD },
};

export function admin(options, body) {
  const { context, ...rest } = options;
  return visit({ path: "/admin/", context: { ...signedIn, ...context },
    ...rest }, body);
}

export function csv(name, ...rows) {
  const buffer = Buffer.from(`${rows.join("\n")}\n`);
  return { name, mimeType: "text/csv", buffer };
}

// Hours of seven days for so many stores, each file unlike the others.
let made = 0;
export function hours(stores, name = "hours.csv") {
  made += 1;
  const rows = [];
  for (let i = 0; i < stores; i += 1) {
    for (let day = 0; day < 7; day += 1) {
      rows.push(`s${i},${day},09:00,17:${String(made).padStart(2, "0")}`);
    }
  }
  return csv(name, HEADER, ...rows);
}

export function badHours(name = "bad.csv") {
  return csv(name, HEADER, "b1,0,08:00,16:00", "b1,7x,08:00,16:00",
    "b2,1,08:00,16:00", "b3,1,08:00");
}

export const card = (dataset) => `[data-dataset="${dataset}"]`;

export async function choose(page, dataset, file) {
  await page.setInputFiles(`${card(dataset)} input[type=file]`, file);
}

export async function drop(page, dataset, { name, buffer }) {
  const data = await page.evaluateHandle(([title, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], title, { type: "text/csv" }));
    return transfer;
  }, [name, buffer.toString()]);
  await page.dispatchEvent(`${card(dataset)} .drop`, "drop",
    { dataTransfer: data });
}

export function state(page, word) {
  return page.waitForSelector(`#import .badge:has-text("${word}")`);
}

export function preview(page) {
  return page.waitForSelector(".decision");
}

export async function count(page, name) {
  const text = await page.locator(`#import .count dt:text-is("${name}") + dd`)
    .textContent();
  return Number(text.replaceAll(",", ""));
}

export async function list(page) {
  return page.evaluate(async () => (await fetch("/admin/imports")).json());
}

export async function dataset(page, wanted) {
  const { datasets } = await list(page);
  return datasets.find(({ name }) => name === wanted);
}

export function openId(page) {
  return new URL(page.url()).searchParams.get("import");
}

// Uploads a file of hours up to its preview; its id.
export async function offer(page, file) {
  await choose(page, "hours", file);
  // The preview of another file may stand there still.
  await page.locator("#import h2").filter({ hasText: file.name }).waitFor();
  await preview(page);
  return openId(page);
}

export async function cancel(page) {
  await page.click("text=Cancel");
  await state(page, "Cancelled");
}

export function posts(page, word) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith(`/${word}`)) {
      seen.push(request.url());
    }
  });
  return seen;
}
