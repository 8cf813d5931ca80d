// Waiting between tries: twice as long each time, up to a ceiling, and never
// shorter than the server asked for.

const FIRST_MS = 1000;
const CEILING_MS = 30000;

export class Backoff {
  #failures = 0;

  // How long to wait after one more failure.
  next(atLeastMs = 0) {
    const ms = Math.min(CEILING_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    // A little chance, so that many pages do not all come back at once.
    return Math.max(atLeastMs, ms * (0.85 + 0.3 * Math.random()));
  }

  reset() {
    this.#failures = 0;
  }
}

// A wait that can be cut short.
export class Pause {
  #wake = null;

  async wait(ms) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  wake() {
    this.#wake?.();
  }
}
