"""List runs, newest first."""

import argparse

from scratchnet.cli.run_paths import add_paths, add_where, chosen, print_skipped, require_folders
from scratchnet.compare.groups import group
from scratchnet.compare.table import sort
from scratchnet.errors import UserError
from scratchnet.reports.run_list import newest_first, print_runs
from scratchnet.runs.load import read_runs

HELP = "list the runs in a folder, newest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `list`."""
    add_paths(parser)
    add_where(parser)
    parser.add_argument("--last", type=int, metavar="N", help="only the N newest")
    parser.add_argument(
        "--sort", metavar="NAME", help="the setting or result to sort by, best first"
    )


def run(arguments: argparse.Namespace) -> None:
    """Print the table, and on standard error the folders that are not runs."""
    if arguments.last is not None and arguments.last < 1:
        raise UserError(f"--last {arguments.last}: must be a number of runs >= 1")
    runs, skipped = read_runs(arguments.paths)
    require_folders(arguments.paths, runs)
    print_skipped(skipped)
    found = newest_first(chosen(runs, arguments.where))[: arguments.last]
    if arguments.sort and found:
        found = [one.runs[0] for one in sort(group(found, by_seed=False), arguments.sort)]
    print_runs(found)
    of = f" of {len(runs)}" if len(found) < len(runs) else ""
    print(f"{len(found)}{of} {'run' if len(runs) == 1 else 'runs'}")
