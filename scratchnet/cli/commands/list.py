"""List runs, newest first."""

import argparse

from scratchnet.cli.run_paths import add_paths, print_skipped, require_folders
from scratchnet.reports.run_list import print_runs
from scratchnet.runs.load import read_runs

HELP = "list the runs in a folder, newest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `list`."""
    add_paths(parser)


def run(arguments: argparse.Namespace) -> None:
    """Print the table, and on standard error the folders that are not runs."""
    runs, skipped = read_runs(arguments.paths)
    print_skipped(skipped)
    require_folders(arguments.paths, runs)
    print_runs(runs)
    print(f"{len(runs)} {'run' if len(runs) == 1 else 'runs'}")
