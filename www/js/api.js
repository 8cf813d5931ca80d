// The calls of the server.  Each returns what the server answered or throws
// a Trouble.

const LIMIT_MS = 15000;
const FILE_MS = 60000;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// Statuses after which the same call may go through a little later.
const PASSING = new Set([429, 502, 503, 504]);

// Why a call did not do what it was asked, in words for people.
// passing: worth another try; afterMs: not before that.
export class Trouble extends Error {
  constructor(message, { status = 0, code = "", afterMs = 0 } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.afterMs = afterMs;
    this.passing = status === 0 || PASSING.has(status);
  }
}

export function isReportId(text) {
  return ID.test(text);
}

export function triggerReport(parameters) {
  return call("/trigger_report", {
    method: "POST",
    body: new URLSearchParams(parameters),
  });
}

export function getReport(id) {
  return call(`/get_report?report_id=${encodeURIComponent(id)}`);
}

// Asks for a path; for the other pages as well.
export async function call(path, options = {}) {
  let response;
  let answer;
  try {
    response = await fetch(path, {
      ...options,
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    answer = await response.json().catch((error) => {
      if (error instanceof SyntaxError) return null;
      throw error;
    });
  } catch {
    throw new Trouble("The server does not answer.");
  }
  if (response.ok && answer !== null) return answer;
  throw refusal(response.status, response.headers.get("Retry-After"), answer);
}

// Asks for a file of the spool, which never changes; read is the name of the
// response's method that reads it: "json", "text", "arrayBuffer".
export async function getFile(path, read) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(FILE_MS) });
    if (response.ok) return await response[read]();
  } catch {
    throw new Trouble("The server does not answer.");
  }
  const answer = await response.json().catch(() => null);
  throw refusal(response.status, response.headers.get("Retry-After"), answer);
}

// The trouble that an answer tells of, which may be null.
export function refusal(status, retryAfter, answer) {
  const seconds = Number(retryAfter) || 0;
  const said = answer?.error?.message;
  return new Trouble(
    typeof said === "string"
      ? said
      : `The server gave an answer that says nothing (${status}).`,
    {
      status,
      code: String(answer?.error?.code ?? ""),
      afterMs: seconds * 1000,
    },
  );
}
