// The list of reports as the page shows it.  A row is built once; a new
// answer changes what is in it, so that focus and selection stay.

import { fact, make, ownPath } from "./dom.js";
import { count, duration, instant, moment, plural, size } from "./text.js";

const BADGES = {
  Running: { sign: "\u25CC", kind: "running" },
  Complete: { sign: "\u2713", kind: "complete" },
  Failed: { sign: "\u2715", kind: "failed" },
  Expired: { sign: "\u2013", kind: "expired" },
  Unknown: { sign: "?", kind: "expired" },
};

const INTERPOLATIONS = {
  previous: "previous poll",
  next: "next poll",
  nearest: "nearest poll",
};

function rulesText(rules) {
  const decides = INTERPOLATIONS[rules?.interpolation] ?? "?";
  return `${decides}, reach ${rules?.reach ?? "?"}`;
}

function downloads(answer) {
  const files = [
    ["Report CSV", answer.report],
    ["Detail CSV", answer.detail],
    ["Summary JSON", answer.summary],
  ];
  const items = [];
  for (const [label, target] of files) {
    const href = ownPath(target);
    if (href === null) continue;
    const className = items.length === 0 ? "download first" : "download";
    const link = make("a", { className, href, download: "" }, label);
    items.push(make("li", {}, link));
  }
  return make("ul", { className: "downloads" }, ...items);
}

function running() {
  return [
    make("progress", { max: 1, ariaLabel: "Stores done" }),
    make("p", { className: "progress-text" }),
  ];
}

function complete(entry) {
  const answer = entry.answer;
  const took = Date.parse(answer.finished_at) - Date.parse(answer.created_at);
  return [
    make("dl", { className: "facts" },
      fact("Stores", count(answer.rows)),
      fact("Size", size(answer.bytes)),
      fact("Took", duration(took)),
      fact("Rules", rulesText(answer.rules)),
      fact("SHA-256 of the report CSV",
        make("span", { className: "hash" }, String(answer.sha256)), true)),
    downloads(answer),
  ];
}

function reason(entry) {
  const text = String(entry.answer.error ?? "no reason was given");
  const lead = entry.answer.status === "Failed" ? "The report failed: " : "";
  const stop = /[.!?]$/.test(text) ? "" : ".";
  return [make("p", { className: "reason" }, `${lead}${text}${stop}`)];
}

const BODIES = {
  Running: running,
  Complete: complete,
  Failed: reason,
  Expired: reason,
  Unknown: reason,
};

class Row {
  #status = null;
  #badge = make("span", { className: "badge" });
  #title = make("a");
  #asked = make("p", { className: "asked" });
  #body = make("div");

  constructor(id, onRemove) {
    this.#title.href = `/?report=${encodeURIComponent(id)}`;
    const heading = make("h3", {}, this.#title);
    const remove = make("button", { type: "button", className: "remove" },
      "Remove");
    remove.addEventListener("click", () => onRemove(id));
    const head = make("div", { className: "report-head" }, this.#badge,
      heading, remove);
    this.element = make("li", { className: "report", id: `report-${id}` },
      head, this.#asked, this.#body);
    this.element.tabIndex = -1;
    this.remove = remove;
    this.id = id;
  }

  update(entry, chosen) {
    const status = entry.answer?.status in BODIES
      ? entry.answer.status
      : "Running";
    this.element.classList.toggle("chosen", chosen);
    if (status !== this.#status) this.#rebuild(status, entry);
    if (status === "Running") this.tick(entry);
  }

  #rebuild(status, entry) {
    const { sign, kind } = BADGES[status];
    const asOf = entry.answer?.as_of;
    const name = asOf
      ? `As of ${instant(asOf)}`
      : `Report ${entry.id.slice(0, 8)}`;
    const asked = entry.triggeredMs === null
      ? "opened by a link"
      : `triggered ${moment(entry.triggeredMs)}`;
    this.#status = status;
    this.#badge.className = `badge ${kind}`;
    this.#badge.replaceChildren(
      make("span", { ariaHidden: "true" }, sign), status);
    this.#title.textContent = name;
    this.remove.ariaLabel = `Remove ${name} from the list`;
    this.#asked.replaceChildren(make("span", {}, asked),
      make("code", {}, entry.id));
    this.#body.replaceChildren(...BODIES[status](entry));
  }

  // Progress and the time that has passed, while it runs.
  tick(entry) {
    const [bar, text] = this.#body.children;
    const { done = 0, total = 0 } = entry.answer?.progress ?? {};
    const parts = [total > 0
      ? `${count(done)} of ${plural(total, "store")}`
      : "waiting for its turn"];
    if (entry.triggeredMs !== null) {
      parts.push(`${duration(Date.now() - entry.triggeredMs)} so far`);
    }
    if (total > 0) bar.value = done / total;
    else bar.removeAttribute("value");
    text.textContent = parts.join(" \u00B7 ");
  }

  get runs() {
    return this.#status === "Running";
  }
}

export class ListView {
  #rows = new Map();
  #place;
  #empty;
  #onRemove;

  constructor(place, empty, onRemove) {
    this.#place = place;
    this.#empty = empty;
    this.#onRemove = onRemove;
  }

  show(entries, chosenId) {
    const gone = new Set(this.#rows.keys());
    entries.forEach((entry, i) => {
      gone.delete(entry.id);
      const row = this.#row(entry.id);
      row.update(entry, entry.id === chosenId);
      if (this.#place.children[i] !== row.element) {
        this.#place.insertBefore(row.element, this.#place.children[i] ?? null);
      }
    });
    for (const id of gone) {
      this.#rows.get(id).element.remove();
      this.#rows.delete(id);
    }
    this.#empty.hidden = entries.length > 0;
  }

  // The clocks of the rows that run.
  tick(entries) {
    for (const entry of entries) {
      const row = this.#rows.get(entry.id);
      if (row?.runs) row.tick(entry);
    }
  }

  // Brings a report into view and gives it the focus.
  open(id) {
    const row = this.#rows.get(id);
    row?.element.scrollIntoView({ block: "nearest" });
    row?.element.focus({ preventScroll: true });
  }

  // Where the focus goes when a report leaves: the next one, or nowhere.
  focusAfter(index) {
    const next = this.#place.children[
      Math.min(index, this.#place.children.length - 1)];
    next?.querySelector(".remove")?.focus();
    return next !== undefined;
  }

  #row(id) {
    if (!this.#rows.has(id)) this.#rows.set(id, new Row(id, this.#onRemove));
    return this.#rows.get(id);
  }
}
