// Goes to the same store at another instant or under other rules: a day back,
// a day on, the latest, or what a form says.  Calls onGo(question).

import { make } from "/js/dom.js";
import { pageOf } from "./address.js";
import { HOUR, rfc3339 } from "./clock.js";
import { INTERPOLATIONS } from "./words.js";

const DAY = 24 * HOUR;

function link(text, question, onGo) {
  const element = make("a", { className: "step", href: pageOf(question) },
    text);
  element.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onGo(question);
  });
  return element;
}

function steps(store, question, onGo) {
  const { as_of: asOf, newest_poll: newest } = store;
  const to = (us) => ({ ...question, as_of: rfc3339(us) });
  const latest = { ...question, as_of: null };
  const links = [link("A day earlier", to(asOf - DAY), onGo)];
  if (question.as_of !== null) {
    if (newest === null || asOf + DAY < newest) {
      links.push(link("A day later", to(asOf + DAY), onGo));
    }
    links.push(link("Latest", latest, onGo));
  }
  return make("nav", { className: "steps", ariaLabel: "Other moments" },
    ...links);
}

function field(label, input, hint) {
  const id = `moment-${input.name}`;
  return make("div", { className: "field" },
    make("label", { htmlFor: id }, label), Object.assign(input, { id }),
    make("p", { className: "hint" }, hint));
}

function ruleField(chosen) {
  const options = Object.entries(INTERPOLATIONS).map(([value, text]) =>
    make("option", { value, selected: value === chosen }, text));
  return field("Between two polls",
    make("select", { name: "interpolation" }, ...options),
    "which poll decides whether the store was up");
}

export class MomentControl {
  #place;
  #onGo;

  constructor(place, onGo) {
    this.#place = place;
    this.#onGo = onGo;
  }

  show({ store, clock }, question) {
    const hadFocus = this.#place.contains(document.activeElement);
    const open = this.#place.querySelector("details")?.open ?? false;
    const details = make("details", { open },
      make("summary", {}, "Another moment or other rules"),
      this.#form(store, clock, question));
    this.#place.replaceChildren(steps(store, question, this.#onGo), details);
    if (hadFocus) this.#place.querySelector("a").focus();
  }

  #form(store, clock, question) {
    const input = make("input", { type: "datetime-local", name: "as_of",
      step: 1, value: clock.toInput(store.as_of), required: true });
    // As the browser writes it.
    const shown = input.value;
    const form = make("form", { className: "fields" },
      field("As of, on the store's clock", input,
        `the clock of ${clock.zone}`),
      ruleField(store.rules.interpolation),
      field("Reach of a poll", make("input", {
        name: "reach", value: store.rules.reach, autocomplete: "off",
        spellcheck: false,
      }), "unlimited, or a time like 6h: what is further from a poll counts " +
        "as unknown"),
      make("button", { type: "submit" }, "Show"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#onGo(this.#asked(form.elements, shown, clock, question));
    });
    return form;
  }

  // What was not changed stays as exact as it was.
  #asked({ as_of: asOf, interpolation, reach }, shown, clock, question) {
    const us = asOf.value === shown ? null : clock.fromInput(asOf.value);
    return {
      id: question.id,
      as_of: us === null ? question.as_of : rfc3339(us),
      interpolation: interpolation.value,
      reach: reach.value.trim() || null,
    };
  }
}
