"""`python -m scratchnet compare [PATH...]`: runs side by side, as a table or as an HTML report."""

import argparse
import sys
from pathlib import Path

from scratchnet.cli.commands.list import add_paths, tell
from scratchnet.compare import comparable, html, writing
from scratchnet.compare.groups import Group, group
from scratchnet.compare.payload import View, payload
from scratchnet.compare.table import Column, columns, sort
from scratchnet.compare.where import parse
from scratchnet.errors import UserError
from scratchnet.runs.load import Run, read_runs
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

HELP = "runs side by side: a table, CSV, Markdown, JSON, or an HTML report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `compare`."""
    add_paths(parser)
    parser.add_argument(
        *("--where", "-w"),
        action="append",
        default=[],
        metavar="CONDITION",
        help="only runs that fulfil it, e.g. 'optimizer.lr<1e-3'; all of several have to hold",
    )
    parser.add_argument("--columns", metavar="NAME,...", help="settings and results to show")
    parser.add_argument("--sort", metavar="NAME", help="the column to sort by, best first")
    parser.add_argument("--reverse", action="store_true", help="sort the other way round")
    parser.add_argument("--each", action="store_true", help="do not group the seeds")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--markdown", action="store_true", help="print a Markdown table")
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--html", type=Path, metavar="FILE", help="write a report for the browser")


def run(arguments: argparse.Namespace) -> None:
    """Print the table on standard output, and what is to be said about it on standard error."""
    runs, skipped = read_runs(arguments.paths)
    tell(skipped)
    if not runs:
        raise UserError(f"{', '.join(arguments.paths)}: there is no run to compare")
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
        writing.console_for(shown).print(shown)


def _chosen(runs: list[Run], conditions: list[str]) -> list[Run]:
    parsed = [parse(text, runs) for text in conditions]
    chosen = [run for run in runs if all(condition.holds(run) for condition in parsed)]
    if not chosen:
        raise UserError(f"--where {' '.join(conditions)}: none of {len(runs)} runs fulfils it")
    return chosen


def _main_result(groups: list[Group]) -> str:
    """The result to sort by: the first that any group has, or the label."""
    names = ("test_accuracy", "val_accuracy")
    return next((name for name in names if any(g.result(name) for g in groups)), "label")


def _repeated(groups: list[Group]) -> list[str]:
    """A line for each run that is left out of the means, as its seed was run again."""
    again = [(group, run) for group in groups for run in group.repeated]
    return [
        f"not counted: {run.path} ({group.label}): seed={as_typed(run.seed)} was run again later"
        for group, run in again
    ]


def _failures(groups: list[Group]) -> list[str]:
    """How many runs did not complete, and a line for each."""
    count = sum(len(group.runs) for group in groups)
    bad = [(group, run) for group in groups for run in group.not_completed]
    if not bad:
        return []
    heading = f"not completed: {len(bad)} of {count} runs"
    return [heading, *(f"  {run.status}: {run.path} ({group.label})" for group, run in bad)]
