// The calls of the server that bring data in.  Each returns the server's JSON
// or throws a Trouble.

import { call, refusal, Trouble } from "/js/api.js";

const ROOT = "/admin/imports";

// How long an upload may make no headway before it is given up.
const STALLED_MS = 60000;

// What nginx says of a body, where it is not the program that answers.
const SENTENCES = new Map([
  [401, "The server wants the password again: reload the page."],
  [413, "The file is larger than this server takes."],
  [507, "The server's disk is full: the file was not kept."],
]);

export class Stopped extends Error {}

function post(path, parameters = {}) {
  return call(path, { method: "POST", body: new URLSearchParams(parameters) });
}

const one = (id) => `${ROOT}/${encodeURIComponent(id)}`;

export function listImports() {
  return call(ROOT);
}

export function getImport(id) {
  return call(one(id));
}

export function confirmImport(id, skipBad) {
  return post(`${one(id)}/confirm`, skipBad ? { skip_bad: "1" } : {});
}

export function cancelImport(id) {
  return post(`${one(id)}/cancel`);
}

export function recheckImport(id) {
  return post(`${one(id)}/recheck`);
}

export function undoImport(id) {
  return post(`${one(id)}/undo`);
}

export function forgetStore(id) {
  return post("/admin/stores/forget", { store_id: id });
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function settled(request) {
  const answer = answerOf(request);
  const ok = request.status >= 200 && request.status < 300;
  if (ok && typeof answer?.import_id === "string") return answer;
  const trouble = refusal(request.status,
    request.getResponseHeader("Retry-After"), answer);
  const sentence = SENTENCES.get(request.status);
  if (sentence) trouble.message = sentence;
  throw trouble;
}

// Sends a file as it is.  onProgress is told the bytes that are sent.
// Aborting the signal ends it with Stopped.
export function upload(dataset, file, { whole, onProgress, signal }) {
  const query = new URLSearchParams({ file: file.name });
  if (whole) query.set("whole", "1");
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const heed = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    const lost = () => reject(signal.aborted ? new Stopped() : new Trouble(
      "The connection was lost before the file was there."));
    request.upload.addEventListener("progress", (event) => {
      heed();
      onProgress(event.loaded);
    });
    for (const end of ["error", "abort"]) request.addEventListener(end, lost);
    request.addEventListener("loadend", () => clearTimeout(timer));
    request.addEventListener("load", () => {
      try {
        resolve(settled(request));
      } catch (trouble) {
        reject(trouble);
      }
    });
    signal.addEventListener("abort", () => request.abort());
    request.open("PUT", `${ROOT}/${dataset}?${query}`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "text/csv");
    heed();
    request.send(file);
  });
}
