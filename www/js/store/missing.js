// What the page shows in place of a store: none was named, none has that id,
// there is no data at all, or the server refused.

import { call } from "/js/api.js";
import { make } from "/js/dom.js";
import { storePath } from "/js/links.js";
import { searchOf } from "./address.js";
import { readFound } from "./answer.js";

const LIMIT = 12;
const ALIKE = [3, 1, 0];        // characters that begin alike

const quoted = (id) => make("code", { className: "id" }, id);

function admin(text) {
  return make("a", { href: "/admin/" }, text);
}

const PANELS = {
  none: () => ({
    title: "Which store?",
    text: ["Type the beginning of its id into the search above."],
    beginnings: [""],
  }),
  unknown_store: ({ id }) => ({
    title: "No such store",
    text: ["None of the data that was brought in names a store ", quoted(id),
      ". Type the beginning of its id into the search above."],
    beginnings: ALIKE.map((n) => [...id].slice(0, n).join("")),
  }),
  no_polls: () => ({
    title: "There is no data yet",
    text: ["No polls were brought in, so there is nothing to say of any " +
      "store. The ", admin("administration"), " takes polls, opening hours " +
      "and time zones as CSV files."],
    beginnings: [],
  }),
  other: ({ id }, trouble) => ({
    title: "This cannot be shown",
    text: [trouble.message],
    beginnings: [],
    way: make("a", { href: storePath(id) },
      "Show the store as of the latest poll"),
  }),
};

// The stores with the first of the beginnings that any has.
async function listed([prefix, ...others]) {
  if (prefix === undefined) return [];
  const { stores } = readFound(await call(searchOf(prefix, LIMIT)));
  if (stores.length === 0) return listed(others);
  return [
    make("h2", {}, prefix === ""
      ? "The first stores"
      : "Stores that begin alike"),
    make("ul", { className: "found" }, ...stores.map((id) =>
      make("li", {}, make("a", { href: storePath(id) }, id)))),
  ];
}

// Fills the place; code is that of the trouble, or "none".  Again is called
// where trying again may help.
export async function showMissing(place, question, code, trouble, again) {
  const build = PANELS[code] ?? PANELS.other;
  const { title, text, beginnings, way } = build(question, trouble);
  place.replaceChildren(make("h1", {}, title), make("p", {}, ...text));
  if (way) {
    const button = make("button", { type: "button" }, "Try again");
    button.addEventListener("click", again);
    place.append(make("p", { className: "actions" }, button, way));
  }
  place.hidden = false;
  document.title = `${title} - Store monitor`;
  const round = place.firstChild;
  // Without an answer the search above has to do.
  const list = await listed(beginnings).catch(() => []);
  if (place.firstChild === round) place.append(...list);
}
