"""`python -m scratchnet list [PATH...]`: the runs that are there, newest first."""

import argparse
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scratchnet.compare.writing import console_for
from scratchnet.reports import numbers
from scratchnet.runs.load import Run, Skipped, read_runs
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

HELP = "the runs below a folder, newest first"
GROUPS = ("dataset", "model", "optimizer")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `list`."""
    add_paths(parser)


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Where to look; in `outputs` where nothing is said."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["outputs"],
        metavar="PATH",
        help="run folders, folders of runs, or patterns with * (default: outputs)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Print the table, and name what is no run on standard error."""
    runs, skipped = read_runs(arguments.paths)
    tell(skipped)
    show(newest_first(runs))
    print(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'}")


def newest_first(runs: list[Run]) -> list[Run]:
    """By their start; those without one come last."""
    return sorted(runs, key=lambda run: run.start.timestamp() if run.start else 0.0, reverse=True)


def show(runs: list[Run]) -> None:
    """A line for each run: start, status, what was trained, its result, and where it is."""
    if not runs:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("start", "status", "what", "seed", "epochs", "accuracy", "folder"):
        table.add_column(heading, no_wrap=True)
    for one in runs:
        table.add_row(*(Text(printable(text)) for text in _cells(one)))
    console: Console = console_for(table)
    console.print(table)


def tell(skipped: list[Skipped]) -> None:
    """A line on standard error for each folder that was skipped."""
    for one in skipped:
        is_named = one.reason.startswith(str(one.path))  # or one of its files is
        text = one.reason if is_named else f"{one.path}: {one.reason}"
        print(printable(f"skipped: {text}"), file=sys.stderr)


def _cells(run: Run) -> tuple[str, ...]:
    start = run.start.strftime("%Y-%m-%d %H:%M:%S") if run.start else "-"
    status = f"{run.status}, kept" if run.is_kept else run.status
    what = " ".join(as_typed(run.settings.get(f"{group}.name")) for group in GROUPS)
    epochs = as_typed(run.results.get("epochs", "-"))
    return start, status, what, as_typed(run.seed), epochs, _accuracy(run), str(run.path)


def _accuracy(run: Run) -> str:
    """On the test images, or as long as there is none on the validation images."""
    for split in ("test", "val"):
        accuracy = run.results.get(f"{split}_accuracy")
        if isinstance(accuracy, (int, float)):
            return f"{numbers.percent(accuracy)} {split}"
    return "-"
