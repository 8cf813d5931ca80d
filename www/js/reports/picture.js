// The picture of one report: hands its figures to the parts, and has the parts
// follow what is looked at.

import { count, plural } from "../text.js";
import { FilterBar } from "./filter_bar.js";
import { FleetStrip } from "./fleet_strip.js";
import { FleetTable } from "./fleet_table.js";
import { foldable } from "./fold.js";
import { HeatMap } from "./heat_map.js";
import { Histogram } from "./histogram.js";
import { Pager, pages, ROWS } from "./pager.js";
import { selectRows, sortRows } from "./rows.js";
import { FILTERS } from "./state.js";
import { oldWarning, statusLine } from "./status_line.js";
import { StoreTable } from "./table.js";
import { RowsDownload, Search, SortMenu } from "./table_tools.js";
import { Tiles } from "./tiles.js";

const part = (id) => document.getElementById(id);

// What the rows depend on, as a text to compare.
function rowsKey(view, strips) {
  const names = [...FILTERS, "aside", "sort", "order"];
  return JSON.stringify([names.map((name) => view[name]), strips !== null]);
}

function needsStrips({ local, hour }) {
  return local !== null || hour !== null;
}

export class Picture {
  #state;
  #parts;
  #data = null;
  #strips = null;
  #rowsKey = "";
  #found = null;
  #aside = null;

  constructor(state) {
    this.#state = state;
    const choose = (name) => (value) => state.set({ [name]: value });
    const sort = (key, order) => state.set({ sort: key, order });
    this.#parts = {
      tiles: new Tiles(part("tiles"), choose("show")),
      strip: new FleetStrip(part("fleet-strip"), choose("hour")),
      histogram: new Histogram(part("histogram"), choose("share")),
      heat: new HeatMap(part("heat"), choose("local")),
      fleet: new FleetTable(part("fleet")),
      bar: new FilterBar(part("bar"), state),
      search: new Search(part("filter-id"), state),
      menu: new SortMenu(part("sort-menu"), sort),
      table: new StoreTable(part("table"), sort),
      pager: new Pager(part("pager"), (page) => this.#turn(page)),
      download: new RowsDownload(part("download-rows"),
        part("download-message")),
    };
    foldable(part("fold"), part("pictures"), "pictures");
    part("to-table").addEventListener("click", () => {
      part("stores").scrollIntoView({ block: "start" });
      part("stores").focus({ preventScroll: true });
    });
    part("no-rows").querySelector("button").addEventListener("click", () =>
      state.clear());
  }

  // data: {id, answer, summary, stores} of a complete report.
  open(data) {
    const { id, summary, stores } = data;
    this.#data = data;
    this.#state.shownId = id;
    this.#strips = null;
    this.#rowsKey = "";
    this.#aside = null;
    part("stands-on").replaceChildren(...statusLine(summary));
    this.tellAge();
    part("listed").textContent = stores.complete
      ? ""
      : `The table lists the ${plural(stores.length, "store")} that lost the ` +
        `most open time, of ${count(stores.total)}; the report CSV has all.`;
    this.#parts.tiles.show(summary, stores);
    this.#parts.fleet.show(summary);
    this.#parts.histogram.show(summary);
    this.follow();
  }

  // The weeks of the stores, which come a little later.
  addStrips(strips) {
    this.#strips = strips;
    this.#rowsKey = "";
    this.follow();
  }

  // Says so where the newest poll has become old, also while it is shown.
  tellAge() {
    if (this.#data === null) return;
    const text = oldWarning(this.#data.summary);
    // Said once, not each time it is looked at.
    if (part("old").textContent !== text) part("old").textContent = text;
  }

  // As the address says.
  follow() {
    if (this.#data === null) return;
    const { view } = this.#state;
    this.#drawSums(view);
    for (const one of ["tiles", "strip", "histogram", "heat"]) {
      this.#parts[one].press(view);
    }
    this.#select(view);
    this.#parts.bar.show({ ...this.#data, found: this.#found, view });
    this.#parts.search.show(view);
    this.#parts.menu.show(view);
    this.#drawRows(view);
  }

  // How many rows are listed, for those who do not see it.
  get news() {
    return this.#found === null
      ? ""
      : `${plural(this.#found.rows.length, "store")} listed.`;
  }

  #drawSums({ aside }) {
    if (aside === this.#aside) return;
    this.#aside = aside;
    const { summary } = this.#data;
    const lost = summary.lost_by_local_hour;
    const withoutDark = aside === "yes";
    this.#parts.fleet.emphasize(withoutDark);
    this.#parts.strip.show(summary, withoutDark);
    this.#parts.heat.show(withoutDark ? lost.without_dark : lost.all);
  }

  #select(view) {
    const key = rowsKey(view, this.#strips);
    if (key === this.#rowsKey) return;
    const { id, answer, stores } = this.#data;
    this.#rowsKey = key;
    this.#found = selectRows(stores, this.#strips, view);
    sortRows(stores, this.#found.rows, view);
    this.#parts.download.show({
      path: answer.report,
      name: `${id}.rows.csv`,
      rows: Array.from(this.#found.rows, (row) => stores.csvRow(row)),
    });
  }

  #drawRows(view) {
    const { rows } = this.#found;
    const page = Math.min(view.page, pages(rows.length));
    this.#parts.table.show({
      stores: this.#data.stores,
      report: this.#data.summary,
      strips: this.#strips,
      rows: rows.subarray((page - 1) * ROWS, page * ROWS),
      view,
    });
    this.#parts.pager.show(rows.length, page);
    part("table").ariaBusy = String(needsStrips(view) && !this.#strips);
    part("table").hidden = rows.length === 0;
    part("pager").hidden = rows.length <= ROWS;
    part("no-rows").hidden = rows.length > 0;
  }

  #turn(page) {
    this.#state.set({ page });
    const place = part("stores");
    if (place.getBoundingClientRect().top < 0) place.scrollIntoView();
  }
}
