"""`python run.py -m ...`: every combination of the values given, or what is missing of them."""

import contextlib
import functools
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scratchnet.cli import composition
from scratchnet.cli.arguments import Arguments
from scratchnet.errors import RunError
from scratchnet.reports import numbers
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps import report
from scratchnet.sweeps.job import Runner, State, state
from scratchnet.sweeps.launch import Launcher, LauncherError
from scratchnet.sweeps.outcome import FILE as OUTCOME
from scratchnet.sweeps.outcome import WAITING, Outcome
from scratchnet.sweeps.record import Job, SweepFolder
from scratchnet.sweeps.task import STOP, Task
from scratchnet.sweeps.watch import ask_to_stop, watching
from scratchnet.system import interrupts
from scratchnet.system.interrupts import Interrupted

KIND = "grid"
FAILED = 1  # exit code where not all jobs have completed


def run(typed: Arguments, launcher: Launcher) -> int:
    """Run every combination; the exit code. Raises UserError and Interrupted."""
    jobs = composition.sweep(typed.overrides, launcher.conf)
    folder = SweepFolder((typed.sweep_dir or launcher.folder).absolute())
    if typed.sweep_dir is not None:
        folder.check(KIND, [job.swept for job in jobs])
    if typed.dry_run:
        report.jobs_table([job for job in jobs if not is_done(job, folder)], of=len(jobs))
        return 0
    if typed.sweep_dir is None:
        folder.create()
    runner = Runner(
        run_py=launcher.conf.parent / "run.py",
        directory=Path.cwd(),
        thread_limit=launcher.thread_limit(len(jobs)),
        is_shown=launcher.is_sequential,
    )
    with folder.locked():
        return Grid(folder, typed.overrides, jobs).run(launcher, runner)


class Grid:
    """The jobs of a sweep and its folder."""

    def __init__(self, folder: SweepFolder, typed: list[str], jobs: list[Job]):
        self.folder = folder
        self.typed = typed
        self.jobs = jobs

    def run(self, launcher: Launcher, runner: Runner) -> int:
        """Run what is to do; the exit code."""
        start = time.perf_counter()
        path = self.folder.path
        (path / STOP).unlink(missing_ok=True)
        jobs = self._to_do()
        self._write("running")
        done = len(self.jobs) - len(jobs)
        print(
            f"sweep of {report.count_of(len(self.jobs), 'job')} in {report.shown(path)}"
            + report.done_before(done),
            flush=True,
        )
        update = functools.partial(self._write, "running")
        try:
            with contextlib.ExitStack() as stack:
                if launcher.returns_soon:  # they end by themselves, and then it does
                    stack.enter_context(interrupts.deferred())
                stack.enter_context(watching(self.folder, jobs, update, not runner.is_shown))
                outcomes = launcher.start(jobs, Task(runner, os.getpid()), path) if jobs else []
            for job, outcome in zip(jobs, outcomes, strict=True):
                job.take(outcome)
        except (Interrupted, LauncherError):
            self._stop(jobs)
            raise
        finally:
            self._write("stopped" if any(job.is_left for job in self.jobs) else "ended")
        return self._conclude(time.perf_counter() - start)

    def _write(self, status: str) -> None:
        swept = [job.swept for job in self.jobs]
        self.folder.write(KIND, self.typed, status, swept, self.jobs)

    def _to_do(self) -> list[Job]:
        """The jobs that are missing or have failed; takes note of those that are done."""
        jobs = []
        for job in self.jobs:
            folder = self.folder.folder(job)
            if is_done(job, self.folder):
                job.take(Outcome.read(folder) or Outcome(Status.completed.value))
            else:
                (folder / OUTCOME).unlink(missing_ok=True)
                jobs.append(job)
        return jobs

    def _stop(self, jobs: Sequence[Job]) -> None:
        """End what runs, wherever it does; say what is left."""
        ask_to_stop(self.folder)
        for job in jobs:
            folder = self.folder.folder(job)
            wait_until_free(folder)
            job.take(how_it_stands(folder))
            if job.is_completed and not is_done(job, self.folder):  # with another config
                job.take(Outcome(WAITING))
        left = [job for job in self.jobs if not job.is_completed]
        print()
        report.failures_table(left, self.folder.folder)
        print(report.summary(self.jobs), file=sys.stderr)
        self._say_how_to_go_on()

    def _conclude(self, seconds: float) -> int:
        failed = [job for job in self.jobs if not job.is_completed]
        print(flush=True)
        report.failures_table(failed, self.folder.folder)
        path = report.shown(self.folder.path)
        print(f"{report.summary(self.jobs)}, in {numbers.duration(seconds)}; {path}", flush=True)
        if len(failed) < len(self.jobs):
            print(f"to compare: {report.command_to_compare(self.folder.path)}", flush=True)
        if failed:
            self._say_how_to_go_on()
        return FAILED if failed else 0

    def _say_how_to_go_on(self) -> None:
        command = report.command_to_go_on(self.typed, self.folder.path)
        print(f"to go on: {command}", file=sys.stderr)


def is_done(job: Job, sweep: SweepFolder) -> bool:
    """True where there is a completed run with the config of the job."""
    return state(sweep.folder(job), job.config) is State.done


def wait_until_free(folder: Path) -> None:
    """Wait until no process writes to the run in a folder any more."""
    while (folder / "run.json").exists():
        try:
            with RunFolder.locked(folder):
                return
        except RunError:
            time.sleep(0.1)


def how_it_stands(folder: Path) -> Outcome:
    """How a job was left that may not have been able to say so itself."""
    outcome = Outcome.read(folder)
    if outcome is not None or not (folder / "run.json").exists():
        return outcome or Outcome(WAITING)
    run = RunFolder.open(folder)
    if run.info["status"] == Status.running.value:
        run.finish(Status.interrupted)
    return Outcome(run.info["status"])
