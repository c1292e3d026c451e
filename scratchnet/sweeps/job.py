"""One job: whether it has been done, its process, and how it ended."""

import contextlib
import dataclasses
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from pathlib import Path

from hydra.core.override_parser.types import Quote, QuotedString

from scratchnet.config import located
from scratchnet.errors import RunError, UserError
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.settings.plain import Plain
from scratchnet.sweeps.process import JobProcess
from scratchnet.sweeps.record import OUTCOME_FILE, WAITING, Outcome
from scratchnet.system import files
from scratchnet.system.locks import InUse
from scratchnet.system.text import printable

EARLIER = ".earlier"  # in the folder of a sweep: run folders replaced by a later attempt
ERRORS = "errors.txt"
LEFTOVERS = {OUTCOME_FILE, ERRORS, ".lock"}  # of a run that never began
INTERVAL = 0.2  # seconds between two checks for a reason to stop

Stop = Callable[[], Outcome | None]  # the status and reason if the job should stop now


class State(Enum):
    """What the folder of a job holds."""

    new = "nothing, or nothing of use"
    unfinished = "a run with this config that can be resumed"
    diverged = "a run with this config that has diverged, and would again"
    done = "a completed run with this config"


def state(folder: Path, config: Plain) -> State:
    """What the folder of a job with this config holds."""
    try:
        run = RunFolder.open(folder)
        status, same = run.info["status"], located(run.config) == config
    except RunError:  # no run, or a damaged one
        return State.new
    if not same or status == Status.pruned.value:
        return State.new
    if status == Status.diverged.value:
        return State.diverged
    return State.done if status == Status.completed.value else State.unfinished


def recorded_outcome(folder: Path) -> Outcome:
    """How the run in the folder of a job ended. Raises RunError if run.json does not say.

    job.json knows more, but not better: it may be damaged, or older.
    """
    info = RunFolder.open(folder).info
    with contextlib.suppress(RunError):
        found = Outcome.read(folder)
        if found is not None and found.status == info["status"]:
            return found
    reason = info.get("reason")
    return Outcome(info["status"], reason if isinstance(reason, str) else None)


@dataclasses.dataclass(frozen=True)
class Runner:
    """Runs the jobs of a sweep, each in a process of its own."""

    run_py: Path
    directory: Path  # where the sweep was started; relative paths in settings start here
    thread_limit: int | None  # for each job; None: as set in the environment
    is_shown: bool  # whether the user sees what a job prints (its files hold the same)
    server: Path | None = None  # the socket of a fork server that starts the jobs

    def run(self, folder: Path, overrides: Sequence[str], config: Plain, stop: Stop) -> Outcome:
        """Run or resume a job until it ends or `stop` says so; record and return how it ended.

        Raises RunError if the folder cannot be written, and Interrupted after the job was.
        """
        if stop() is not None:
            if folder.is_dir() and not any(folder.iterdir()):  # made by the launcher
                folder.rmdir()
            return Outcome(WAITING)
        files.make_inner_folder(folder)
        if not self._wait_until_free(folder, stop):
            return Outcome(WAITING)
        try:
            with RunFolder.locked(folder):
                found = state(folder, config)
                if found is State.new:
                    set_aside(folder)
        except RunError as error:  # another process is using it
            return Outcome(Status.failed.value, printable(str(error)))
        if found in (State.done, State.diverged):
            return recorded_outcome(folder)
        outcome = None
        if found is State.unfinished:
            outcome = self._resume(folder, config, stop)
        if outcome is None:
            typed = [f"hydra.run.dir={quoted(str(folder))}", *overrides]
            outcome = self._attempt(folder, typed, config, stop)
        outcome.write(folder)
        return outcome

    def _wait_until_free(self, folder: Path, stop: Stop) -> bool:
        """Wait for a job whose sweep was killed, and that is still finishing its step.

        False if `stop` said so before it had ended.
        """
        if not is_free(folder) and self.is_shown:
            print(printable(f"waiting for the process that uses {folder}"), file=sys.stderr)
        while not is_free(folder):
            if stop() is not None:
                return False
            time.sleep(INTERVAL)
        return True

    def _resume(self, folder: Path, config: Plain, stop: Stop) -> Outcome | None:
        """Resume a run; None if it refuses to be resumed and was set aside."""
        before = RunFolder.open(folder).info
        outcome = self._attempt(folder, [f"resume={folder}"], config, stop)
        if outcome.exit_code == UserError.exit_code and RunFolder.open(folder).info == before:
            set_aside(folder)
            return None
        return outcome

    def _attempt(self, folder: Path, typed: list[str], config: Plain, stop: Stop) -> Outcome:
        files.remove(folder / OUTCOME_FILE)
        start = time.perf_counter()
        limit = self.thread_limit if config["trainer"]["threads"] == "auto" else None
        errors = folder / ERRORS
        try:
            process = JobProcess(
                self.run_py,
                typed,
                self.directory,
                errors,
                thread_limit=limit,
                is_shown=self.is_shown,
                server=self.server,
            )
        except OSError as error:  # e.g. no such folder on this machine, or out of memory
            return Outcome(Status.failed.value, printable(f"could not be started: {error}"))
        with _recorded(process, folder, start):
            stopped = None
            while (code := process.wait(INTERVAL)) is None and (stopped := stop()) is None:
                pass
            if code is None:
                code = process.stop()
        return _outcome(folder, code, stopped, start)


