"""Compare runs side by side, in a table or an HTML report.

Runs that differ only in their seed share a row, with the mean and the standard deviation.
"""

import argparse
import sys
from pathlib import Path

from scratchnet.cli.run_paths import add_paths, print_skipped
from scratchnet.compare import comparable, html, writing
from scratchnet.compare.groups import Group, group
from scratchnet.compare.payload import View, payload
from scratchnet.compare.table import Column, columns, sort
from scratchnet.compare.where import parse
from scratchnet.errors import UserError
from scratchnet.reports.terminal import console_for
from scratchnet.runs.load import Run, read_runs
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

HELP = "compare runs side by side: a table, CSV, Markdown, JSON, or an HTML report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `compare`."""
    add_paths(parser)
    parser.add_argument(
        "--where",
        "-w",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only runs that meet it, e.g. 'optimizer.lr<1e-3'; if repeated, all of them",
    )
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
    runs, skipped = read_runs(arguments.paths)
    print_skipped(skipped)
    if not runs:
        raise UserError(f"{', '.join(arguments.paths)}: no runs to compare")
    groups = group(_chosen(runs, arguments.where), by_seed=not arguments.each)
    by = arguments.sort or _main_result(groups)
    groups = sort(groups, by, arguments.reverse)
    names = arguments.columns.split(",") if arguments.columns else None
    table = columns(groups, names)
    notes = comparable.warnings(groups) + _repeated(groups)
    if arguments.html:
        (sorted_by,) = columns(groups, [by])
        chosen = [column.name for column in table] if names else None
        view = View(chosen, sorted_by.name, arguments.reverse)
        html.write(arguments.html, payload(groups, notes, skipped, arguments.html, view))
        print(printable(str(arguments.html)))
    else:
        _print(table, arguments)
    for line in notes + _failures(groups):
        print(printable(line), file=sys.stderr)


def _print(table: list[Column], arguments: argparse.Namespace) -> None:
    if arguments.csv:
        print(writing.to_csv(table), end="")
    elif arguments.markdown:
        print(writing.markdown(table), end="")
    elif arguments.json:
        print(writing.to_json(table), end="")
    else:
        shown = writing.terminal(table)
        console_for(shown).print(shown)


def _chosen(runs: list[Run], conditions: list[str]) -> list[Run]:
    parsed = [parse(text, runs) for text in conditions]
    chosen = [run for run in runs if all(condition.holds(run) for condition in parsed)]
    if not chosen:
        raise UserError(f"--where {' '.join(conditions)}: none of the {len(runs)} runs meets it")
    return chosen


def _main_result(groups: list[Group]) -> str:
    """What to sort by: the first of these results that any group has, else the label."""
    names = ("test_accuracy", "val_accuracy")
    return next((name for name in names if any(g.result(name) for g in groups)), "label")


def _repeated(groups: list[Group]) -> list[str]:
    """A line for each run left out of the means because its seed was run again."""
    again = [(group, run) for group in groups for run in group.repeated]
    return [
        f"not counted: {run.path} ({group.label}): seed={as_typed(run.seed)} was run again later"
        for group, run in again
    ]


def _failures(groups: list[Group]) -> list[str]:
    """How many runs did not complete, and a line for each of them."""
    count = sum(len(group.runs) for group in groups)
    bad = [(group, run) for group in groups for run in group.not_completed]
    if not bad:
        return []
    heading = f"not completed: {len(bad)} of {count} runs"
    return [heading, *(f"  {run.status}: {run.path} ({group.label})" for group, run in bad)]
