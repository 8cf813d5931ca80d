// uPlot, which draws charts, and its style sheet: fetched once, when the page
// has nothing else to do.  They come from npm (tools/vendor.sh) and may be
// missing; the browser notes that address on its console, and nothing more.

import { make } from "./dom.js";

const FOLDER = "/vendor/uplot/";
let asked = null;

async function ask() {
  await new Promise((resolve) => {
    (window.requestIdleCallback ?? setTimeout)(resolve);
  });
  const { default: uPlot } = await import(`${FOLDER}uPlot.esm.js`);
  await new Promise((resolve, reject) => {
    document.head.append(make("link", { rel: "stylesheet",
      href: `${FOLDER}uPlot.min.css`, onload: resolve, onerror: reject }));
  });
  return uPlot;
}

// Its class, or null where it was not installed.
export function uPlotClass() {
  asked ??= ask().catch(() => null);
  return asked;
}
