"""`python -m scratchnet keep RUN...`: runs that `clean` never takes away."""

import argparse
from pathlib import Path

from scratchnet.runs.folder import RunFolder
from scratchnet.runs.load import KEPT
from scratchnet.system import files
from scratchnet.system.text import printable

HELP = "mark runs that `clean` must never take away"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `keep`."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="folder of a run")
    parser.add_argument("--undo", action="store_true", help="take the mark away again")


def run(arguments: argparse.Namespace) -> None:
    """Put the mark, an empty file, into each folder; all have to be run folders."""
    folders = [RunFolder.open(run).path for run in arguments.runs]
    for folder in folders:
        mark(folder, not arguments.undo)
        print(printable(f"{'no longer kept' if arguments.undo else 'kept'}: {folder}"))


def mark(folder: Path, is_kept: bool) -> None:
    """Put the mark into a run folder, or take it away."""
    if is_kept:
        files.write_atomic(folder / KEPT, b"")
    else:
        (folder / KEPT).unlink(missing_ok=True)
