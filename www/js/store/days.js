// The week cut at the store's midnights: what each local date holds of the
// opening hours, of the stretches with one status, and of the polls.

import { HOUR, SECOND } from "./clock.js";

const STATUSES = ["up", "down", "unknown"];

// The parts of spans that lie in a date; whole is the span itself.
function cut(spans, { start, end }) {
  return spans.filter((span) => span.start < end && span.end > start)
    .map((span) => ({
      ...span,
      start: Math.max(span.start, start),
      end: Math.min(span.end, end),
      whole: span,
    }));
}

// Neighbouring stretches of down as one.
function outagesOf(stretches) {
  const runs = [];
  for (const { status, start, end } of stretches) {
    if (status !== "down") continue;
    if (runs.at(-1)?.end === start) runs.at(-1).end = end;
    else runs.push({ start, end });
  }
  return runs;
}

function totals(stretches) {
  return Object.fromEntries(STATUSES.map((status) => [status,
    stretches.filter((stretch) => stretch.status === status)
      .reduce((sum, { start, end }) => sum + end - start, 0) / SECOND]));
}

// Polls that come in the order of time, by date.
function sortPolls(polls, dates) {
  const sorted = dates.map(() => []);
  let i = 0;
  for (const poll of polls) {
    while (i < dates.length - 1 && poll.at >= dates[i].end) i += 1;
    sorted[i].push(poll);
  }
  return sorted;
}

// [{date, start, end, source, length (hours), shifts, stretches, outages,
// polls, seconds: {up, down, unknown}}]
export function daysOf(store) {
  const polls = sortPolls(store.polls, store.dates);
  return store.dates.map((date, i) => {
    const stretches = cut(store.segments, date);
    return {
      ...date,
      length: (date.end - date.start) / HOUR,
      shifts: cut(store.shifts, date),
      stretches,
      outages: outagesOf(stretches),
      polls: polls[i],
      seconds: totals(stretches),
    };
  });
}
