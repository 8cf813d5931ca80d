// Elements made of values; text only ever as text.

// An element with properties and children.
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A part of a table, its role said: where CSS lays a table out otherwise, on a
// phone, browsers forget what it was.
export function makeAs(role, tag, properties = {}, ...children) {
  const element = make(tag, properties, ...children);
  element.role = role;
  return element;
}

// An element of a drawing, with attributes and children.
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// A path of this server, or null: what a link may lead to.
export function ownPath(text) {
  if (typeof text !== "string") return null;
  try {
    const url = new URL(text, location.origin);
    return url.origin === location.origin ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

// A name and its value in a list of facts.
export function fact(name, value, wide = false) {
  return make("div", { className: wide ? "wide" : "" },
    make("dt", {}, name), make("dd", {}, value));
}
