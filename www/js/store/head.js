// The head of the page: which store, how it is now, on which clock, by which
// hours; and the three answers that its owner came for.

import { fact, make } from "/js/dom.js";
import { statusMark } from "/js/status.js";
import { lostText } from "./counters.js";
import { HOUR, dateName, utc } from "./clock.js";
import { INTERPOLATIONS, SOURCES, hoursText, longest, ongoingText, percent,
  roughly, times } from "./words.js";

const WEEK = 168 * HOUR;
const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function sinceText(store, clock) {
  const { status_now: now, status_since: since, as_of: asOf } = store;
  if (since === null) return "";
  if (now === "stale") {
    return `the poll that counts is ${roughly((asOf - since) / 1e6)} old: ${
      clock.stamp(since)}`;
  }
  if (since <= asOf - WEEK) return "all of this week";
  return `since ${clock.stamp(since)}`;
}

export function title({ store, clock, notes }) {
  return [
    make("p", { className: "eyebrow" }, "Store"),
    make("h1", {}, store.store_id),
    make("p", { className: "now" }, statusMark(store.status_now), " ",
      sinceText(store, clock)),
    ...notes.beside("status_now"),
  ];
}

function answer(question, figure, text) {
  return make("div", {}, make("dt", {}, question),
    make("dd", { className: "figure" }, figure),
    make("dd", { className: "quiet" }, text));
}

function wasDown({ counters: { week }, outages, dark }) {
  if (week.business_s === 0) return ["It was closed", "all week"];
  if (week.up_s + week.down_s === 0) {
    return ["Nobody knows", "no poll in its opening hours tells"];
  }
  if (week.down_s === 0) {
    return [week.coverage_percent === 100 ? "No" : "Not seen down",
      `up for ${roughly(week.up_s)} of ${
        roughly(week.business_s)} open time`];
  }
  if (dark) return ["Yes, all week", lostText(week)];
  return [`Yes, ${times(outages.length)}`, lostText(week)];
}

function whenText({ start, end, clipped, ongoing }, clock) {
  const from = `${clock.date(start)} ${clock.time(start, false)}`;
  if (ongoing) return `Since ${clipped ? "before this week" : from}`;
  if (clipped) return `Until ${clock.date(end)} ${clock.time(end, false)}`;
  const offset = clock.offset(start) === clock.offset(end)
    ? ""
    : ` ${clock.offsetName(start)}`;
  return `${from}${offset} to ${clock.beside(end, start, false)}`;
}

function when({ outages, status_now: now }, clock) {
  if (outages.length === 0) return ["\u2013", "no outage in this week"];
  const [most] = longest(outages, 1);
  const text = `${roughly(most.open_s)} of open time${
    most.ongoing ? `, and ${ongoingText(now).toLowerCase()}` : ""}`;
  return [whenText(most, clock), outages.length === 1
    ? text
    : `the longest of ${outages.length}: ${text}`];
}

function howSure({ counters: { week } }) {
  if (week.business_s === 0) return ["\u2013", "there was no open time"];
  return [`${percent(week.coverage_percent)} observed`,
    `availability between ${
      percent(week.availability_at_least_percent)} and ${
      percent(week.availability_at_most_percent)}`];
}

// Was it down, when, and is that true?
export function verdict({ store, clock }) {
  return make("dl", { className: "verdict" },
    answer("Was it down in the last 7 days?", ...wasDown(store)),
    answer("When?", ...when(store, clock)),
    answer("How sure is that?", ...howSure(store)));
}

function weeklyHours({ hours }) {
  const days = hours.week.map((windows, i) =>
    fact(DAY_NAMES[i], hours.source === "default"
      ? "all day"
      : hoursText(windows)));
  const special = hours.special.map(({ date, hours: windows }) =>
    fact(`${dateName(date)}, special`, hoursText(windows)));
  return make("details", { className: "off-paper" },
    make("summary", {}, "All opening hours"),
    make("dl", { className: "facts" }, ...days, ...special));
}

function zone({ timezone, timezone_source: source }) {
  return source === "given"
    ? timezone
    : `${timezone}, assumed: none was given`;
}

function asOfText({ as_of: asOf, newest_poll: newest }) {
  return asOf === newest ? `${utc(asOf)}, the newest poll` : utc(asOf);
}

function rulesText({ interpolation, reach }) {
  return `${INTERPOLATIONS[interpolation] ?? interpolation}, reach ${reach}`;
}

// A fact, and the sentences that explain it.
function told(name, value, notes = []) {
  return make("div", {}, make("dt", {}, name),
    make("dd", {}, make("span", { className: "value" }, ...value), ...notes));
}

export function facts({ store, clock, notes }) {
  const { today, as_of: asOf, last_poll: last } = store;
  const localTime = `${clock.date(asOf)} ${clock.time(asOf)}, ${
    clock.offsetName(asOf)}`;
  const source = make("span", { className: "quiet" },
    `, ${SOURCES[today.source]}`);
  return [
    make("dl", { className: "told-facts" },
      told("Local time", [localTime]),
      told("Last poll", [last === null ? "never polled" : clock.stamp(last)]),
      told("As of", [asOfText(store)]),
      told("Hours of today", [hoursText(today.hours), source],
        notes.beside("hours")),
      told("Time zone", [zone(store)], notes.beside("timezone")),
      told("Rules", [rulesText(store.rules)], notes.beside("rules"))),
    weeklyHours(store),
  ];
}
