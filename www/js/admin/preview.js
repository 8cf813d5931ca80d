// What a check has found, and what an import has done, as elements.

import { fact, make, ownPath } from "/js/dom.js";
import { count, instant, plural, size } from "/js/text.js";
import { isUpload, lines, title } from "./words.js";

const SHOWN = 10;       // stores that stand in a sentence
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function section(heading, ...children) {
  return make("section", { className: "part" }, make("h3", {}, heading),
    ...children);
}

function scroll(label, table) {
  const place = make("div", { className: "scroll", tabIndex: 0 }, table);
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", label);
  return place;
}

export function table(headings, rows) {
  const heads = headings.map((text) =>
    make("th", { scope: "col" }, text));
  const body = rows.map((cells) => make("tr", {},
    ...cells.map((cell) => make("td", {}, cell))));
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...body));
}

// How many rows are what; those that are none are quiet.
export function counts(result) {
  const kinds = ["new", "changed", "same", "bad", "removed"];
  const items = kinds.map((kind) => {
    const item = fact(kind[0].toUpperCase() + kind.slice(1),
      count(result[kind] ?? 0));
    item.classList.add("count", kind);
    if (!result[kind]) item.classList.add("none");
    return item;
  });
  const rows = fact("Rows in the file", count(result.rows));
  rows.classList.add("count");
  return make("dl", { className: "counts" }, rows, ...items);
}

function stamp(text) {
  return STAMP.test(text ?? "") ? instant(text) : "none";
}

function stampFacts(preview, isPolls) {
  if (!isPolls) return [];
  const { as_of_before: before, as_of_after: after } = preview;
  const asOf = before === after
    ? `stays ${stamp(after)}`
    : `${stamp(before)} \u2192 ${stamp(after)}`;
  return [fact("Oldest poll of the file", stamp(preview.oldest)),
    fact("Newest poll of the file", stamp(preview.newest)),
    fact("As of, before \u2192 after", asOf)];
}

export function effects(upload) {
  const { preview, dataset } = upload;
  const place = make("dl", { className: "facts" },
    ...stampFacts(preview, dataset === "polls"),
    fact("Stores named for the first time", count(preview.new_stores)),
    fact("Stores then", count(preview.stores)),
    fact("of them without hours", count(preview.stores_without_hours)),
    fact("of them without a time zone",
      count(preview.stores_without_timezone)));
  return section("Afterwards", place);
}

// The first rows as they will be stored.
export function firstRows({ preview, result }) {
  const { columns, first_rows: rows } = preview;
  if (rows.length === 0) return [];
  const label = rows.length < result.rows - result.bad
    ? `The first ${plural(rows.length, "row")} as they will be stored`
    : "The rows as they will be stored";
  return [section(label, scroll(label, table(columns, rows)))];
}

// The lines that are listed, all there are of a kind.
function moreLines(group, problems) {
  const listed = problems.filter(({ code }) => code === group.code)
    .map(({ line }) => line);
  if (listed.length <= group.first_lines.length) return [];
  return [make("details", {},
    make("summary", {}, `${plural(listed.length, "line number")}`),
    make("p", { className: "numbers" }, listed.map(count).join(", ")))];
}

export function problems(upload) {
  const { preview, result } = upload;
  const groups = preview?.problem_groups ?? [];
  if (groups.length === 0) return [];
  const items = groups.map((group) => make("li", {},
    make("strong", {}, plural(group.rows, "row")),
    ` \u2013 ${group.message} `,
    make("span", { className: "where" },
      `${lines(group.first_lines, group.rows)}.`),
    ...moreLines(group, result?.problems ?? [])));
  const href = ownPath(upload.bad_rows);
  const link = href === null ? [] : [make("a",
    { className: "download", href, download: "" }, "The bad rows as CSV")];
  return [section(plural(result?.bad ?? 0, "bad row"),
    make("ul", { className: "findings" }, ...items), ...link)];
}

function codes(ids) {
  return ids.flatMap((id) => [" ", make("code", {}, id)]);
}

// The stores that are listed beside the first ones.
function moreStores(ids, total) {
  if (ids.length <= SHOWN) return [];
  const all = ids.length === total ? "All" : "The first";
  return [make("details", {},
    make("summary", {}, `${all} ${plural(ids.length, "store")}`),
    make("p", { className: "numbers" }, ...codes(ids)))];
}

function finding({ stores, message, examples }) {
  const more = stores > Math.min(examples.length, SHOWN)
    ? ", among them" : ":";
  return make("li", {}, make("strong", {}, count(stores)),
    ` \u2013 ${message.replace(/\.$/, more)}`,
    ...codes(examples.slice(0, SHOWN)), ...moreStores(examples, stores));
}

// What would go since the file is the whole data set.
export function losses({ preview }) {
  const found = (preview?.warnings ?? []).filter(({ code }) =>
    code === "loses");
  if (found.length === 0) return [];
  return [section("What goes", make("ul", { className: "findings" },
    ...found.map(finding)))];
}

// Odd, but no error.
export function warnings({ preview }) {
  const found = (preview?.warnings ?? []).filter(({ code }) =>
    code !== "loses");
  if (found.length === 0) return [];
  const items = found.map(finding);
  return [section("Worth a look, but no error",
    make("ul", { className: "findings" }, ...items))];
}

// What is told beside the counts, sentence by sentence.
export function remarks({ dataset, whole, result }) {
  const name = title(dataset).toLowerCase();
  const told = [];
  if (whole) {
    told.push(`This file is the whole data set: ${name} of stores that it ` +
      "does not name are removed.");
  }
  if (result?.kept > 0) {
    told.push(`${plural(result.kept, "store")} with bad rows ` +
      `${result.kept === 1 ? "keeps its" : "keep their"} ${name} as they are.`);
  }
  if (result?.sample_removed) {
    told.push("The demonstration's data goes: all of it is removed.");
  }
  return told.map((text) => make("p", { className: "remark" }, text));
}

export function about(upload) {
  const facts = [fact("Data set", title(upload.dataset))];
  if (isUpload(upload)) facts.push(fact("Size", size(upload.bytes)));
  if (upload.user) facts.push(fact("By", upload.user));
  if (upload.sha256) {
    facts.push(fact("SHA-256 of the file",
      make("span", { className: "hash" }, upload.sha256), true));
  }
  return make("dl", { className: "facts" }, ...facts);
}
