"""What a sweep prints: its jobs, its failures, and how to resume it."""

import collections
import os
from collections.abc import Sequence
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.reports import numbers
from scratchnet.runs.load import is_higher_better, read_run
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.system import commands
from scratchnet.system.text import printable


def print_jobs(jobs: Sequence[Job], of: int) -> None:
    """The jobs still to run out of the `of` jobs of a sweep, and their number."""
    _print_table(
        {"job": [str(job.number) for job in jobs], "settings": [swept(job) for job in jobs]}
    )
    print(f"{count_of(len(jobs), 'job')} to run{done_before(of - len(jobs))}")


def print_failures(jobs: Sequence[Job], sweep: SweepFolder) -> None:
    """A table of jobs that did not complete; nothing if all did.

    Settings, reason and folder have a line each, so that they fit on a narrow terminal.
    """

    def about(job: Job) -> str:
        folder = sweep.folder(job)
        lines = [swept(job), job.reason, shown(folder) if folder.exists() else None]
        return "\n".join(printable(line) for line in lines if line)

    _print_table(
        {
            "job": [str(job.number) for job in jobs],
            "status": [job.status for job in jobs],
            "settings, reason, folder": [about(job) for job in jobs],
        }
    )


def print_end(job: Job, ended: int, count: int, sweep: SweepFolder) -> None:
    """A line for the job that was the `ended`-th of `count` to end."""
    found = _validation(job, sweep)
    result = f": {found[0]} {_text(*found)}" if found else ""
    print(f"[{ended}/{count}] {ending('job', job, result)}", flush=True)


def print_best(jobs: Sequence[Job], sweep: SweepFolder) -> None:
    """The job with the best validation result, if several jobs have one of the same name.

    Whether others can be told from it is what `compare` says.
    """
    results = {job.number: found for job in jobs if (found := _validation(job, sweep))}
    names = {name for name, _ in results.values()}
    if len(results) < 2 or len(names) > 1:
        return
    name = names.pop()
    choose = max if is_higher_better(name) else min
    best = choose(
        (job for job in jobs if job.number in results), key=lambda job: results[job.number][1]
    )
    value = _text(*results[best.number])
    print(printable(f"best {name} {value}: job {best.number} ({swept(best)})"), flush=True)


def _validation(job: Job, sweep: SweepFolder) -> tuple[str, float] | None:
    """The result by which a completed run has chosen its best epoch: its name and value."""
    if not job.is_completed:
        return None
    try:
        run = read_run(sweep.folder(job))
    except RunError:  # damaged since: `compare` says what is wrong with it
        return None
    value = run.results.get(run.metric)
    return (run.metric, float(value)) if isinstance(value, (int, float)) else None


def _text(name: str, value: float) -> str:
    return numbers.percent(value) if name.endswith("accuracy") else numbers.loss(value)


def ending(noun: str, job: Job, result: str = "") -> str:
    """How a job ended, e.g. `job 3 failed in 12 s (seed=3): killed by SIGKILL`."""
    seconds = "" if job.seconds is None else f" in {numbers.duration(job.seconds)}"
    reason = f": {job.reason}" if job.reason else ""
    return printable(f"{noun} {job.number} {job.status}{seconds}{result} ({swept(job)}){reason}")


def summary(jobs: Sequence[Job], noun: str = "job") -> str:
    """How many jobs have each status, e.g. `4 jobs: 3 completed, 1 failed`."""
    counts = collections.Counter(job.status for job in jobs)
    return f"{count_of(len(jobs), noun)}: " + ", ".join(
        f"{count} {status}" for status, count in counts.most_common()
    )


def command_to_compare(folder: Path) -> str:
    """The command that shows the results side by side."""
    return commands.scratchnet("compare", shown(folder))


def shown(folder: Path) -> str:
    """A path relative to the current folder."""
    return os.path.relpath(folder)


def count_of(count: int, noun: str) -> str:
    """E.g. `1 job`, `2 jobs`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def done_before(count: int) -> str:
    """What follows the number of jobs if some have already been run."""
    return f"; {count} already done" if count else ""


def swept(job: Job) -> str:
    """The settings that distinguish a job from the others."""
    return " ".join(job.swept)


def _print_table(columns: dict[str, list[str]]) -> None:
    """Print columns of text, unless they are empty, as wide as the terminal or as they need."""
    from rich.console import Console  # here, as rich delays the report of a mistake
    from rich.text import Text

    from scratchnet.reports.terminal import console_for, new_table

    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return
    table = new_table()
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = console_for(table)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()), flush=True)
