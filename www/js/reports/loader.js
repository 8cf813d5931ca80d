// Fetches the files of a report, and does not give up while the server is
// gone: it waits longer and longer.  Fires "trouble" with {message, waitMs},
// and "recovered".

import { getFile, Trouble } from "../api.js";
import { ownPath } from "../dom.js";
import { Backoff, Pause } from "../retry.js";
import { Stores } from "./stores.js";
import { Strips } from "./strips.js";

const EARLIER = "This report was made by an earlier version, without what is " +
  "shown here. Trigger a new one; its files can still be downloaded.";
const GONE = "The files of this report are gone. Trigger a new one.";

export class Loader extends EventTarget {
  #pauses = new Set();

  // Do not wait any longer for the next try.
  hurry() {
    for (const pause of this.#pauses) pause.wake();
  }

  // {summary, stores} of what the server answered about a complete report.
  async load(answer) {
    const [summary, table] = await Promise.all([
      this.file(answer.summary, "json"),
      this.file(answer.stores, "json"),
    ]);
    if (!summary.strip || !summary.fleet_without_dark) throw new Trouble(
      EARLIER, { status: 200 });
    return { summary, stores: new Stores(table) };
  }

  async loadStrips(answer, stores) {
    const buffer = await this.file(answer.strips, "arrayBuffer");
    return new Strips(buffer, stores.length);
  }

  // A file, in the end; throws a Trouble that will not pass.
  async file(target, read) {
    const path = ownPath(target);
    if (path === null) throw new Trouble(EARLIER, { status: 200 });
    const backoff = new Backoff();
    for (let troubled = false; ; troubled = true) {
      try {
        const content = await getFile(path, read);
        if (troubled) this.dispatchEvent(new Event("recovered"));
        return content;
      } catch (trouble) {
        if (trouble.status === 404 || trouble.status === 410) {
          throw new Trouble(GONE, { status: 410 });
        }
        if (!trouble.passing) throw trouble;
        await this.#wait(trouble, backoff.next(trouble.afterMs));
      }
    }
  }

  async #wait({ message }, waitMs) {
    const pause = new Pause();
    this.#pauses.add(pause);
    this.dispatchEvent(new CustomEvent("trouble",
      { detail: { message, waitMs } }));
    await pause.wait(waitMs);
    this.#pauses.delete(pause);
  }
}
