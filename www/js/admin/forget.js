// Forgetting a store.

import { forgetStore } from "./calls.js";

export class ForgetForm {
  #form;
  #message;
  #onDone;
  #busy = false;

  constructor(form, onDone) {
    this.#form = form;
    this.#message = form.querySelector(".message");
    this.#onDone = onDone;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#busy) this.#forget(form.elements.store_id.value);
    });
  }

  async #forget(id) {
    const button = this.#form.querySelector("button");
    this.#busy = true;
    button.setAttribute("aria-disabled", "true");
    this.#say("", "");
    try {
      await forgetStore(id);
      this.#form.reset();
      this.#say(`The store ${id} is forgotten.`, "patient");
      this.#onDone();
    } catch (trouble) {
      this.#say(trouble.message, "trouble");
    } finally {
      this.#busy = false;
      button.removeAttribute("aria-disabled");
    }
  }

  #say(text, kind) {
    this.#message.className = `message ${kind}`;
    this.#message.textContent = text;
  }
}
