// The administration in a real browser.  From the environment: BASE_URL, a
// server without data, and PASSWORD.

import { start, stop } from "./browser.mjs";
import { done } from "./tap.mjs";

await start();
for (const part of ["first", "once", "deeds", "looks"]) {
  await import(`./admin_${part}.mjs`);
}
await stop();
done();
