"""While a sweep runs: its record is kept up to date, and the end of each job is told."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

from scratchnet.errors import RunError
from scratchnet.sweeps import report
from scratchnet.sweeps.outcome import Outcome
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.sweeps.task import STOP
from scratchnet.system import files, interrupts

INTERVAL = 0.5  # seconds between two looks


@contextlib.contextmanager
def watching(
    sweep: SweepFolder, jobs: Sequence[Job], on_change: Callable[[], None], is_told: bool
) -> Iterator[None]:
    """While this lasts, take note of each of the jobs that ends, wherever it ran."""
    over = threading.Event()
    running = list(jobs)

    def look() -> None:
        if interrupts.is_asked():
            with contextlib.suppress(RunError):  # the disk is full; at the next look it may not be
                ask_to_stop(sweep)
        ended = []
        for job in running:
            with contextlib.suppress(RunError):  # it may be in the middle of being written
                if (outcome := Outcome.read(sweep.folder(job))) is not None:
                    job.take(outcome)
                    ended.append(job)
        for job in ended:
            running.remove(job)
            if is_told:
                tell(job, len(jobs) - len(running), len(jobs))
        if ended:
            with contextlib.suppress(RunError):  # the last record is written again, and then told
                on_change()

    def work() -> None:
        while not over.wait(INTERVAL):
            look()

    thread = threading.Thread(target=work, name="sweep record", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        look()


def ask_to_stop(sweep: SweepFolder) -> None:
    """Let all jobs of a sweep end, on whatever machine they run."""
    if not (sweep.path / STOP).exists():
        files.write_atomic(sweep.path / STOP, b"")
        print("\nstopping: what runs finishes its step (Ctrl-C: at once)", file=sys.stderr)


def tell(job: Job, ended: int, count: int) -> None:
    """A line for a job that has ended."""
    print(f"[{ended}/{count}] {report.ending('job', job)}", flush=True)
