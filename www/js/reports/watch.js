// Asks the server for the reports on the list until each has come to its end,
// and once for those that had, since files go with time.  While the server
// does not answer it waits longer and longer.  Fires "trouble" with
// {message, waitMs}, and "recovered".

import { getReport } from "../api.js";
import { isFinal } from "./list.js";
import { Backoff, Pause } from "../retry.js";

// A report of real size takes a fraction of a second; one that takes longer
// is looked at less often.
const PACE = [
  { untilMs: 3000, everyMs: 150 },
  { untilMs: 20000, everyMs: 500 },
  { untilMs: Infinity, everyMs: 2000 },
];

export class Watch extends EventTarget {
  #list;
  #checked = new Set();
  #sinceMs = 0;
  #running = false;
  #pause = new Pause();

  constructor(list) {
    super();
    this.#list = list;
    list.addEventListener("change", () => this.look());
  }

  // Something may be new: look at it now.
  look() {
    if (this.#open().length === 0 || this.#running) return;
    this.#running = true;
    this.#sinceMs = Date.now();
    this.#run().finally(() => {
      this.#running = false;
    });
  }

  // Do not wait any longer for the next try.
  hurry() {
    this.#pause.wake();
  }

  // A report was asked for just now: look often again.
  expect() {
    this.#sinceMs = Date.now();
    this.hurry();
  }

  #open() {
    return this.#list.entries.filter(
      (entry) => !isFinal(entry) || !this.#checked.has(entry.id),
    );
  }

  async #run() {
    const backoff = new Backoff();
    let troubled = false;
    for (let open = this.#open(); open.length > 0; open = this.#open()) {
      const trouble = await this.#round(open);
      if (trouble) {
        const waitMs = backoff.next(trouble.afterMs);
        troubled = true;
        this.#tell("trouble", { message: trouble.message, waitMs });
        await this.#pause.wait(waitMs);
        continue;
      }
      if (troubled) this.#tell("recovered");
      troubled = false;
      backoff.reset();
      if (this.#open().length > 0) await this.#pause.wait(this.#every());
    }
  }

  #every() {
    const age = Date.now() - this.#sinceMs;
    return PACE.find(({ untilMs }) => age < untilMs).everyMs;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // Asks for each; returns the first trouble that will pass, if there is one.
  async #round(open) {
    for (const { id } of open) {
      try {
        const answer = await getReport(id);
        this.#checked.add(id);
        this.#list.answer(id, answer);
      } catch (trouble) {
        if (trouble.passing || trouble.status >= 500) return trouble;
        this.#checked.add(id);
        this.#list.answer(id, {
          status: trouble.status === 410 ? "Expired" : "Unknown",
          error: trouble.message,
        });
      }
    }
    return null;
  }
}
