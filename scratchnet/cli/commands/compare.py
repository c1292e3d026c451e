"""Compare runs side by side, in a table or an HTML report.

Runs that differ only in their seed share a row, with the mean and the standard deviation. Of two
runs, it also tells which test images only one of them gets right.
"""

import argparse
import sys
from pathlib import Path

from scratchnet.cli.run_paths import add_paths, add_where, chosen, print_skipped
from scratchnet.compare import comparable, html, notes, pairs, ranking, writing
from scratchnet.compare.groups import Group, group
from scratchnet.compare.payload import View, payload
from scratchnet.compare.table import Column, columns, sort
from scratchnet.errors import UserError
from scratchnet.runs.load import read_runs
from scratchnet.system import output
from scratchnet.system.text import printable

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


def run(arguments: argparse.Namespace) -> None:
    """Print the table on standard output, and remarks about it on standard error."""
    if arguments.html:
        output.check(arguments.html)
    runs, skipped = read_runs(arguments.paths)
    print_skipped(skipped)
    if not runs:
        raise UserError(f"{', '.join(arguments.paths)}: no runs to compare")
    groups = group(chosen(runs, arguments.where), by_seed=not arguments.each)
    objective = ranking.objective(groups)
    by = arguments.sort or objective or "label"
    groups = sort(groups, by, arguments.reverse)
    (sorted_by,) = columns(groups, [by])
    ranked_by = sorted_by.name if sorted_by.is_result else objective
    names = arguments.columns.split(",") if arguments.columns else None
    table = columns(groups, names, ranked_by)
    remarks = _remarks(groups, ranked_by)
    for note in remarks:
        print(printable(note.text), file=sys.stderr)
    if arguments.html:
        shown = [column.name for column in table] if names else None
        view = View(shown, ranked_by, sorted_by.name, arguments.reverse)
        html.write(arguments.html, payload(groups, remarks, skipped, arguments.html, view))
        print(printable(str(arguments.html)))
    else:
        _print(table, arguments)


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
