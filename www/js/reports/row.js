// A report on the list.  It is built once; a new answer changes what is in it,
// so that focus and selection stay.

import { fact, make, ownPath } from "../dom.js";
import { count, duration, instant, moment, plural, size } from "../text.js";

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

const AT_ONCE_MS = 10;

function rulesText(rules) {
  const decides = INTERPOLATIONS[rules?.interpolation] ?? "?";
  return `${decides}, reach ${rules?.reach ?? "?"}`;
}

function downloads(answer) {
  const files = [
    ["Report CSV", answer.report],
    ["Detail CSV", answer.detail],
    ["JSON", answer.summary],
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

// What few want to know, behind a button.
function details(entry) {
  const { answer, id } = entry;
  const facts = make("dl", { className: "facts", hidden: true },
    fact("Rules", rulesText(answer.rules)),
    fact("As of, exactly", instant(answer.as_of)),
    fact("Report", make("span", { className: "hash" }, id)),
    fact("SHA-256 of the report CSV",
      make("span", { className: "hash" }, String(answer.sha256)), true));
  const button = make("button", { type: "button", className: "more" },
    "Details");
  button.ariaExpanded = "false";
  button.addEventListener("click", () => {
    facts.hidden = !facts.hidden;
    button.ariaExpanded = String(!facts.hidden);
  });
  return { button, facts };
}

function complete(entry) {
  const { button, facts } = details(entry);
  const bar = make("div", { className: "files" }, downloads(entry.answer),
    button);
  return [bar, facts];
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

// What is said of it in its line.
function lineOf({ triggeredMs, answer }) {
  const parts = [triggeredMs === null
    ? "opened by a link"
    : `triggered ${moment(triggeredMs)}`];
  if (answer?.status === "Complete") {
    const took = Date.parse(answer.finished_at) -
      Date.parse(answer.created_at);
    // Another report of the same had just been made.
    const speed = took < AT_ONCE_MS ? "at once" : `took ${duration(took)}`;
    parts.push(plural(answer.rows, "store"), size(answer.bytes), speed);
  }
  return parts.map((text) => make("span", {}, text));
}

export class Row {
  #status = null;
  #badge = make("span", { className: "badge" });
  #title = make("a");
  #asked = make("p", { className: "asked" });
  #body = make("div", { className: "body" });

  constructor(id, { onRemove, onOpen }) {
    this.#title.href = `/?report=${encodeURIComponent(id)}`;
    this.#title.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onOpen(id);
    });
    const heading = make("h3", {}, this.#title);
    const remove = make("button", { type: "button", className: "remove" },
      "Remove");
    remove.addEventListener("click", () => onRemove(id));
    this.element = make("li", { className: "report", id: `report-${id}` },
      this.#badge, heading, this.#asked, this.#body, remove);
    this.element.tabIndex = -1;
    this.remove = remove;
    this.id = id;
  }

  update(entry, chosen) {
    const status = entry.answer?.status in BODIES
      ? entry.answer.status
      : "Running";
    this.element.classList.toggle("chosen", chosen);
    if (chosen) this.#title.ariaCurrent = "true";
    else this.#title.removeAttribute("aria-current");
    if (status !== this.#status) this.#rebuild(status, entry);
    if (status === "Running") this.tick(entry);
  }

  #rebuild(status, entry) {
    const { sign, kind } = BADGES[status];
    const asOf = entry.answer?.as_of;
    const name = asOf
      ? `As of ${instant(asOf.replace(/\.\d+Z$/, "Z"))}`
      : `Report ${entry.id.slice(0, 8)}`;
    this.#status = status;
    this.element.classList.toggle("wide", status !== "Complete");
    this.#badge.className = `badge ${kind}`;
    this.#badge.replaceChildren(
      make("span", { ariaHidden: "true" }, sign), status);
    this.#title.textContent = name;
    this.remove.ariaLabel = `Remove ${name} from the list`;
    this.#asked.replaceChildren(...lineOf(entry));
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
