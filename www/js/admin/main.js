// The administration: what its parts are and how they hear of each other.
// The address names the import that is open, so that a reload, a link and the
// way back lead to it.  Everything else is the server's: the page keeps
// nothing that would be lost.

import { isReportId } from "/js/api.js";
import { ConnectionBanner } from "/js/banner.js";
import { Backoff } from "/js/retry.js";
import { ask } from "./ask.js";
import {
  cancelImport, confirmImport, listImports, recheckImport, undoImport,
} from "./calls.js";
import { Card } from "./card.js";
import { Follow } from "./follow.js";
import { ForgetForm } from "./forget.js";
import { History } from "./history.js";
import { Panel } from "./panel.js";
import { fileName, news, title } from "./words.js";

const LIST_MS = 15000;
const TRIES = 4;

const part = (id) => document.getElementById(id);
const calls = { onOpen: clicked, onTaken: taken, onUndo: undo };
const cards = [...document.querySelectorAll("[data-dataset]")]
  .map((place) => new Card(place, calls));
const history = new History(part("history"), part("no-history"), clicked);
const banner = new ConnectionBanner(part("connection"), hurry);
const panel = new Panel(part("import"), {
  onOpen: clicked,
  onRefused: hurry,
  confirm: (id, skipBad) => settle(() => confirmImport(id, skipBad)),
  cancel: (id) => settle(() => cancelImport(id)),
  recheck: (id) => settle(() => recheckImport(id)),
  askUndo: undo,
});
let openId = null;
let follow = null;
let lastState = null;
let list = { datasets: [], imports: [] };
let listTimer = 0;

function say(text) {
  part("news").textContent = text;
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

// Asks again where the answer may have been lost: the server does the same
// thing only once.
async function settle(action) {
  const backoff = new Backoff();
  for (let left = TRIES; ; left -= 1) {
    try {
      await action();
      break;
    } catch (trouble) {
      if (!trouble.passing || left <= 1) throw trouble;
      const waitMs = backoff.next(trouble.afterMs);
      panel.say(`${trouble.message} Trying again.`, "patient");
      await pause(waitMs);
    }
  }
  panel.say("", "");
  hurry();
}

function hurry() {
  follow?.hurry();
  refresh();
}

// --- the list: cards and history ------------------------------------------

function showList() {
  for (const card of cards) {
    const told = list.datasets.find(({ name }) => name === card.dataset);
    if (told) card.show(told, list.imports);
  }
  history.show(list.imports, openId);
}

async function refresh() {
  clearTimeout(listTimer);
  try {
    list = await listImports();
    showList();
    if (follow === null) banner.hide();
  } catch (trouble) {
    if (follow === null) {
      banner.show({ message: trouble.message, waitMs: LIST_MS });
    }
  }
  clearTimeout(listTimer);
  listTimer = setTimeout(refresh, LIST_MS);
}

// --- the import that is open ----------------------------------------------

function looked(upload) {
  const changed = upload.state !== lastState;
  panel.show(upload);
  if (!changed) return;
  if (lastState !== null) say(news(upload));
  lastState = upload.state;
  refresh();
}

function stopFollowing() {
  follow?.end();
  follow = null;
  banner.hide();
}

function open(id) {
  stopFollowing();
  openId = id;
  lastState = null;
  showList();
  if (id === null) {
    panel.close();
    return;
  }
  panel.open();
  if (!isReportId(id)) {
    panel.gone("The link does not name an import: its id is malformed.");
    return;
  }
  followImport(id);
}

function followImport(id) {
  const mine = new Follow(id);
  follow = mine;
  mine.addEventListener("look", ({ detail }) => looked(detail));
  mine.addEventListener("trouble", ({ detail }) => banner.show(detail));
  mine.addEventListener("recovered", () => banner.hide());
  mine.addEventListener("gone", ({ detail }) => panel.gone(detail.message));
  mine.run().finally(() => {
    if (follow === mine) follow = null;
  });
}

function visit(id) {
  const address = id === null ? "/admin/" : `/admin/?import=${id}`;
  window.history.pushState(null, "", address);
  open(id);
}

function clicked(event, id) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  visit(id);
  if (id === null) part("datasets").focus({ preventScroll: true });
}

function taken(id) {
  say("The file is uploaded and is being checked.");
  visit(id);
  // A small file is checked before it is looked at: that is news as well.
  lastState = "Checking";
  refresh();
}

// --- undo -----------------------------------------------------------------

async function undo(upload) {
  const { import_id: id, dataset } = upload;
  const name = fileName(upload);
  const rows = title(dataset).toLowerCase();
  const card = cards.find((one) => one.dataset === dataset);
  const sure = await ask(`Undo the import of ${name}?`,
    `The ${rows} that it replaced come back, and what it added goes.`,
    "Undo the import");
  if (!sure) return;
  try {
    await undoImport(id);
    card?.say(`The import of ${name} is undone.`, "patient");
    if (openId === id) open(id);
  } catch (trouble) {
    card?.say(trouble.message, "trouble");
  }
  refresh();
}

// --- the window -----------------------------------------------------------

// A file that misses the cards must not replace the page.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => event.preventDefault());
}
window.addEventListener("beforeunload", (event) => {
  if (cards.some((card) => card.isSending)) event.preventDefault();
});
window.addEventListener("popstate", () => open(linked()));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) hurry();
});

function linked() {
  return new URLSearchParams(location.search).get("import");
}

new ForgetForm(part("forget"), refresh);
if (linked() !== null) open(linked());
refresh();
