"""A grid: every combination of the values given, or whatever is still missing of it."""

import contextlib
import dataclasses
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from scratchnet.config import Config, to_plain
from scratchnet.errors import RunError
from scratchnet.experiment.train import require
from scratchnet.reports import numbers
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps import fork_server, report
from scratchnet.sweeps.job import Runner, State, is_free, recorded_outcome, state
from scratchnet.sweeps.launch import Launcher, LauncherError, Task
from scratchnet.sweeps.record import (
    OUTCOME_FILE,
    WAITING,
    Job,
    Outcome,
    SweepFolder,
    command_to_resume,
)
from scratchnet.system import files, interrupts
from scratchnet.system.interrupts import Interrupted

FAILED = 1  # exit code if not all jobs have completed
INTERVAL = 0.5  # seconds between two looks at the running jobs


def make_jobs(combinations: Sequence[tuple[list[str], Config]]) -> list[Job]:
    """A job for each list of overrides and the config it makes. Raises UserError."""
    texts = [overrides for overrides, _ in combinations]
    varying = [i for i, values in enumerate(zip(*texts, strict=True)) if len(set(values)) > 1]
    jobs = []
    for number, (overrides, config) in enumerate(combinations):
        require(config)
        jobs.append(Job(number, overrides, [overrides[i] for i in varying], to_plain(config)))
    return jobs


