"""The bench's figures as a Markdown table, each with its bar."""
import datetime
import json
import os
import platform

MARKS = ("<!-- bench: begin -->", "<!-- bench: end -->")

# figure, unit, format, bar ("<=" or ">=", value), what DuckDB needs for it
ROWS = (
    ("load three files, wall", "s", "%.2f", "load.wall_s", ("<=", 0.8),
     "duckdb_load.wall_s"),
    ("load, processor", "s", "%.2f", "load.cpu_s", None,
     "duckdb_load.cpu_s"),
    ("load, peak memory of a process", "MB", "%.0f", "load.peak_mb",
     ("<=", 200), "duckdb_load.peak_mb"),
    ("state on disk after it, WAL included", "MB", "%.1f", "state_mb",
     ("<=", 16), "duckdb_mb"),
    ("report, wall", "s", "%.3f", "report.wall_s", ("<=", 0.10),
     "duckdb_report.wall_s"),
    ("report, processor", "s", "%.3f", "report.cpu_s", None,
     "duckdb_report.cpu_s"),
    ("report, peak memory", "MB", "%.0f", "report.peak_mb", ("<=", 48),
     "duckdb_report.peak_mb"),
    ("report and detail, wall", "s", "%.3f", "report_detail.wall_s",
     ("<=", 0.10), None),
    ("report and detail, peak memory", "MB", "%.0f", "report_detail.peak_mb",
     ("<=", 48), None),
    ("report with all its files, wall", "s", "%.3f", "report_all.wall_s",
     None, None),
    ("report with all its files, processor", "s", "%.3f", "report_all.cpu_s",
     None, None),
    ("report with all its files, peak memory", "MB", "%.0f",
     "report_all.peak_mb", ("<=", 48), None),
    ("its table of stores, gzipped", "KB", "%.0f", "table_kb", ("<=", 700),
     None),
    ("`/trigger_report` to Complete", "s", "%.3f", "complete_s",
     ("<=", 0.5), None),
    ("`/get_report`, 16 connections", "requests/s", "%.0f", "rate",
     (">=", 10000), None),
    ("the same, p99", "ms", "%.2f", "p99_ms", ("<=", 10), None),
    ("the same, errors", "", "%d", "errors", ("<=", 0), None),
    ("`/stores?id=`, 16 connections", "requests/s", "%.0f", "stores_rate",
     None, None),
    ("the same, p99", "ms", "%.2f", "stores_p99_ms", ("<=", 20), None),
    ("the same, errors", "", "%d", "stores_errors", ("<=", 0), None),
    ("upload of 200 MB, last byte to 202", "ms", "%.0f", "taken_ms",
     ("<=", 50), None),
    ("..., memory that the program gains", "MB", "%.1f", "gained_mb",
     ("<=", 1), None),
    ("upload of the polls, 202 to the preview", "s", "%.2f", "check_s",
     ("<=", 2), None),
    ("..., confirm to Imported", "s", "%.2f", "confirm_s", ("<=", 2), None),
    ("..., peak memory of the worker", "MB", "%.0f", "import_mb",
     ("<=", 200), None),
    ("ten times the stores, report and detail, wall", "s", "%.2f",
     "big_report.wall_s", None, None),
    ("... as a multiple", "x", "%.1f", "ratio.wall_s", ("<=", 10), None),
    ("... peak memory", "MB", "%.0f", "big_report.peak_mb", None, None),
    ("... as a multiple", "x", "%.1f", "ratio.peak_mb", ("<=", 2), None),
    ("... load, wall", "s", "%.1f", "big_load.wall_s", None, None),
    ("... state on disk", "MB", "%.0f", "big_mb", None, None),
)


def inside_s(output):
    """The seconds that duckdb.mjs says DuckDB took."""
    return json.loads(output)["inside_s"]


def lookup(figures, path):
    name, _, part = path.partition(".")
    return getattr(figures[name], part) if part else figures[name]


def met(value, bar):
    if bar is None:
        return ""
    sign, limit = bar
    return "yes" if (value <= limit if sign == "<=" else value >= limit) \
        else "**no**"


def line(figures, row):
    name, unit, shape, path, bar, theirs = row
    value = lookup(figures, path)
    unit = " " + unit if unit else ""
    return "| %s | %s | %s | %s | %s |" % (
        name, shape % value + unit,
        "%s %g%s" % (*bar, unit) if bar else "", met(value, bar),
        shape % lookup(figures, theirs) + unit if theirs else "")


class Ratio:
    """The big report's cost over the small one's."""

    def __init__(self, big, small):
        self.wall_s = big.wall_s / small.wall_s
        self.peak_mb = big.peak_mb / small.peak_mb


def machine():
    """One line about the machine."""
    model, memory_gb = "unknown processor", 0
    with open("/proc/cpuinfo") as info:
        for text in info:
            if text.startswith("model name"):
                model = text.split(":")[1].strip()
                break
    with open("/proc/meminfo") as info:
        memory_gb = int(info.readline().split()[1]) / 1e6
    return "%d cores of %s, %.0f GB memory, Linux %s" % (
        len(os.sched_getaffinity(0)), model, memory_gb, platform.release())


def busy():
    """How busy the machine is with other things, for the reader to judge."""
    return "%.1f" % os.getloadavg()[0]


def text(figures):
    """The whole part between the markers."""
    figures = dict(figures, ratio=Ratio(figures["big_report"],
                                        figures["small_report"]))
    lines = [
        "%s. %s. Load average before the run: %s." % (
            datetime.date.today().isoformat(), machine(),
            figures["busy"]), "",
        "Input: %s polls, %s stores (%s). Median of %d rounds." % (
            format(figures["polls"], ","), format(figures["stores"], ","),
            "the real hours and zones" if figures["origin"] == "real"
            else "`storemon sample`", figures["rounds"]), "",
        "| figure | storemon | bar | met | DuckDB |",
        "|---|---|---|---|---|"]
    lines += [line(figures, row) for row in ROWS]
    lines += [
        "", "DuckDB's report and ours agree to the last digit in %s of %s "
        "rows." % (format(figures["agree"], ","),
                   format(figures["rows"], ",")),
        "node with DuckDB loaded and idle: %.0f MB, %.2f s of processor." % (
            figures["duckdb_idle"].peak_mb, figures["duckdb_idle"].cpu_s)]
    return "\n".join(lines)


def write(path, part, marks=MARKS):
    """Replace what is between the markers of the file at path."""
    begin, end = marks
    with open(path) as file:
        whole = file.read()
    before, rest = whole.split(begin)
    after = rest.split(end)[1]
    half = str(path) + ".tmp"
    with open(half, "w") as file:
        file.write(before + begin + "\n" + part + "\n" + end + after)
    os.replace(half, path)
