// What the address of the page asks for, and the addresses that ask the
// server for it.  A question is {id, as_of, interpolation, reach}; null is
// what the server takes by default.

import { storePath } from "/js/links.js";

const RULES = ["interpolation", "reach"];

export function readQuestion(search) {
  const query = new URLSearchParams(search);
  const value = (name) => query.get(name)?.trim() || null;
  return {
    // An id is taken as it is, blanks included.
    id: query.get("id") || null,
    as_of: value("as_of"),
    interpolation: value("interpolation"),
    reach: value("reach"),
  };
}

// The page's own address for a question.
export function pageOf(question) {
  return storePath(question.id, { as_of: question.as_of, rules: question });
}

export function askOf(question) {
  const query = new URLSearchParams({ id: question.id });
  for (const name of ["as_of", ...RULES]) {
    if (question[name] !== null) query.set(name, question[name]);
  }
  return `/stores?${query}`;
}

export function searchOf(prefix, limit) {
  return `/stores?${new URLSearchParams({ prefix, limit })}`;
}
