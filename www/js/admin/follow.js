// Asks the server for one import until nothing can become of it any more.
// What waits for a decision is asked for as well, now and then: another tab
// may decide.  Fires "look" with the import, "trouble" with {message,
// waitMs}, "recovered", and "gone" with a Trouble that will not pass.

import { Backoff, Pause } from "/js/retry.js";
import { getImport } from "./calls.js";
import { isMoving, isOpen } from "./words.js";

const PACE = [
  { untilMs: 2000, everyMs: 200 },
  { untilMs: 20000, everyMs: 500 },
  { untilMs: Infinity, everyMs: 2000 },
];
const WAITING_MS = 4000;

export class Follow extends EventTarget {
  #id;
  #sinceMs = Date.now();
  #pause = new Pause();
  #ended = false;

  constructor(id) {
    super();
    this.#id = id;
  }

  // Nothing is fired any more.
  end() {
    this.#ended = true;
    this.#pause.wake();
  }

  // Look now, and often: something was asked for.
  hurry() {
    this.#sinceMs = Date.now();
    this.#pause.wake();
  }

  async run() {
    const backoff = new Backoff();
    let troubled = false;
    while (!this.#ended) {
      try {
        const upload = await getImport(this.#id);
        if (troubled) this.#tell("recovered");
        troubled = false;
        backoff.reset();
        this.#tell("look", upload);
        if (!isOpen(upload)) return;
        await this.#pause.wait(this.#every(upload));
      } catch (trouble) {
        if (!trouble.passing && !(trouble.status >= 500)) {
          this.#tell("gone", trouble);
          return;
        }
        const waitMs = backoff.next(trouble.afterMs);
        troubled = true;
        this.#tell("trouble", { message: trouble.message, waitMs });
        await this.#pause.wait(waitMs);
      }
    }
  }

  #every(upload) {
    const age = Date.now() - this.#sinceMs;
    const pace = PACE.find(({ untilMs }) => age < untilMs).everyMs;
    return isMoving(upload) ? pace : Math.max(pace, WAITING_MS);
  }

  #tell(name, detail) {
    if (!this.#ended) this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
