// The answer of GET /stores?id= as values: instants become microseconds since
// the epoch, which a number holds exactly.  What is not as it should be makes
// the whole answer damaged: a picture that is half true is worse than none.

import { Trouble } from "/js/api.js";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3})(\d{3})Z$/;
const TIME = /^(\d\d):(\d\d):(\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

class Damaged extends Trouble {
  constructor(path) {
    super(`The server's answer is damaged (at ${path}).`,
      { status: 200, code: "damaged" });
  }
}

// A reader takes (value, path) and returns what it reads there, or throws.

function check(isGood) {
  return (value, path) => {
    if (!isGood(value)) throw new Damaged(path);
    return value;
  };
}

const text = check((value) => typeof value === "string");
const flag = check((value) => typeof value === "boolean");
const number = check((value) => Number.isFinite(value));
const whole = check((value) => Number.isSafeInteger(value));
const seconds = check((value) => Number.isFinite(value) && value >= 0);
const percent = check((value) =>
  typeof value === "number" && value >= 0 && value <= 100);
const date = check((value) => DATE.test(value));
const oneOf = (...words) => check((value) => words.includes(value));
const maybe = (reader) => (value, path) =>
  value === null ? null : reader(value, path);

function instant(value, path) {
  const match = typeof value === "string" ? INSTANT.exec(value) : null;
  const ms = match ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) throw new Damaged(path);
  return ms * 1000 + Number(match[2]);
}

// "09:30:00" as "09:30": seconds only where there are any.
function time(value, path) {
  if (!TIME.test(value)) throw new Damaged(path);
  return value.replace(/:00$/, "");
}

function list(reader, least = 0, most = Infinity) {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < least ||
      value.length > most) throw new Damaged(path);
    return value.map((item, i) => reader(item, `${path}[${i}]`));
  };
}

function object(readers) {
  return (value, path) => {
    if (value === null || typeof value !== "object") throw new Damaged(path);
    return Object.fromEntries(Object.entries(readers).map(([name, reader]) =>
      [name, reader(value[name], path === "" ? name : `${path}.${name}`)]));
  };
}

// An object with a start and an end, in that order.
function span(readers) {
  const read = object({ start: instant, end: instant, ...readers });
  return (value, path) => {
    const result = read(value, path);
    if (result.end < result.start) throw new Damaged(path);
    return result;
  };
}

const source = oneOf("weekly", "special", "default");
const windows = list(object({ start: time, end: time }));

const counters = object({
  business_s: seconds,
  up_s: seconds,
  down_s: seconds,
  unknown_s: seconds,
  observed_up_s: seconds,
  observed_down_s: seconds,
  availability_percent: maybe(percent),
  availability_at_least_percent: maybe(percent),
  availability_at_most_percent: maybe(percent),
  coverage_percent: maybe(percent),
});

const outage = span({
  open_s: seconds,
  ongoing: flag,
  clipped: flag,
  start_edge: object({ after: maybe(instant), by: maybe(instant) }),
  end_edge: object({ after: maybe(instant), by: maybe(instant) }),
});

const store = object({
  store_id: text,
  as_of: instant,
  newest_poll: maybe(instant),
  revision: number,
  tzdata: text,
  rules: object({ interpolation: text, reach: text, observed_gap: text }),
  timezone: text,
  timezone_source: oneOf("given", "default"),
  offsets: list(object({ from: instant, offset_s: whole }), 1),
  hours: object({
    source,
    week: list(windows, 7, 7),
    special: list(object({ date, hours: windows })),
  }),
  today: object({ date, source, hours: windows }),
  dates: list(span({ date, source }), 1, 16),
  shifts: list(span({})),
  polls: list(object({
    at: instant,
    status: oneOf("active", "inactive"),
    in_hours: flag,
  })),
  segments: list(span({
    status: oneOf("up", "down", "unknown"),
    observed: flag,
    poll: maybe(instant),
  })),
  counters: object({ hour: counters, day: counters, week: counters }),
  status_now: oneOf("up", "down", "closed", "stale", "unknown"),
  status_since: maybe(instant),
  status_poll: maybe(instant),
  last_poll: maybe(instant),
  dark: flag,
  outages: list(outage),
  longest_outage_s: seconds,
  explanations: list(object({
    figure: text, title: text, value: text, text,
  })),
});

export function readStore(answer) {
  return store(answer, "");
}

// What a search found: {stores, more}.
export const readFound = (answer) =>
  object({ stores: list(text), more: flag })(answer, "");
