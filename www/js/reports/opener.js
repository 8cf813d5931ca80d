// Which report the picture shows: loads the files of the one that is asked
// for, and says in words why there is nothing to see.

import { Loader } from "./loader.js";

const WAITING = "The report is being made; its picture comes with it.";

const REASONS = {
  Failed: ({ error }) =>
    `This report failed: ${error ?? "no reason was given"}`,
  Expired: ({ error }) => error,
  Unknown: ({ error }) => error,
};

export class Opener {
  #place;
  #message;
  #content;
  #picture;
  #loader = new Loader();
  // Of which report the picture is, and which one is being fetched.
  #shownId = null;
  #wantedId = null;

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
      if (id !== this.#wantedId) this.#open(id, answer);
      return;
    }
    this.#wantedId = null;
    this.#explain(answer?.status in REASONS
      ? REASONS[answer.status](answer)
      : WAITING);
  }

  async #open(id, answer) {
    this.#wantedId = id;
    this.#content.ariaBusy = "true";
    if (this.#shownId === null) this.#explain("Loading the report\u2026");
    try {
      const files = await this.#loader.load(answer);
      if (this.#wantedId !== id) return;
      this.#show(id, { id, answer, ...files });
      const strips = await this.#loader.loadStrips(answer, files.stores);
      if (this.#wantedId === id) this.#picture.addStrips(strips);
    } catch (trouble) {
      if (this.#wantedId === id) this.#explain(trouble.message);
    }
  }

  #show(id, data) {
    this.#shownId = id;
    this.#message.textContent = "";
    this.#content.hidden = false;
    this.#content.ariaBusy = "false";
    this.#picture.open(data);
  }

  #explain(text) {
    this.#shownId = null;
    this.#message.textContent = text;
    this.#content.hidden = true;
  }
}
