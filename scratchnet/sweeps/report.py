"""What a sweep prints: its jobs, its failures, and what is left."""

import collections
import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from scratchnet.compare.writing import console_for
from scratchnet.sweeps.record import Job
from scratchnet.text import printable


def jobs_table(jobs: Sequence[Job]) -> None:
    """All jobs, each with what is its own; then how many there are."""
    _table(jobs, {"job": _number, "settings": _settings})
    print(count_of(len(jobs), "job"))


def failures_table(jobs: Sequence[Job], folder: Callable[[Job], Path]) -> None:
    """The jobs that did not complete, with reason and folder; nothing where all did."""
    columns = {
        "job": _number,
        "settings": _settings,
        "status": lambda job: job.status,
        "reason": lambda job: job.reason or "",
        "folder": lambda job: shown(folder(job)),
    }
    _table(jobs, columns)


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


def shown(folder: Path) -> str:
    """A path from where the user stands."""
    return os.path.relpath(folder)


def count_of(count: int, noun: str) -> str:
    """E.g. `1 job`, `2 jobs`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _number(job: Job) -> str:
    return str(job.number)


def _settings(job: Job) -> str:
    return " ".join(job.swept)


def _table(jobs: Sequence[Job], columns: dict[str, Callable[[Job], str]]) -> None:
    if not jobs:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns:
        if heading == "reason":
            table.add_column(heading, max_width=60, overflow="fold")
        else:
            table.add_column(heading, no_wrap=True)
    for job in jobs:
        table.add_row(*(Text(printable(text(job))) for text in columns.values()))
    console_for(table).print(table)
