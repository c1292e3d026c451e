"""The arguments that name runs: RUN of `evaluate` and `predict`, PATH of the others."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scratchnet.compare.where import parse
from scratchnet.errors import UserError
from scratchnet.experiment.restore import CHECKPOINTS
from scratchnet.runs.load import Run, Skipped
from scratchnet.system.text import printable


def add_run(parser: argparse.ArgumentParser) -> None:
    """One run, and which of its checkpoints to load."""
    parser.add_argument("run", metavar="RUN", help="folder of the run")
    parser.add_argument(
        "--checkpoint",
        choices=CHECKPOINTS,
        default="best",
        help="which checkpoint to load (default: best)",
    )


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Where to look for runs; in `outputs` by default."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["outputs"],
        metavar="PATH",
        help="run folders, folders of runs, or patterns with * (default: outputs)",
    )


def add_where(parser: argparse.ArgumentParser) -> None:
    """Conditions for runs."""
    parser.add_argument(
        "--where",
        "-w",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only runs that meet it, e.g. 'optimizer.lr<1e-3'; if repeated, all of them",
    )


def chosen(runs: list[Run], conditions: list[str]) -> list[Run]:
    """The runs that meet all of these conditions. Raises UserError if none does."""
    parsed = [parse(text, runs) for text in conditions]
    found = [run for run in runs if all(condition.holds(run) for condition in parsed)]
    if runs and not found:
        raise UserError(f"--where {' '.join(conditions)}: none of the {len(runs)} runs meets it")
    return found


def require_folders(paths: Sequence[Path | str], runs: Sequence[Run]) -> None:
    """Raise UserError if there are no runs and no path is a folder: surely a typo."""
    if not runs and not any(Path(path).is_dir() for path in paths):
        raise UserError(f"{', '.join(map(str, paths))}: no such folder")


def print_skipped(skipped: list[Skipped]) -> None:
    """A line on standard error for each folder that is not a run."""
    for one in skipped:
        is_named = one.reason.startswith(str(one.path))  # or one of its files is
        text = one.reason if is_named else f"{one.path}: {one.reason}"
        print(printable(f"skipped: {text}"), file=sys.stderr)