def set_aside(folder: Path) -> None:
    """Make room for a new run: the old run folder is kept, below `.earlier`."""
    if not folder.exists() or {path.name for path in folder.iterdir()} <= LEFTOVERS:
        return
    target = folder.parent / EARLIER / f"{folder.name}-{secrets.token_hex(3)}"
    files.make_inner_folder(target.parent)
    try:
        folder.rename(target)
    except OSError as error:
        raise RunError(f"{folder}: cannot be moved to {target}: {error.strerror}") from error
    files.make_inner_folder(folder)
    print(f"{printable(str(folder))}: another run was there, now in {EARLIER}", file=sys.stderr)


def is_free(folder: Path) -> bool:
    """False while a process writes to the run in a folder."""
    try:
        with RunFolder.locked(folder):
            return True
    except InUse:
        return False


def quoted(text: str) -> str:
    """A text quoted so that, as the value of an override, it means exactly itself."""
    return QuotedString(text.replace("${", "\\${"), Quote.single).with_quotes()


@contextlib.contextmanager
def _recorded(process: JobProcess, folder: Path, start: float) -> Iterator[None]:
    """When the runner is stopped, stop the job too and record how it ended."""
    try:
        yield
    except BaseException:
        _outcome(folder, process.stop(), None, start).write(folder)
        raise


def _outcome(folder: Path, code: int, stopped: Outcome | None, start: float) -> Outcome:
    """How a process ended; its run folder is brought up to date if it does not know."""
    errors = folder / ERRORS
    lines = errors.read_text(encoding="utf-8", errors="replace").split("\n")
    words = [printable(line).strip() for line in lines if line.strip()]
    if not words:
        errors.unlink()
    seconds = time.perf_counter() - start
    outcome = Outcome.of_process(code, words[-1][:2000] if words else "", seconds)
    if outcome.status == Status.interrupted.value and stopped is not None:
        outcome = dataclasses.replace(outcome, status=stopped.status, reason=stopped.reason)
    if (folder / "run.json").exists():  # else the run never began
        run = RunFolder.open(folder)
        if run.info["status"] == Status.completed.value:  # a signal came too late
            return Outcome(Status.completed.value, None, code, seconds)
        if run.info["status"] == Status.running.value or outcome.status == Status.pruned.value:
            run.finish(Status[outcome.status], outcome.reason)
    return outcome
