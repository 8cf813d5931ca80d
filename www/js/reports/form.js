// The trigger button and its options.  A server that is busy or gone is asked
// again, until somebody says stop; what was asked wrongly is said beside the
// field.

import { triggerReport } from "../api.js";
import { make } from "../dom.js";
import { Backoff, Pause } from "../retry.js";

const FIELDS = ["as_of", "interpolation", "reach"];

export class TriggerForm {
  #form;
  #button;
  #giveUp;
  #message;
  #onTriggered;
  #busy = false;
  #stopped = false;
  #pause = new Pause();

  constructor(form, onTriggered) {
    this.#form = form;
    this.#button = form.querySelector("button[type=submit]");
    this.#giveUp = form.querySelector("#give-up");
    this.#message = form.querySelector("#trigger-message");
    this.#onTriggered = onTriggered;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#giveUp.addEventListener("click", () => this.#stop());
  }

  // Only what differs from the default is sent.
  #parameters() {
    const values = {};
    for (const name of FIELDS) {
      const field = this.#form.elements[name];
      const value = field.value.trim();
      const initial = field.defaultValue ?? field.options[0].value;
      if (value !== "" && value !== initial) values[name] = value;
    }
    return values;
  }

  async #submit() {
    if (this.#busy) return;
    this.#setBusy(true);
    this.#complain("");
    this.#mark(null);
    try {
      const { report_id: id } = await this.#persist(this.#parameters());
      this.#complain("");
      this.#onTriggered(id);
    } catch (trouble) {
      this.#refused(trouble);
    } finally {
      this.#setBusy(false);
    }
  }

  // Tries until there is an answer that will not change by itself.
  async #persist(parameters) {
    const backoff = new Backoff();
    for (;;) {
      try {
        return await triggerReport(parameters);
      } catch (trouble) {
        if (!trouble.passing || this.#stopped) throw trouble;
        const waitMs = backoff.next(trouble.afterMs);
        this.#say(`${trouble.message} Trying again in ${
          Math.ceil(waitMs / 1000)} s.`, "patient");
        this.#giveUp.hidden = false;
        await this.#pause.wait(waitMs);
        if (this.#stopped) throw trouble;
      }
    }
  }

  #stop() {
    this.#stopped = true;
    this.#button.focus();
    this.#pause.wake();
  }

  #refused(trouble) {
    const field = FIELDS.find((name) =>
      new RegExp(`\\b${name}\\b`).test(trouble.message));
    this.#complain(trouble.message);
    if (trouble.code === "no_polls") {
      this.#message.append(" ", make("a", { href: "/admin/" },
        "Bring them in under Administration"), ".");
    }
    if (trouble.status === 400 && field) this.#mark(field);
  }

  #mark(wrong) {
    for (const name of FIELDS) {
      const field = this.#form.elements[name];
      if (name === wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    if (wrong === null) return;
    this.#form.querySelector("#options").open = true;
    this.#form.elements[wrong].focus();
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#stopped = false;
    // Disabled in looks only: a button that is really disabled loses focus.
    if (busy) this.#button.setAttribute("aria-disabled", "true");
    else this.#button.removeAttribute("aria-disabled");
    if (!busy) this.#giveUp.hidden = true;
  }

  #complain(text) {
    this.#say(text, "trouble");
  }

  #say(text, kind) {
    this.#message.className = `message ${kind}`;
    this.#message.textContent = text;
  }
}
