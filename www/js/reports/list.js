// The reports that this browser knows, newest first, kept in localStorage and
// shared by its tabs.  An entry is {id, triggeredMs, answer}: triggeredMs is
// null for one that came by a link, answer is the last that the server said
// of it, or null.  Fires "change".

const KEY = "storemon.reports";
const MOST = 50;
const FINAL = new Set(["Complete", "Failed", "Expired", "Unknown"]);

export function isFinal(entry) {
  return FINAL.has(entry.answer?.status);
}

export class ReportList extends EventTarget {
  #entries = read() ?? [];

  constructor() {
    super();
    window.addEventListener("storage", (event) => {
      if (event.key !== KEY && event.key !== null) return;
      this.#entries = read() ?? [];
      this.dispatchEvent(new Event("change"));
    });
  }

  get entries() {
    return this.#entries;
  }

  find(id) {
    return this.#entries.find((entry) => entry.id === id);
  }

  add(id, triggeredMs) {
    this.#change((entries) =>
      entries.some((entry) => entry.id === id)
        ? entries
        : [{ id, triggeredMs, answer: null }, ...entries].slice(0, MOST),
    );
  }

  // What the server said of it now.  Nothing if it is off the list.
  answer(id, answer) {
    this.#change((entries) =>
      entries.map((entry) => (entry.id === id ? { ...entry, answer } : entry)),
    );
  }

  remove(id) {
    this.#change((entries) => entries.filter((entry) => entry.id !== id));
  }

  // Another tab may have changed the list since: begin from what is kept.
  #change(edit) {
    this.#entries = edit(read() ?? this.#entries);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#entries));
    } catch {
      // No room or not allowed: the list lives as long as the page.
    }
    this.dispatchEvent(new Event("change"));
  }
}

// Null where there is nothing that can be read.
function read() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(entries) ? entries.filter(isEntry) : null;
  } catch {
    return null;
  }
}

function isEntry(entry) {
  return typeof entry?.id === "string" &&
    (entry.triggeredMs === null || Number.isFinite(entry.triggeredMs)) &&
    (entry.answer === null || typeof entry.answer?.status === "string");
}
