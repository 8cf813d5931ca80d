// The reports page: what its parts are and how they hear of each other.

import { isReportId } from "../api.js";
import { ConnectionBanner } from "../banner.js";
import { Search } from "../store/search.js";
import { plural } from "../text.js";
import { TriggerForm } from "./form.js";
import { ReportList } from "./list.js";
import { Opener } from "./opener.js";
import { Picture } from "./picture.js";
import { State } from "./state.js";
import { ListView } from "./view.js";
import { Watch } from "./watch.js";

const TICK_MS = 100;
const AGE_MS = 30000;
const MALFORMED = "The link does not name a report: its id is malformed.";
const NEWS = {
  Complete: (answer) => `Report complete: ${plural(answer.rows, "store")}.`,
  Failed: (answer) => `Report failed: ${answer.error}`,
  Expired: (answer) => answer.error,
  Unknown: (answer) => answer.error,
};

const part = (id) => document.getElementById(id);
const list = new ReportList();
const watch = new Watch(list);
const state = new State();
const picture = new Picture(state);
const opener = new Opener(part("picture"), picture);
const view = new ListView(part("list"), part("empty"),
  { onRemove: remove, onOpen: (id) => state.set({ report: id, hour: null }) });
const troubled = new Set();
const banner = new ConnectionBanner(part("connection"), () => {
  watch.hurry();
  opener.loader.hurry();
});
const seen = new Map(list.entries.map(({ id, answer }) =>
  [id, answer?.status]));
// Triggered here, and to be shown once it is complete.
let awaitedId = null;

function say(text) {
  part("news").textContent = text;
}

// The report that the address names, else the newest that is complete.
function chosen() {
  const { report } = state.view;
  return report === null
    ? list.entries.find(({ answer }) => answer?.status === "Complete")
    : list.find(report);
}

function show() {
  const entry = chosen();
  view.show(list.entries, entry?.id);
  opener.show(entry);
}

function tellNews() {
  for (const { id, answer } of list.entries) {
    if (answer?.status === seen.get(id)) continue;
    seen.set(id, answer?.status);
    const news = NEWS[answer?.status];
    if (news) say(news(answer));
    if (id !== awaitedId || answer?.status !== "Complete") continue;
    awaitedId = null;
    if (state.view.report !== null) state.set({ report: id, hour: null });
  }
}

function remove(id) {
  const index = list.entries.findIndex((entry) => entry.id === id);
  if (state.view.report === id) state.set({ report: null, hour: null });
  list.remove(id);
  say("Removed from the list.");
  if (!view.focusAfter(index)) part("reports").focus();
}

function triggered(id) {
  awaitedId = id;
  list.add(id, Date.now());
  say("Report started.");
  watch.expect();
}

function linkMessage() {
  const { report } = state.view;
  if (report !== null && !isReportId(report)) return MALFORMED;
  if (state.ignored.length === 0) return "";
  return `Part of the link is malformed and is left out: ${
    state.ignored.join(", ")}.`;
}

// As the address says; a report that is not on the list comes onto it.
function follow() {
  const { report } = state.view;
  part("link-message").textContent = linkMessage();
  if (isReportId(report) && !list.find(report)) list.add(report, null);
  show();
  picture.follow();
}

for (const source of [watch, opener.loader]) {
  source.addEventListener("trouble", ({ detail }) => {
    troubled.add(source);
    banner.show(detail);
  });
  source.addEventListener("recovered", () => {
    troubled.delete(source);
    if (troubled.size === 0) banner.hide();
  });
}
list.addEventListener("change", () => {
  show();
  tellNews();
});
state.addEventListener("change", () => {
  follow();
  say(picture.news);
});
setInterval(() => view.tick(list.entries), TICK_MS);
setInterval(() => picture.tellAge(), AGE_MS);
new Search(part("find"));
new TriggerForm(part("trigger"), triggered);
follow();
if (state.view.report !== null) view.open(state.view.report);
watch.look();
