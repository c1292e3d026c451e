"""Protect runs from `clean`."""

import argparse
from pathlib import Path

from scratchnet.runs.folder import RunFolder
from scratchnet.runs.load import KEPT
from scratchnet.system import files
from scratchnet.system.text import printable

HELP = "protect runs from `clean`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `keep`."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="folder of a run")
    parser.add_argument("--undo", action="store_true", help="remove the protection")


def run(arguments: argparse.Namespace) -> None:
    """Mark each run with an empty file in its folder, or none if one of them is not a run."""
    folders = [RunFolder.open(run).path for run in arguments.runs]
    for folder in folders:
        mark(folder, not arguments.undo)
        print(printable(f"{'no longer kept' if arguments.undo else 'kept'}: {folder}"))


def mark(folder: Path, is_kept: bool) -> None:
    """Mark a run folder as kept, or remove the mark."""
    if is_kept:
        files.write_atomic(folder / KEPT, b"")
    else:
        files.remove(folder / KEPT)
