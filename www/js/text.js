// Values as people read them.

const number = new Intl.NumberFormat("en-US");

export function count(n) {
  return number.format(n);
}

// "1 store", "14,226 stores"
export function plural(n, word) {
  return `${count(n)} ${word}${n === 1 ? "" : "s"}`;
}

export function size(bytes) {
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let i = 0;
  while (value >= 999.5 && i < units.length - 1) {
    value /= 1000;
    i += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[i]}`;
}

export function duration(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return `${s.toFixed(s < 1 ? 2 : 1)} s`;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

// "2023-01-25T18:13:22.479220Z" as "2023-01-25 18:13:22.479220 UTC", a
// fraction of zeros left out.
export function instant(rfc3339) {
  return `${rfc3339.replace("T", " ").replace(/(\.0+)?Z$/, "")} UTC`;
}

// A moment of this browser's clock, in its zone.
export function moment(ms, now = Date.now()) {
  const two = (n) => String(n).padStart(2, "0");
  const t = new Date(ms);
  const day = (d) =>
    `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const clock = [t.getHours(), t.getMinutes(), t.getSeconds()].map(two);
  const date = day(t) === day(new Date(now)) ? "today" : day(t);
  return `${date} ${clock.join(":")}`;
}

// Hundredths of a percent as "97.31 %"; a dash for null.
export function share(hundredths) {
  if (hundredths === null) return "\u2013";
  return `${(hundredths / 100).toFixed(2)}\u00A0%`;
}

// Whole seconds as a time that something took: "45 s", "59 min", "2 h 05 min"
export function span(seconds) {
  if (seconds > 0 && seconds < 60) return `${seconds}\u00A0s`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}\u00A0min`;
  const rest = String(minutes % 60).padStart(2, "0");
  return `${count(hours)}\u00A0h ${rest}\u00A0min`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
  "Oct", "Nov", "Dec"];

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

// A moment in UTC, short: "25 Jan 14:02"
export function shortUtc(ms) {
  const t = new Date(ms);
  const clock = t.toISOString().slice(11, 16);
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${clock}`;
}

// Its day in UTC: "Wed 25 Jan"
export function dayUtc(ms) {
  const t = new Date(ms);
  const day = `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]}`;
  return `${WEEKDAYS[t.getUTCDay()]} ${day}`;
}
