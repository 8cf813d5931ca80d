// The stores of a report, a column an array, as ID.stores.json has them; rows
// are in byte order of the id.

import { Trouble } from "../api.js";

const UNREADABLE = "The table of this report cannot be read.";

// Columns that are numbers or null.
const NUMBERS = ["since", "last_poll", "hour_availability",
  "day_availability", "week_availability", "hour_lost", "day_lost",
  "week_lost", "week_open", "longest_outage", "outages", "coverage"];
const PLAIN = ["id", "zone", "zone_given", "now", "dark"];

// What needs a look first.
const URGENCY = ["down", "stale", "unknown", "up", "closed"];

export class Stores {
  #json;
  #columns;
  #keys = new Map();

  constructor(json) {
    const columns = json?.columns;
    const length = json?.listed;
    for (const name of [...NUMBERS, ...PLAIN]) {
      if (columns?.[name]?.length !== length) throw new Trouble(UNREADABLE,
        { status: 200 });
    }
    this.#json = json;
    this.#columns = columns;
  }

  // How many rows there are here, and how many stores the report has.
  get length() {
    return this.#json.listed;
  }

  get total() {
    return this.#json.stores;
  }

  get complete() {
    return this.#json.complete;
  }

  get asOfMs() {
    return Date.parse(this.#json.as_of);
  }

  id(row) {
    return this.#columns.id[row];
  }

  zone(row) {
    return this.#json.zones[this.#columns.zone[row]];
  }

  zoneGiven(row) {
    return this.#columns.zone_given[row] === 1;
  }

  now(row) {
    return this.#json.status_names[this.#columns.now[row]];
  }

  isDark(row) {
    return this.#columns.dark[row] === 1;
  }

  isNeverPolled(row) {
    return this.#columns.last_poll[row] === null;
  }

  // A number of the row, or null.
  number(name, row) {
    return this.#columns[name][row];
  }

  // Which row of the report's CSV it is, from 0.
  csvRow(row) {
    return this.#columns.row?.[row] ?? row;
  }

  // What rows are sorted by: numbers, NaN where there is nothing.
  keys(name) {
    if (!this.#keys.has(name)) this.#keys.set(name, this.#makeKeys(name));
    return this.#keys.get(name);
  }

  #makeKeys(name) {
    const { id, now, zone } = this.#columns;
    if (name === "id") return Float64Array.from(id.keys());
    if (name === "zone") return Float64Array.from(zone);
    if (name === "now") {
      const ranks = this.#json.status_names.map((one) =>
        URGENCY.indexOf(one));
      return Float64Array.from(now, (status) => ranks[status]);
    }
    return Float64Array.from(this.#columns[name],
      (value) => (value === null ? NaN : value));
  }
}
