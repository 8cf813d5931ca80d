// The card of a data set: what it holds, and where a file is chosen or
// dropped and sent.  Calls onTaken(id) when the server has a file,
// onOpen(id) for a link to an import, onUndo(import) for the button.

import { fact, make } from "/js/dom.js";
import { count, instant, plural, size } from "/js/text.js";
import { Stopped, upload } from "./calls.js";
import { fileName, isOpen, when } from "./words.js";

export class Card {
  #place;
  #form;
  #input;
  #drop;
  #sending;
  #message;
  #calls;
  #sender = null;
  #holds = "";

  constructor(place, calls) {
    const find = (selector) => place.querySelector(selector);
    this.#place = place;
    this.#calls = calls;
    this.#form = find("form");
    this.#input = find("input[type=file]");
    this.#drop = find(".drop");
    this.#sending = find(".sending");
    this.#message = find(".message");
    this.#form.classList.add("live");
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("change", () => this.#chosen());
    find(".stop").addEventListener("click", () => this.#sender?.abort());
    this.#watchDrops();
  }

  get dataset() {
    return this.#place.dataset.dataset;
  }

  get isSending() {
    return this.#sender !== null;
  }

  // The data set as the server tells it, and the imports of it.
  show(told, imports) {
    const open = imports.find((upload) =>
      upload.dataset === this.dataset && isOpen(upload));
    const undo = this.#undoable(told, imports);
    const holds = JSON.stringify([told, undo?.file,
      open?.import_id, open?.state]);
    if (holds === this.#holds) return;
    this.#holds = holds;
    const place = this.#place.querySelector(".holds");
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(this.#facts(told), this.#last(told, undo),
      ...this.#waiting(open));
    if (hadFocus) place.querySelector("a, button")?.focus();
  }

  // What can be undone, also if it is too old to be among the imports.
  #undoable({ undo_import: id, last_import: last }, imports) {
    if (!id) return undefined;
    return imports.find((upload) => upload.import_id === id) ?? {
      import_id: id,
      dataset: this.dataset,
      file: id === last?.id ? last.file : null,
    };
  }

  #facts(told) {
    const facts = [fact("Rows", count(told.rows)),
      fact("Stores", count(told.stores))];
    if (this.dataset === "polls") {
      const newest = told.newest ? instant(told.newest) : "none yet";
      facts.push(fact("Newest poll", newest));
    }
    return make("dl", { className: "facts" }, ...facts);
  }

  #last(told, undo) {
    const last = told.last_import;
    const line = make("div", { className: "last" });
    if (!last) {
      line.append("Nothing is imported.");
      return line;
    }
    const file = make("span", { className: "file" }, fileName(last));
    line.append("Last import ", when(last.at), ": ",
      this.#link(last.id, file),
      ` (${plural(last.rows, "row")})${last.user ? ` by ${last.user}` : ""}`);
    if (undo) line.append(" ", this.#undoButton(undo, last));
    return line;
  }

  // An import that has changed nothing leaves the one before it to be undone.
  #undoButton(undo, last) {
    const which = undo.import_id === last.id
      ? "this import"
      : `the import of ${fileName(undo)}`;
    const button = make("button", { type: "button", className: "undo" },
      `Undo ${which}`);
    button.addEventListener("click", () => this.#calls.onUndo(undo));
    return button;
  }

  #waiting(open) {
    if (!open) return [];
    const words = open.state === "Preview"
      ? " waits for you to confirm or cancel it."
      : " is at work.";
    return [make("p", { className: "message patient" },
      this.#link(open.import_id, fileName(open)), words)];
  }

  #link(id, content) {
    const link = make("a", { href: `/admin/?import=${id}` }, content);
    link.addEventListener("click", (event) => this.#calls.onOpen(event, id));
    return link;
  }

  #watchDrops() {
    const over = (on) => this.#drop.classList.toggle("over", on);
    this.#place.addEventListener("dragover", (event) => {
      event.preventDefault();
      if (!this.isSending) over(true);
    });
    this.#place.addEventListener("dragleave", (event) => {
      if (!this.#place.contains(event.relatedTarget)) over(false);
    });
    this.#place.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      this.#dropped([...event.dataTransfer.files]);
    });
  }

  #dropped(files) {
    if (this.isSending) return;
    if (files.length === 1) this.#send(files[0]);
    else this.say("Drop one file, please.", "trouble");
  }

  #chosen() {
    const [file] = this.#input.files;
    if (file && !this.isSending) this.#send(file);
  }

  async #send(file) {
    const whole = this.#form.elements.whole.checked;
    this.#sender = new AbortController();
    this.#busy(file);
    try {
      const { import_id: id } = await upload(this.dataset, file, {
        whole,
        signal: this.#sender.signal,
        onProgress: (sent) => this.#progress(file, sent),
      });
      this.#form.reset();
      this.#calls.onTaken(id);
    } catch (error) {
      this.#failed(file, error);
    } finally {
      this.#sender = null;
      this.#input.value = "";
      this.#sending.hidden = true;
      this.#form.hidden = false;
    }
  }

  #busy(file) {
    this.say("", "");
    this.#form.hidden = true;
    this.#sending.hidden = false;
    this.#progress(file, 0);
    this.#sending.querySelector(".stop").focus();
  }

  #progress(file, sent) {
    const all = Math.max(1, file.size);
    this.#sending.querySelector("progress").value = sent / all;
    this.#sending.querySelector(".progress-text").textContent =
      `Uploading ${file.name}: ` +
      `${size(Math.min(sent, file.size))} of ${size(file.size)}`;
  }

  #failed(file, error) {
    if (error instanceof Stopped) {
      this.say("The upload was stopped; nothing was kept.", "patient");
      return;
    }
    this.say(`${file.name} was not uploaded. ${error.message} ` +
      "Nothing has changed.", "trouble");
    if (!error.passing) return;
    const again = make("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => {
      if (!this.isSending) this.#send(file);
    });
    this.#message.append(" ", again);
  }

  say(text, kind) {
    this.#message.className = `message ${kind}`;
    this.#message.textContent = text;
  }
}
