// The week of each store by the hour, as ID.strips.txt has it: a line a row,
// 168 letters and, behind a blank, 168 bits in hex digits.

import { Trouble } from "../api.js";

export const HOURS = 168;
const LINE = 212;
const BITS_AT = HOURS + 1;
const LOST = new Set([..."dmx"].map((letter) => letter.charCodeAt(0)));

function digit(code) {
  return code <= 57 ? code - 48 : code - 87;
}

export class Strips {
  #bytes;

  constructor(buffer, rows) {
    if (buffer.byteLength !== rows * LINE) {
      throw new Trouble("The strips of this report cannot be read.",
        { status: 200 });
    }
    this.#bytes = new Uint8Array(buffer);
  }

  // The letters of a row.
  letters(row) {
    const from = row * LINE;
    return String.fromCharCode(...this.#bytes.subarray(from, from + HOURS));
  }

  // Did it lose open time in this hour of the week, counted from its start?
  lostInHour(row, hour) {
    return LOST.has(this.#bytes[row * LINE + hour]);
  }

  // The same in an hour of its own clock; weekday 0 is Monday.
  lostAt(row, weekday, hour) {
    const bit = weekday * 24 + hour;
    const four = digit(this.#bytes[row * LINE + BITS_AT + (bit >> 2)]);
    return ((four >> (3 - (bit & 3))) & 1) === 1;
  }
}
