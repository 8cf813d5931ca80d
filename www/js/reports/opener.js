// Which report the picture shows: loads the files of the one that is asked
// for, and says in words why there is nothing to see.

import { Loader } from "./loader.js";

const LOADING = "Loading the report\u2026";
const WAITING = "The report is being made; its picture comes with it.";

const REASONS = {
  Failed: ({ error }) =>
    `This report failed: ${error ?? "no reason was given"}`,
  Expired: ({ error }) => error,
  Unknown: ({ error }) => error,
};

function reasonOf(answer) {
  return REASONS[answer.status]?.(answer) ?? WAITING;
}

export class Opener {
  #place;
  #message;
  #content;
  #picture;
  #loader = new Loader();
  #isShown = false;
  // What is shown or being fetched.
  #wanted = null;

  constructor(place, picture) {
    this.#place = place;
    this.#message = place.querySelector("#picture-message");
    this.#content = place.querySelector("#picture-content");
    this.#picture = picture;
  }

  // Fires "trouble" and "recovered", as Watch does.
  get loader() {
    return this.#loader;
  }

  // The report as the list knows it, or undefined if there is none to show.
  show(entry) {
    this.#place.hidden = entry === undefined;
    if (entry === undefined) return;
    const { id, answer } = entry;
    if (answer?.status === "Complete") {
      // What an earlier version answered may have named fewer files.
      const wanted = `${id} ${answer.stores}`;
      if (wanted !== this.#wanted) this.#open(wanted, id, answer);
      return;
    }
    this.#wanted = null;
    this.#explain(answer === null ? LOADING : reasonOf(answer));
  }

  async #open(wanted, id, answer) {
    this.#wanted = wanted;
    this.#content.ariaBusy = "true";
    if (!this.#isShown) this.#explain(LOADING);
    try {
      const files = await this.#loader.load(answer);
      if (this.#wanted !== wanted) return;
      this.#show({ id, answer, ...files });
      await this.#addStrips(wanted, answer, files.stores);
    } catch (trouble) {
      if (this.#wanted === wanted) this.#explain(trouble.message);
    }
  }

  // All but the hours of each store is there without them.
  async #addStrips(wanted, answer, stores) {
    try {
      const strips = await this.#loader.loadStrips(answer, stores);
      if (this.#wanted === wanted) this.#picture.addStrips(strips);
    } catch (trouble) {
      if (this.#wanted === wanted) this.#message.textContent = trouble.message;
    }
  }

  #show(data) {
    this.#isShown = true;
    this.#message.textContent = "";
    this.#content.hidden = false;
    this.#content.ariaBusy = "false";
    this.#picture.open(data);
  }

  #explain(text) {
    this.#isShown = false;
    this.#message.textContent = text;
    this.#content.hidden = true;
  }
}
