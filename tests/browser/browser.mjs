// The browser and what every page of the tests is watched for: errors on the
// console, errors of scripts, breaches of the content security policy,
// requests to anybody else than the server.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { BASE_URL, CHROMIUM = "/usr/bin/chromium" } = process.env;
const DESK = { width: 1440, height: 900 };

let browser = null;

export async function start() {
  browser = await chromium.launch({ executablePath: CHROMIUM });
}

export async function stop() {
  await browser?.close();
}

// Collects what may not happen.  A failed request is an error on the console
// as well; expected is a pattern of the addresses that may fail.
async function watchOut(page, base, expected) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (expected?.test(message.location().url)) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(base).origin) {
      complaints.push(`asked another: ${request.url()}`);
    }
  });
  await page.exposeFunction("cspBreach", (text) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.cspBreach(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return complaints;
}

// Runs body(page) in a browser of its own, without memory of the others.
// options: path, viewport, colorScheme, expected, base, before(page), context:
// more of what Playwright's newContext() takes.
export async function visit(options, body) {
  const { path = "/", expected, base = BASE_URL, before } = options;
  const context = await browser.newContext({
    viewport: options.viewport ?? DESK,
    colorScheme: options.colorScheme ?? "light",
    baseURL: base,
    acceptDownloads: true,
    ...options.context,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20000);
    const complaints = await watchOut(page, base, expected);
    await before?.(page);
    await page.goto(path);
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

// Waits until the page says that the server is gone.
export function gone(page) {
  return page.locator("#connection:not([hidden])", {
    hasText: /The server does not answer\.\s+Trying again/,
  }).waitFor();
}

// Has it ask again, now.  It may have done so by itself meanwhile: the button
// is gone then, and a click would wait for it.
export async function retry(page) {
  await gone(page);
  await page.dispatchEvent("#connection-retry", "click");
}
