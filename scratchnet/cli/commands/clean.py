"""Move failed, interrupted or old runs to a trash folder, after asking.

Nothing is deleted: a run moved by mistake can be moved back, and the trash is yours to empty.
"""

import argparse
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from scratchnet.cli.run_paths import add_paths, print_skipped, require_folders
from scratchnet.errors import RunError, UserError
from scratchnet.reports.run_list import newest_first, print_runs
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.load import Run, read_run, read_runs
from scratchnet.settings.suggestions import one_of
from scratchnet.system import files
from scratchnet.system.text import printable

HELP = "move failed, interrupted or old runs to a trash folder, after asking"
TRASH = ".trash"  # hidden, so that no command finds runs in it
AGE = re.compile(r"(\d{1,5})([hdw])")
UNITS = {"h": "hours", "d": "days", "w": "weeks"}
UNFINISHED = ("failed", "diverged", "interrupted")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clean`."""
    add_paths(parser)
    parser.add_argument(
        "--status",
        metavar="STATUS,...",
        help=f"which runs (default: {','.join(UNFINISHED)}; with --older-than: all but running)",
    )
    parser.add_argument(
        "--older-than",
        metavar="AGE",
        help="only runs that started longer ago than this, e.g. 12h, 30d, 8w",
    )
    parser.add_argument("--yes", action="store_true", help="move them without asking")


def run(arguments: argparse.Namespace) -> None:
    """List the runs, ask, and move them to `.trash` in the folder given."""
    statuses = _statuses(arguments)
    before = _before(arguments.older_than)
    chosen: dict[Path, tuple[Path, Run]] = {}  # by its real path, so that each is moved once
    for path in map(Path, arguments.paths):
        runs, skipped = read_runs(path)
        require_folders([path], runs)
        print_skipped(skipped)
        for one in runs:
            if _is_unwanted(one, statuses, before):
                chosen.setdefault(one.path.resolve(), (path, one))
    if not chosen:
        print("nothing to clean")
        return
    print_runs(newest_first([one for _, one in chosen.values()]))
    if not (arguments.yes or _agrees(len(chosen))):
        print("nothing was moved")
        return
    for given, one in chosen.values():
        if not _is_unwanted(
            read_run(one.path), statuses, before
        ):  # it may have changed while we asked
            print(printable(f"not moved, as it has changed: {one.path}"))
            continue
        print(printable(f"moved to {move(one.path, trash_of(given, one.path))}"))


def trash_of(given: Path, run: Path) -> Path:
    """The trash: in the folder given, or beside a run that was given itself or matched by `*`."""
    is_inside = given.is_dir() and given.resolve() != run.resolve()
    return (given if is_inside else run.resolve().parent) / TRASH


def move(run: Path, trash: Path) -> Path:
    """Move a run folder into the trash, under a unique name that says where it was."""
    files.make_inner_folder(trash)
    source = run.resolve()
    try:
        name = source.relative_to(trash.resolve().parent)
        target = trash / f"{'_'.join(name.parts)}-{secrets.token_hex(3)}"
        return source.rename(target)
    except (OSError, ValueError) as error:
        raise RunError(f"{run}: cannot be moved to {trash}: {error}") from error


def _is_unwanted(run: Run, statuses: list[str], before: datetime | None) -> bool:
    if run.is_kept or run.status not in statuses:
        return False
    if RunFolder(run.path).is_at_work:  # such as `resume`, which first loads the data
        return False
    return before is None or (run.start is not None and run.start < before)


def _statuses(arguments: argparse.Namespace) -> list[str]:
    allowed = [*UNFINISHED, "pruned", "completed"]  # never a running one
    if arguments.status is None:
        return allowed if arguments.older_than else list(UNFINISHED)
    chosen = arguments.status.split(",")
    for status in chosen:
        if status not in allowed:
            raise UserError(f"--status {status}: {one_of(status, allowed)}")
    return chosen


def _before(age: str | None) -> datetime | None:
    if age is None:
        return None
    match = AGE.fullmatch(age)
    if not match:
        raise UserError(f"--older-than {age}: must be a number with h, d or w, e.g. 30d")
    return datetime.now().astimezone() - timedelta(**{UNITS[match[2]]: int(match[1])})


def _agrees(count: int) -> bool:
    question = f"move {'this run' if count == 1 else f'these {count} runs'} to the trash? [y/N] "
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:  # no one to ask
        print()
        return False
