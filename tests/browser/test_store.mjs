// The page of one store in a real browser; the cases are in store_*.mjs.
// From the environment: BASE_URL, a server with the stores of store_data.py,
// STORES, the odd ids among them as JSON, EMPTY_URL, a server without data,
// and SCREENS, a folder for pictures; PARTS: only some of them.

import { start, stop } from "./browser.mjs";
import { done } from "./tap.mjs";

await start();
const { PARTS = "figures,week,ways,trouble,looks" } = process.env;
for (const part of PARTS.split(",")) {
  const { run } = await import(`./store_${part}.mjs`);
  await run();
}
await stop();
done();
