// Says that the server is not to be reached, when it will be asked again, and
// that it is back.

export class ConnectionBanner {
  #place;
  #text;
  #wait;
  #timer = 0;

  constructor(place, onRetry) {
    this.#place = place;
    this.#text = place.querySelector("#connection-text");
    this.#wait = place.querySelector("#connection-wait");
    place.querySelector("button").addEventListener("click", onRetry);
  }

  show({ message, waitMs }) {
    const untilMs = Date.now() + waitMs;
    this.#place.hidden = false;
    // Said once, not at each try.
    if (this.#text.textContent !== message) this.#text.textContent = message;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#countDown(untilMs), 250);
    this.#countDown(untilMs);
  }

  hide() {
    clearInterval(this.#timer);
    this.#place.hidden = true;
    this.#text.textContent = "";
  }

  #countDown(untilMs) {
    const left = Math.ceil((untilMs - Date.now()) / 1000);
    this.#wait.textContent = left > 0
      ? `Trying again in ${left} s.`
      : "Trying again now.";
  }
}
