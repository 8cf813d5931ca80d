// One import, opened: its progress, its preview with the decision, its end.
// It is built anew when something else is to be seen, and only then.

import { make } from "/js/dom.js";
import { plural, size } from "/js/text.js";
import {
  about, counts, effects, firstRows, losses, problems, remarks, warnings,
} from "./preview.js";
import {
  badge, changes, fileName, isMoving, isUpload, stateOf, title, when,
} from "./words.js";

const CHANGED = "The data has changed since this preview was made.";
const NO_UNDO = "An import of polls cannot be undone.";

function paragraph(text, className = "") {
  return make("p", { className }, text);
}

function sentence(text) {
  const said = String(text ?? "No reason was given.");
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

function moving() {
  return [
    make("progress", { max: 1, ariaLabel: "Bytes done" }),
    paragraph("", "progress-text"),
  ];
}

function found(upload) {
  if (!upload.result || !upload.preview) return [];
  return [counts(upload.result), ...remarks(upload), ...losses(upload),
    ...problems(upload), ...warnings(upload), effects(upload),
    ...firstRows(upload)];
}

function imported(upload) {
  const { result } = upload;
  const left = upload.skip_bad && result?.bad > 0
    ? ` ${plural(result.bad, "bad row")} ${
      result.bad === 1 ? "was" : "were"} left out.`
    : "";
  const parts = [paragraph(`The import is done: ${
    result ? changes(result) : "its counts are not known"}.${left}`, "reason")];
  if (result) parts.push(counts(result));
  return [...parts, ...problems(upload), about(upload)];
}

function undone(upload) {
  return [paragraph("The import was undone: what it had replaced is back.",
    "reason"), ...(upload.result ? [counts(upload.result)] : []),
  ...problems(upload), about(upload)];
}

function ended(lead) {
  return (upload) => [
    paragraph(lead, "reason"), ...problems(upload), about(upload)];
}

function refused(lead) {
  return (upload) => [
    paragraph(`${lead} ${sentence(upload.error)}`, "message trouble"),
    paragraph("Nothing has changed.", "reason"),
    ...problems(upload), about(upload)];
}

const BODIES = {
  Checking: moving,
  Importing: moving,
  Preview: (upload) => [...found(upload), about(upload)],
  Imported: imported,
  Undone: undone,
  Rejected: refused("The file was refused."),
  Failed: refused("It did not work."),
  Cancelled: ended("The import was cancelled; nothing has changed."),
  Expired: ended("Nobody confirmed it in time, and the file was removed; " +
    "nothing has changed."),
};

export class Panel {
  #place;
  #calls;
  #shown = "";
  #upload = null;
  #body = null;
  // Stays as it is built anew, so that what was said is not lost.
  #message = make("p", { role: "status" });
  #buttons = [];
  #busy = false;

  constructor(place, calls) {
    this.#place = place;
    this.#calls = calls;
  }

  get upload() {
    return this.#upload;
  }

  // Opens it for an import that is not known yet.
  open() {
    this.#upload = null;
    this.#shown = "";
    this.#busy = false;
    this.say("", "");
    this.#frame(make("span"), "Import");
    this.#body.append(paragraph("Asking the server\u2026", "progress-text"));
    this.#place.hidden = false;
    this.focus();
  }

  close() {
    this.#upload = null;
    this.#shown = "";
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }

  focus() {
    const heading = this.#place.querySelector("h2");
    this.#place.scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  }

  show(upload) {
    const { progress, ...rest } = upload;
    const shown = JSON.stringify(rest);
    this.#upload = upload;
    if (shown !== this.#shown) this.#build(upload);
    this.#shown = shown;
    if (isMoving(upload)) this.#progress(upload);
  }

  // It is not there: in the server's words.
  gone(message) {
    this.#frame(make("span"), "Import");
    this.#body.append(paragraph(message, "message trouble"));
  }

  #build(upload) {
    const hadFocus = this.#place.contains(document.activeElement);
    const skip = this.#place.querySelector("#skip-bad")?.checked === true;
    const name = make("span", { className: "file" }, fileName(upload));
    this.#frame(badge(upload), name, upload);
    const body = BODIES[stateOf(upload)] ?? ended("");
    this.#body.append(...body(upload));
    if (upload.state === "Preview") this.#decision(upload, skip);
    if (upload.can_undo) this.#undo(upload);
    this.#setBusy(this.#busy);
    if (hadFocus) {
      this.#place.querySelector("h2").focus({ preventScroll: true });
    }
  }

  #frame(sign, name, upload = null) {
    const heading = make("h2", { id: "import-title", tabIndex: -1 }, name);
    const close = make("a", { href: "/admin/", className: "close" }, "Close");
    close.addEventListener("click", (event) =>
      this.#calls.onOpen(event, null));
    const asked = make("p", { className: "asked" });
    if (upload) {
      const taken = make("span", {}, isUpload(upload)
        ? "uploaded " : "imported ", when(upload.created_at));
      const known = make("span", {}, title(upload.dataset));
      asked.append(known, taken, make("code", {}, upload.import_id));
    }
    this.#body = make("div");
    this.#buttons = [];
    this.#place.replaceChildren(
      make("div", { className: "report-head" }, sign, heading, close),
      asked, this.#body, this.#message);
  }

  #progress({ state, progress }) {
    const bar = this.#body.querySelector("progress");
    const { done = 0, total = 0 } = progress ?? {};
    if (total > 0 && done > 0) bar.value = done / total;
    else bar.removeAttribute("value");
    this.#body.querySelector(".progress-text").textContent = total > 0
      ? `${state}: ${size(done)} of ${size(total)}`
      : `${state}: waiting for its turn`;
  }

  #decision(upload, skip) {
    const bad = upload.result?.bad ?? 0;
    const place = make("form", { className: "decision" }, this.#message);
    if (upload.dataset === "polls") {
      place.append(paragraph(NO_UNDO, "remark"));
    }
    if (!upload.can_confirm) place.append(paragraph(CHANGED, "remark"));
    else if (bad > 0) place.append(this.#skipBox(bad, skip));
    const cancel = this.#button("Cancel", () =>
      this.#do((id) => this.#calls.cancel(id)));
    cancel.className = "cancel";
    place.append(make("div", { className: "actions" },
      this.#go(upload), cancel));
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      const checked = place.querySelector("#skip-bad")?.checked === true;
      this.#do((id) => upload.can_confirm
        ? this.#calls.confirm(id, checked)
        : this.#calls.recheck(id));
    });
    this.#body.after(place);
  }

  // What leads on: the import, or another check if the data has moved.
  #go({ can_confirm: can }) {
    const button = make("button", { type: "submit", className: "primary" },
      can ? "Confirm import" : "Check the file again");
    this.#buttons.push(button);
    return button;
  }

  #skipBox(bad, checked) {
    const box = make("input",
      { type: "checkbox", id: "skip-bad", required: true, checked });
    return make("label", { className: "check" }, box,
      make("span", {}, `Leave the ${plural(bad, "bad row")} out`));
  }

  #undo(upload) {
    const place = make("div", { className: "actions" });
    place.append(this.#button("Undo this import", () =>
      this.#calls.askUndo(upload)));
    this.#message.before(place);
  }

  #button(text, onClick) {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", onClick);
    this.#buttons.push(button);
    return button;
  }

  // One thing at a time: while it is asked for, the buttons do nothing.
  async #do(action) {
    if (this.#busy || !this.#upload) return;
    const id = this.#upload.import_id;
    this.#setBusy(true);
    this.say("", "");
    try {
      await action(id);
    } catch (trouble) {
      if (this.#upload?.import_id !== id) return;
      this.say(sentence(trouble.message), "trouble");
      this.#calls.onRefused();
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(busy) {
    this.#busy = busy;
    // Disabled in looks only: a button that is really disabled loses focus.
    for (const button of this.#buttons) {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  say(text, kind) {
    this.#message.className = `message ${kind}`;
    this.#message.textContent = text;
  }
}
