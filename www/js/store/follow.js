// Asks the server for a store until it has answered, and looks now and then
// whether it would answer otherwise by now.  Fires "answer" with the store,
// "moved" once it has changed, "refused" with a Trouble that stays, "trouble"
// with {message, waitMs} while the server is not to be reached, "recovered".

import { call } from "/js/api.js";
import { Backoff, Pause } from "/js/retry.js";
import { askOf } from "./address.js";
import { readStore } from "./answer.js";

const LOOK_MS = 60000;

// All of an answer but how far the data of other stores goes.
function contents(store) {
  return JSON.stringify({ ...store, newest_poll: null, revision: null });
}

function visible() {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

export class Follow extends EventTarget {
  #round = 0;
  #pause = new Pause();
  #lookMs;

  constructor(lookMs = LOOK_MS) {
    super();
    this.#lookMs = lookMs;
  }

  // Forgets what was asked before.
  ask(question) {
    this.#round += 1;
    this.#pause.wake();
    this.#run(question, this.#round);
  }

  // Do not wait any longer for the next try.
  hurry() {
    this.#pause.wake();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #run(question, round) {
    const backoff = new Backoff();
    let shown = null;
    while (round === this.#round) {
      let waitMs = this.#lookMs;
      try {
        const store = readStore(await call(askOf(question)));
        if (round !== this.#round) return;
        this.#tell("recovered");
        backoff.reset();
        if (!this.#heard(store, shown)) return;
        shown ??= contents(store);
      } catch (trouble) {
        if (round !== this.#round) return;
        if (!this.#isPassing(trouble, shown)) return;
        waitMs = backoff.next(trouble.afterMs);
        this.#tell("trouble", { message: trouble.message, waitMs });
      }
      await this.#pause.wait(waitMs);
      await visible();
    }
  }

  // Whether to look again.
  #heard(store, shown) {
    if (shown === null) this.#tell("answer", store);
    const moved = shown !== null && contents(store) !== shown;
    if (moved) this.#tell("moved");
    return !moved;
  }

  // Whether it is worth another try; if not, says so.
  #isPassing(trouble, shown) {
    if (trouble.passing || trouble.status >= 500) return true;
    this.#tell("recovered");
    if (shown === null) this.#tell("refused", trouble);
    else this.#tell("moved");
    return false;
  }
}
