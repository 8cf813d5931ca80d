// TAP lines: cases run one after the other, each with a limit.

const LIMIT_MS = 300000;

let count = 0;
let failed = 0;

function limited(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("took too long")), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

export async function test(name, body) {
  count += 1;
  try {
    await limited(body());
    console.log(`ok ${count} - ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${count} - ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, "# "));
  }
}

// A case that cannot be run here, and says so.
export function skip(name, why) {
  count += 1;
  console.log(`ok ${count} - ${name} # SKIP ${why}`);
}

// A remark, like a figure that was measured.
export function note(text) {
  console.log(`# ${text}`);
}

export function done() {
  console.log(`1..${count}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