class Grid:
    """The jobs of a sweep and its folder."""

    kind = "grid"

    def __init__(self, typed: list[str], jobs: list[Job], launcher: Launcher, folder: SweepFolder):
        self.typed = typed
        self.jobs = jobs
        self.launcher = launcher
        self.folder = folder
        self.runner = Runner(
            run_py=launcher.conf.parent / "run.py",
            directory=Path.cwd(),
            thread_limit=launcher.thread_limit(len(jobs)),
            is_shown=launcher.is_sequential,
        )

    @property
    def identity(self) -> list[list[str]]:
        """What has to be the same for the sweep to be resumed."""
        return [job.swept for job in self.jobs]

    def print_plan(self) -> None:
        """List the jobs that `run` would run."""
        missing = [job for job in self.jobs if not self._is_settled(job)]
        report.print_jobs(missing, of=len(self.jobs))

    def run(self) -> int:
        """Run the missing jobs; the exit code. Raises UserError and Interrupted."""
        start = time.perf_counter()
        path = self.folder.path
        self.folder.clear_stop()
        jobs = self._missing()
        self._write("running")
        done = len(self.jobs) - len(jobs)
        count = report.count_of(len(self.jobs), "job")
        print(f"sweep of {count} in {report.shown(path)}{report.done_before(done)}", flush=True)
        try:
            with contextlib.ExitStack() as stack:
                if self.launcher.stops_soon:  # then an interrupt can wait for the jobs
                    stack.enter_context(interrupts.deferred())
                stack.enter_context(self._watching(jobs))
                server = None
                if self.launcher.is_local and len(jobs) > 1:
                    server = stack.enter_context(fork_server.started(self.runner.run_py))
                task = Task(dataclasses.replace(self.runner, server=server), os.getpid())
                outcomes = self.launcher.start(jobs, task, path) if jobs else []
            for job, outcome in zip(jobs, outcomes, strict=True):
                job.take(outcome)
        except (Interrupted, LauncherError):
            self._stop(jobs)
            raise
        finally:
            self._write("stopped" if any(job.is_unfinished for job in self.jobs) else "ended")
        return self._conclude(time.perf_counter() - start)

    def _missing(self) -> list[Job]:
        """The jobs that have not run or have failed; notes the outcome of the others.

        Those that have diverged would diverge again.
        """
        jobs = []
        for job in self.jobs:
            folder = self.folder.folder(job)
            if self._is_settled(job):
                job.take(recorded_outcome(folder))
            else:
                files.remove(folder / OUTCOME_FILE)
                jobs.append(job)
        return jobs

    def _is_settled(self, job: Job) -> bool:
        """True if its folder holds a run with its config that has ended and would end so again."""
        assert job.config is not None
        return state(self.folder.folder(job), job.config) in (State.done, State.diverged)

    @contextlib.contextmanager
    def _watching(self, jobs: Sequence[Job]) -> Iterator[None]:
        """While this lasts, record each job that ends, wherever it ran, and pass on Ctrl-C."""
        is_over = threading.Event()
        running = list(jobs)

        def look() -> None:
            if interrupts.stop_requested():
                with contextlib.suppress(RunError):  # a full disk may have room at the next look
                    self._ask_to_stop()
            ended = []
            for job in running:
                with contextlib.suppress(RunError):  # it may be halfway through being written
                    if (outcome := Outcome.read(self.folder.folder(job))) is not None:
                        job.take(outcome)
                        ended.append(job)
            for job in ended:
                running.remove(job)
                if not self.runner.is_shown:
                    report.print_end(job, len(jobs) - len(running), len(jobs), self.folder)
            if ended:
                with contextlib.suppress(RunError):  # written once more at the end, and then raised
                    self._write("running")

        def look_until_over() -> None:
            while not is_over.wait(INTERVAL):
                look()

        thread = threading.Thread(target=look_until_over, name="sweep record", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            look()

    def _ask_to_stop(self) -> None:
        if not self.folder.is_stopping:
            self.folder.ask_to_stop()
            print("\nstopping: each job finishes its step (Ctrl-C: at once)", file=sys.stderr)

    def _stop(self, jobs: Sequence[Job]) -> None:
        """Stop what is running, wherever it runs; report what is left."""
        self._ask_to_stop()
        for job in jobs:
            folder = self.folder.folder(job)
            wait_until_free(folder)
            job.take(outcome_of(folder))
            if job.is_completed and not self._is_settled(job):  # a run with another config
                job.take(Outcome(WAITING))
        print()
        report.print_failures([job for job in self.jobs if not job.is_completed], self.folder)
        print(report.summary(self.jobs), file=sys.stderr)
        self._print_how_to_resume()

    def _conclude(self, seconds: float) -> int:
        """Report how it went; the exit code."""
        failed = [job for job in self.jobs if not job.is_completed]
        print(flush=True)
        report.print_failures(failed, self.folder)
        path = report.shown(self.folder.path)
        print(f"{report.summary(self.jobs)}, in {numbers.duration(seconds)}; {path}", flush=True)
        report.print_best(self.jobs, self.folder)
        if len(failed) < len(self.jobs):
            print(f"to compare: {report.command_to_compare(self.folder.path)}", flush=True)
        diverged = [job for job in failed if job.status == Status.diverged.value]
        if len(diverged) < len(failed):
            self._print_how_to_resume()
        if diverged:
            print(
                "a job that has diverged is not run again; to run it all the same, delete its "
                "folder and resume the sweep",
                file=sys.stderr,
            )
        return FAILED if failed else 0

    def _print_how_to_resume(self) -> None:
        command = command_to_resume(self.typed, self.folder.path)
        print(f"to resume: {command}", file=sys.stderr)

    def _write(self, status: str) -> None:
        self.folder.write(self.kind, self.typed, status, self.identity, self.jobs)


def wait_until_free(folder: Path) -> None:
    """Wait until no process writes to the run in a folder any more."""
    while (folder / "run.json").exists() and not is_free(folder):
        time.sleep(0.1)


def outcome_of(folder: Path) -> Outcome:
    """How a job ended that may not have had time to record it."""
    with contextlib.suppress(RunError):  # a damaged file says nothing
        if not (folder / "run.json").exists():
            return Outcome.read(folder) or Outcome(WAITING)
        run = RunFolder.open(folder)
        if run.info["status"] == Status.running.value:
            run.finish(Status.interrupted)
        return recorded_outcome(folder)
    return Outcome(WAITING)
