// What the figures stand on, in one line, and a warning where that is old.

import { make } from "../dom.js";
import { count, instant, plural, shortUtc } from "../text.js";

const OLD_MS = 2 * 3600 * 1000;
// So many of the longest blind runs are named.
const RUNS = 2;

// "3 min", "5 h", "1,034 days": about so long.
function roughly(ms) {
  const minutes = Math.floor(ms / 60000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${count(Math.floor(hours / 24))} days`;
}

function newest({ newest_poll: poll, as_of: asOf }) {
  if (poll === null) return "no poll";
  const ms = Date.parse(asOf) - Date.parse(poll);
  return ms < 1000
    ? "newest poll at that instant"
    : `newest poll ${roughly(ms)} before`;
}

const inOneLine = (text) => text.replaceAll(" ", "\u00A0");

function runWords({ from, to, hours }) {
  return inOneLine(`${shortUtc(Date.parse(from))} to ${
    shortUtc(Date.parse(to))} (${hours} h)`);
}

function blindness({ blind }) {
  if (blind.runs.length === 0) return "no blind hours";
  const longest = blind.runs.toSorted((a, b) => b.hours - a.hours);
  const named = longest.slice(0, RUNS).toSorted((a, b) =>
    a.from < b.from ? -1 : 1);
  const runs = named.map(runWords);
  const more = longest.length - named.length;
  if (more > 0) {
    const left = longest.slice(RUNS).reduce((sum, run) => sum + run.hours, 0);
    runs.push(inOneLine(`${count(more)} more (${left} h)`));
  }
  return `blind ${runs.join(", ")}`;
}

function coverage({ fleet }) {
  const percent = fleet.week.coverage_percent;
  return percent === null ? "no coverage" : `coverage ${
    Math.floor(percent)} %`;
}

// The rules, where they are not the usual ones.
function rules({ rules: { interpolation, reach, store_id: ids } }) {
  const told = [];
  if (interpolation !== "previous") told.push(`${interpolation} poll counts`);
  if (reach !== "unlimited") told.push(`reach ${reach}`);
  if (ids) told.push("chosen stores only");
  return told;
}

export function statusLine(summary) {
  const asOf = make("strong", {}, "as of ", make("time",
    { dateTime: summary.as_of },
    instant(summary.as_of.replace(/\.\d+Z$/, "Z"))));
  const parts = [newest(summary), plural(summary.stores, "store"),
    coverage(summary), blindness(summary), ...rules(summary)];
  return [asOf, ...parts.map((text) => make("span", {}, text))];
}

// A sentence where the newest poll is old by the clock on the wall, or "".
export function oldWarning({ newest_poll: poll }, nowMs = Date.now()) {
  if (poll === null) return "";
  const age = nowMs - Date.parse(poll);
  if (age <= OLD_MS) return "";
  return `The newest poll is ${roughly(age)} old: what is called ` +
    "\u201Cnow\u201D below was then.";
}
