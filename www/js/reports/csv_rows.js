// Some lines of a report's CSV, the bytes of each as they are.

const LF = 10;

// Where each line begins, and the end of the last.  No line of a report has a
// line feed in it: an id may not.
function lineStarts(bytes) {
  const starts = [0];
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

// The header and these rows, numbered from 0, in this order.
export function pickRows(buffer, rows) {
  const bytes = new Uint8Array(buffer);
  const starts = lineStarts(bytes);
  const line = (i) => bytes.subarray(starts[i], starts[i + 1]);
  return new Blob([line(0), ...Array.from(rows, (row) => line(row + 1))],
    { type: "text/csv" });
}

// Hands a file over to whoever sits there.
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read it once this task is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
