// The table of imports, newest first.

import { make } from "/js/dom.js";
import { count } from "/js/text.js";
import { badge, fileName, title, when } from "./words.js";

const HEADINGS = [["When"], ["State"], ["File"], ["Data set"], ["By"],
  ["Rows", "number"], ["New", "number"], ["Changed", "number"],
  ["Same", "number"], ["Bad", "number"], ["Removed", "number"], ["SHA-256"]];
const COUNTS = ["rows", "new", "changed", "same", "bad", "removed"];

function head() {
  const cells = HEADINGS.map(([text, className = ""]) =>
    make("th", { scope: "col", className }, text));
  return make("thead", {}, make("tr", {}, ...cells));
}

export class History {
  #place;
  #empty;
  #onOpen;
  #shown = "";

  constructor(place, empty, onOpen) {
    this.#place = place;
    this.#empty = empty;
    this.#onOpen = onOpen;
  }

  show(imports, openId) {
    const shown = JSON.stringify([imports, openId]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const at = document.activeElement;
    const focused = this.#place.contains(at) ? at.dataset.id : undefined;
    const rows = imports.map((upload) => this.#row(upload, openId));
    this.#place.replaceChildren(
      make("table", {}, head(), make("tbody", {}, ...rows)));
    this.#place.hidden = imports.length === 0;
    this.#empty.hidden = imports.length > 0;
    if (focused) {
      this.#place.querySelector(`a[data-id="${focused}"]`)?.focus();
    }
  }

  #row(upload, openId) {
    const { import_id: id, sha256 } = upload;
    const link = make("a", { href: `/admin/?import=${id}` },
      make("span", { className: "file" }, fileName(upload)));
    link.dataset.id = id;
    link.addEventListener("click", (event) => this.#onOpen(event, id));
    if (id === openId) link.setAttribute("aria-current", "true");
    const cells = [when(upload.created_at), badge(upload), link,
      title(upload.dataset), upload.user ?? ""];
    const counted = upload.state === "Imported" ||
      (sha256 !== null && upload.state !== "Rejected");
    const numbers = COUNTS.map((name) => make("td", { className: "number" },
      counted ? count(upload[name] ?? 0) : ""));
    const hash = make("code", { title: sha256 ?? "" },
      (sha256 ?? "").slice(0, 8));
    return make("tr", { className: id === openId ? "chosen" : "" },
      ...cells.map((cell) => make("td", {}, cell)), ...numbers,
      make("td", {}, hash));
  }
}
