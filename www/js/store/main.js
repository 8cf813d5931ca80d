// The page of a store: what its parts are and how they hear of each other.

import { ConnectionBanner } from "/js/banner.js";
import { make } from "/js/dom.js";
import { pageOf, readQuestion } from "./address.js";
import { Clock, rfc3339, utc } from "./clock.js";
import { counterCards } from "./counters.js";
import { daysOf } from "./days.js";
import { Follow } from "./follow.js";
import { facts, title, verdict } from "./head.js";
import { showMissing } from "./missing.js";
import { MomentControl } from "./moment.js";
import { Notes } from "./notes.js";
import { outagesPart } from "./outages.js";
import { definitions } from "./patterns.js";
import { Search } from "./search.js";
import { weekTables } from "./tables.js";
import { weekFigure } from "./week.js";

const ROOMY = 2;        // outages
const part = (id) => document.getElementById(id);
const follow = new Follow();
const banner = new ConnectionBanner(part("connection"), () => follow.hurry());
const moment = new MomentControl(part("moment"), go);
const search = new Search(part("search"));
let question = readQuestion(location.search);

// Where a place of the page gets its contents from.
const PARTS = {
  title,
  verdict: (shown) => [verdict(shown)],
  facts,
  week: (shown) => [weekFigure(shown)],
  tables: (shown) => [weekTables(shown)],
  counters: counterCards,
  outages: outagesPart,
  foot,
};

function foot({ store, notes }) {
  const exact = pageOf({ ...question, as_of: rfc3339(store.as_of) });
  const link = make("a", { href: exact }, new URL(exact, location).href);
  const others = notes.list();
  return [
    ...(others.length > 0
      ? [make("dl", { className: "notes" }, ...others)]
      : []),
    make("p", {}, `As of ${utc(store.as_of)}, data revision ${
      store.revision}, time zones of ${store.tzdata}. Exactly this view: `,
    link),
  ];
}

// A button in a sentence that tells what else there is to see.
function offer(text, label, next) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", () => go(next));
  part("moved").replaceChildren(text, " ", button);
}

function tellAge({ as_of: asOf, newest_poll: newest }) {
  part("moved").replaceChildren();
  if (question.as_of === null || newest === null || newest <= asOf) return;
  offer(`This is how it was. The data goes on to ${utc(newest)}.`,
    "Show the latest", { ...question, as_of: null });
}

// Builds all of it before any of it is shown.
function show(store) {
  const clock = new Clock(store);
  const shown = { store, clock, days: daysOf(store),
    notes: new Notes(store.explanations) };
  const built = Object.entries(PARTS).map(([id, build]) =>
    [id, build(shown)]);
  for (const [id, contents] of built) part(id).replaceChildren(...contents);
  // Few outages leave room on paper for more words.
  part("store").classList.toggle("roomy", store.outages.length <= ROOMY);
  moment.show(shown, question);
  tellAge(store);
  document.title = `${store.store_id} - Store monitor`;
  reveal("store");
  part("news").textContent = `Shown as of ${clock.stamp(store.as_of)}.`;
  performance.mark("store-shown");
}

// One of the three things that the page can be.
function reveal(id) {
  for (const other of ["store", "missing", "loading"]) {
    part(other).hidden = other !== id;
  }
  part("message").replaceChildren();
}

function refused(trouble) {
  const isShown = !part("store").hidden;
  if (isShown && trouble.code !== "unknown_store") {
    part("message").textContent = trouble.message;
    return;
  }
  miss(trouble.code, trouble);
}

function miss(code, trouble = null) {
  reveal("missing");
  showMissing(part("missing"), question, code, trouble, begin);
  if (code === "unknown_store") search.begin(question.id);
}

function begin() {
  if (question.id === null) miss("none");
  else follow.ask(question);
}

function go(next) {
  question = next;
  history.pushState(null, "", pageOf(next));
  begin();
}

follow.addEventListener("answer", ({ detail: store }) => {
  try {
    show(store);
  } catch {
    refused(new Error("The server's answer is damaged."));
  }
});
follow.addEventListener("moved", () =>
  offer("The data has changed since.", "Show it as it is now", question));
follow.addEventListener("refused", ({ detail }) => refused(detail));
follow.addEventListener("trouble", ({ detail }) => banner.show(detail));
follow.addEventListener("recovered", () => banner.hide());
window.addEventListener("popstate", () => {
  question = readQuestion(location.search);
  begin();
});
part("with-utc").addEventListener("change", ({ target }) =>
  part("store").classList.toggle("with-utc", target.checked));
document.body.append(definitions());
begin();
