// The reports page: what its parts are and how they hear of each other.

import { isReportId } from "./api.js";
import { ConnectionBanner } from "./banner.js";
import { TriggerForm } from "./form.js";
import { ReportList } from "./list.js";
import { plural } from "./text.js";
import { ListView } from "./view.js";
import { Watch } from "./watch.js";

const TICK_MS = 100;
const NEWS = {
  Complete: (answer) => `Report complete: ${plural(answer.rows, "store")}.`,
  Failed: (answer) => `Report failed: ${answer.error}`,
  Expired: (answer) => answer.error,
  Unknown: (answer) => answer.error,
};

const part = (id) => document.getElementById(id);
const list = new ReportList();
const watch = new Watch(list);
const view = new ListView(part("list"), part("empty"), remove);
const banner = new ConnectionBanner(part("connection"), () => watch.hurry());
const seen = new Map(list.entries.map(({ id, answer }) =>
  [id, answer?.status]));
let chosenId = new URLSearchParams(location.search).get("report");

function say(text) {
  part("news").textContent = text;
}

function show() {
  view.show(list.entries, chosenId);
  for (const { id, answer } of list.entries) {
    if (answer?.status === seen.get(id)) continue;
    seen.set(id, answer?.status);
    const news = NEWS[answer?.status];
    if (news) say(news(answer));
  }
}

function remove(id) {
  const index = list.entries.findIndex((entry) => entry.id === id);
  list.remove(id);
  say("Removed from the list.");
  if (!view.focusAfter(index)) part("reports").focus();
}

function triggered(id) {
  list.add(id, Date.now());
  say("Report started.");
  watch.expect();
}

function followLink() {
  if (chosenId === null) return;
  if (!isReportId(chosenId)) {
    part("link-message").textContent =
      "The link does not name a report: its id is malformed.";
    return;
  }
  if (!list.find(chosenId)) list.add(chosenId, null);
  view.open(chosenId);
}

list.addEventListener("change", show);
watch.addEventListener("trouble", ({ detail }) => banner.show(detail));
watch.addEventListener("recovered", () => banner.hide());
setInterval(() => view.tick(list.entries), TICK_MS);
new TriggerForm(part("trigger"), triggered);
show();
followLink();
watch.look();
