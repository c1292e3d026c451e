"""Compare runs side by side, in a table or an HTML report.

Runs that differ only in their seed share a row, with the mean and the standard deviation. Of two
runs, it also tells which test images only one of them gets right.

--json prints a list with an object per row, best first: the settings that differ, by their dotted
names; `vs_best` (best, ~ if it cannot be told from the best, ? if that is unknown, or empty);
results as numbers between 0 and 1, nats or seconds, with `<name>_std` beside those over several
seeds; `n`, the runs that completed; `status`; `folder`, a list of paths; `reason`, if a run did
not complete. --columns chooses others. --csv has the same columns.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scratchnet.cli.run_paths import add_paths, add_where, chosen, print_skipped
from scratchnet.compare import comparable, html, notes, pairs, ranking, writing
from scratchnet.compare.groups import Group, group
from scratchnet.compare.payload import View, payload
from scratchnet.compare.table import Column, columns, sort
from scratchnet.errors import UserError
from scratchnet.runs.load import Skipped, read_runs
from scratchnet.system import interrupts, output
from scratchnet.system.text import printable

WATCHED = "compare.html"
RELOAD = 10  # seconds between two looks of the page at its file
PAUSE, INTERVAL = 3.0, 0.1  # seconds between two looks at the runs, and at the signals
HELP = "compare runs side by side: a table, CSV, Markdown, JSON, or an HTML report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `compare`."""
    add_paths(parser)
    add_where(parser)
    parser.add_argument("--columns", metavar="NAME,...", help="the settings and results to show")
    parser.add_argument(
        "--sort", metavar="NAME", help="the setting or result to sort by, best first"
    )
    parser.add_argument("--reverse", action="store_true", help="reverse the order")
    parser.add_argument(
        "--each", action="store_true", help="one row per run: do not average over seeds"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--markdown", action="store_true", help="print a Markdown table")
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--html", type=Path, metavar="FILE", help="write an HTML report")
    parser.add_argument(
        "--watch",
        action="store_true",
        help=f"keep an HTML report up to date as runs proceed (--html, or else {WATCHED})",
    )


def run(arguments: argparse.Namespace) -> None:
    """Print the table on standard output, and remarks about it on standard error."""
    if arguments.watch:
        if arguments.csv or arguments.markdown or arguments.json:
            raise UserError("--watch: keeps an HTML report up to date; leave the other form out")
        arguments.html = arguments.html or Path(WATCHED)
    if arguments.html:
        output.check(arguments.html)
    if arguments.watch:
        _watch(arguments)
        return
    compared = _compare(arguments)
    print_skipped(compared.skipped)
    for note in compared.remarks:
        print(printable(note.text), file=sys.stderr)
    if arguments.html:
        html.write(arguments.html, compared.page())
        print(printable(str(arguments.html)))
    else:
        _print(compared.table, arguments)


@dataclass
class Comparison:
    """The runs that were asked for, in groups and in order, and what to know about them."""

    arguments: argparse.Namespace
    groups: list[Group]
    skipped: list[Skipped]
    remarks: list[notes.Note]
    table: list[Column]
    ranked_by: str | None  # the result that ranks them
    sorted_by: str

    def page(self, reload: int | None = None) -> dict[str, Any]:
        """The values of the HTML report."""
        shown = [column.name for column in self.table] if self.arguments.columns else None
        view = View(shown, self.ranked_by, self.sorted_by, self.arguments.reverse, reload)
        return payload(self.groups, self.remarks, self.skipped, self.arguments.html, view)


def _compare(arguments: argparse.Namespace) -> Comparison:
    """Read the runs and compare them. Raises UserError if there are none."""
    runs, skipped = read_runs(arguments.paths)
    if not runs:
        print_skipped(skipped)
        raise UserError(f"{', '.join(arguments.paths)}: no runs to compare")
    groups = group(chosen(runs, arguments.where), by_seed=not arguments.each)
    objective = ranking.objective(groups)
    by = arguments.sort or objective or "label"
    groups = sort(groups, by, arguments.reverse)
    (sorted_by,) = columns(groups, [by])
    ranked_by = sorted_by.name if sorted_by.is_result else objective
    table = columns(groups, arguments.columns.split(",") if arguments.columns else None, ranked_by)
    remarks = _remarks(groups, ranked_by)
    return Comparison(arguments, groups, skipped, remarks, table, ranked_by, sorted_by.name)


def _watch(arguments: argparse.Namespace) -> None:
    """Write the page whenever the runs have changed, until the user ends it."""
    written = None
    with interrupts.deferred():  # the page is always whole
        print(f"{printable(str(arguments.html))}: kept up to date until Ctrl-C", flush=True)
        while True:
            compared = _compare(arguments)
            values = compared.page(RELOAD)
            if values | {"made": None} != written:
                html.write(arguments.html, values)
                written = values | {"made": None}
            for _ in range(round(PAUSE / INTERVAL)):
                time.sleep(INTERVAL)
                if interrupts.stop_requested():
                    html.write(arguments.html, compared.page())  # it no longer reloads itself
                    interrupts.work_is_over()
                    return


def _remarks(groups: list[Group], ranked_by: str | None) -> list[notes.Note]:
    """What to know before reading the table, the gravest first."""
    return [
        *comparable.warnings(groups),
        *notes.selection(groups),
        *notes.not_completed(groups),
        *notes.repeated(groups),
        *notes.undecided(groups, ranked_by),
        *notes.resolution(groups),
        *pairs.notes(groups),
    ]


def _print(table: list[Column], arguments: argparse.Namespace) -> None:
    if arguments.csv:
        print(writing.to_csv(table), end="")
    elif arguments.markdown:
        print(writing.markdown(table), end="")
    elif arguments.json:
        print(writing.to_json(table), end="")
    else:
        writing.print_table(table)
