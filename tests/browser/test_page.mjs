// The reports page in a real browser.  From the environment: BASE_URL, a
// server with polls, STATE, its state folder, ODD_STORES, some of its ids as
// JSON, EMPTY_URL, a server without data, and SCREENS, where screenshots go.

import { start, stop } from "./browser.mjs";
import { done } from "./tap.mjs";

await start();
for (const part of ["list", "trouble", "table", "pictures", "chart", "words",
  "looks"]) {
  await import(`./page_${part}.mjs`);
}
await stop();
done();
