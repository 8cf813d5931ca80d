// The search for a store: an input with a list of the ids that begin with
// what was typed (the combobox pattern of the ARIA practices).  Without a
// choice the form opens what was typed.

import { call } from "/js/api.js";
import { make } from "/js/dom.js";
import { plural } from "/js/text.js";
import { searchOf } from "./address.js";
import { readFound } from "./answer.js";

const LIMIT = 8;
const PAUSE_MS = 100;

export class Search {
  #form;
  #input;
  #list;
  #news;
  #chosen = -1;
  #asked = 0;
  #timer = 0;

  constructor(form) {
    this.#form = form;
    this.#input = form.querySelector("input");
    this.#list = make("ul", { id: `${this.#input.id}-list`, role: "listbox",
      ariaLabel: "Stores", className: "choices", hidden: true });
    this.#news = make("p", { className: "unseen", role: "status" });
    form.append(this.#list, this.#news);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list",
      "aria-controls": this.#list.id, "aria-expanded": "false",
    })) this.#input.setAttribute(name, value);
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("focus", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    // Before the input loses the focus.
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#open(option.textContent);
    });
  }

  // Puts a text in and looks for it.
  begin(text) {
    this.#input.value = text;
    this.#input.focus();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  async #look() {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const found = readFound(await call(
        searchOf(this.#input.value, LIMIT)));
      if (asked === this.#asked) this.#show(found);
    } catch (trouble) {
      if (asked !== this.#asked) return;
      this.#close();
      this.#news.textContent = `The search failed: ${trouble.message}`;
    }
  }

  #show({ stores, more }) {
    if (document.activeElement !== this.#input) return;
    const options = stores.map((id, i) => make("li", { role: "option",
      id: `${this.#list.id}-${i}`, ariaSelected: "false" }, id));
    const rest = more
      ? [make("li", { className: "rest", role: "presentation" },
        "and more; go on typing")]
      : [];
    this.#list.replaceChildren(...options, ...rest);
    this.#choose(-1);
    this.#list.hidden = stores.length === 0;
    this.#input.setAttribute("aria-expanded", String(stores.length > 0));
    this.#news.textContent = stores.length === 0
      ? "No store begins so."
      : `${plural(stores.length, "store")}${more ? " and more" : ""}`;
  }

  get #options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  #choose(index) {
    this.#chosen = index;
    this.#options.forEach((option, i) => {
      option.ariaSelected = String(i === index);
      if (i === index) option.scrollIntoView({ block: "nearest" });
    });
    const option = this.#options[index];
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#choose(-1);
  }

  #key(event) {
    const { length } = this.#options;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && this.#list.hidden) {
      this.#typed();
      event.preventDefault();
    } else if (move) {
      // One more place than there are: back in the text.
      this.#choose((this.#chosen + 1 + move + length + 1) % (length + 1) - 1);
      event.preventDefault();
    } else if (event.key === "Escape" && !this.#list.hidden) {
      this.#close();
      event.preventDefault();
    } else if (event.key === "Enter" && this.#chosen >= 0) {
      event.preventDefault();
      this.#open(this.#options[this.#chosen].textContent);
    }
  }

  #open(id) {
    this.#input.value = id;
    this.#close();
    this.#form.requestSubmit();
  }
}
