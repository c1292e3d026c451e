"""What a sweep prints: its jobs, its failures, and what is left."""

import collections
import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from scratchnet.reports import numbers
from scratchnet.sweeps.record import Job
from scratchnet.system.text import printable


def jobs_table(jobs: Sequence[Job], of: int) -> None:
    """The jobs that are to run of a sweep of so many; then how many that is."""
    _table({"job": [str(job.number) for job in jobs], "settings": [swept(job) for job in jobs]})
    print(f"{count_of(len(jobs), 'job')} to run{done_before(of - len(jobs))}")


def failures_table(jobs: Sequence[Job], folder: Callable[[Job], Path]) -> None:
    """The jobs that did not complete, each with its reason and folder on lines of their own, so
    that a narrow terminal has room for them; nothing where all did."""

    def about(job: Job) -> str:
        place = folder(job)
        lines = [swept(job), job.reason, shown(place) if place.exists() else None]
        return "\n".join(printable(line) for line in lines if line)

    _table(
        {
            "job": [str(job.number) for job in jobs],
            "status": [job.status for job in jobs],
            "settings, reason, folder": [about(job) for job in jobs],
        }
    )


def ending(noun: str, job: Job, result: str = "") -> str:
    """How a job ended, e.g. `job 3 failed in 12 s (seed=3): killed by SIGKILL`."""
    seconds = "" if job.seconds is None else f" in {numbers.duration(job.seconds)}"
    reason = f": {job.reason}" if job.reason else ""
    return printable(f"{noun} {job.number} {job.status}{seconds}{result} ({swept(job)}){reason}")


def summary(jobs: Sequence[Job], noun: str = "job") -> str:
    """How many there are of each status, e.g. `4 jobs: 3 completed, 1 failed`."""
    counts = collections.Counter(job.status for job in jobs)
    return f"{count_of(len(jobs), noun)}: " + ", ".join(
        f"{count} {status}" for status, count in counts.most_common()
    )


def command_to_go_on(typed: Sequence[str], folder: Path) -> str:
    """What to type to run what is left."""
    others = [text for text in typed if not text.lstrip("+").startswith("hydra.sweep.dir=")]
    words = [*others, f"sweep_dir={shown(folder)}"]
    return "python run.py -m " + " ".join(shlex.quote(printable(word)) for word in words)


def command_to_compare(folder: Path) -> str:
    """What to type to see the results side by side."""
    return f"python -m scratchnet compare {shlex.quote(printable(shown(folder)))}"


def shown(folder: Path) -> str:
    """A path from where the user stands."""
    return os.path.relpath(folder)


def count_of(count: int, noun: str) -> str:
    """E.g. `1 job`, `2 jobs`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def done_before(count: int) -> str:
    """What follows the number of jobs where some need not be run."""
    return f"; {count} completed before" if count else ""


def swept(job: Job) -> str:
    """The settings that tell a job from the others."""
    return " ".join(job.swept)


def _table(columns: dict[str, list[str]]) -> None:
    """Print columns of texts, where there are any; a terminal's width is kept, a file's is free."""
    from rich.console import Console  # here, as a mistake in what was typed is told sooner without
    from rich.table import Table
    from rich.text import Text

    from scratchnet.compare.writing import console_for

    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    terminal = Console(highlight=False)
    console = terminal if terminal.is_terminal else console_for(table)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()), flush=True)
