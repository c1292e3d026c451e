"""What a sweep writes down: sweep.json for all jobs, and job.json in the folder of each."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.runs import vacancy
from scratchnet.runs.folder import Status
from scratchnet.runs.load import JOB as OUTCOME_FILE
from scratchnet.runs.parsing import read_json, read_record
from scratchnet.settings.plain import Plain
from scratchnet.system import commands, files, locks
from scratchnet.training.trainer import Diverged

FILE = "sweep.json"
LOCK = ".lock"
BEGINNING = {LOCK, f".{FILE}.part"}  # all that there is before the first sweep.json
STOP = ".stop"  # an empty file beside sweep.json: every job ends, on whatever machine it runs
NO_OUTCOME = "is not the outcome of a job; delete this file, and the job is judged by its run"
WAITING = "waiting"  # the status of a job that has not started


@dataclass(frozen=True)
class Outcome:
    """How an attempt to run a job ended, whether or not the run itself began: job.json."""

    status: str  # the name of a Status, or WAITING (never written)
    reason: str | None = None  # one line, unless it completed
    exit_code: int | None = None  # of its process; negative: the signal that killed it
    seconds: float | None = None  # from start to end

    def write(self, folder: Path) -> None:
        """Write job.json into the folder of a job. Raises RunError."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        files.write_atomic(folder / OUTCOME_FILE, f"{text}\n".encode())

    @classmethod
    def read(cls, folder: Path) -> "Outcome | None":
        """What job.json says; None if there is none. Raises RunError if it is damaged."""
        path = folder / OUTCOME_FILE
        if not path.exists():
            return None
        try:
            outcome = cls(**read_json(path))
        except (RunError, TypeError) as error:
            raise RunError(f"{path}: {NO_OUTCOME}") from error
        if (
            outcome.status not in Status.__members__
            or not isinstance(outcome.reason, str | None)
            or not isinstance(outcome.seconds, int | float | None)
        ):
            raise RunError(f"{path}: {NO_OUTCOME}")
        return outcome

    @classmethod
    def of_process(cls, exit_code: int, last_words: str, seconds: float) -> "Outcome":
        """From the exit code of run.py and the last line it wrote to stderr."""
        if exit_code == 0:
            return cls(Status.completed.value, None, exit_code, seconds)
        if exit_code < 0:
            reason = f"killed by {_signal_name(-exit_code)}"
            return cls(Status.failed.value, reason, exit_code, seconds)
        if exit_code > 128:
            return cls(Status.interrupted.value, None, exit_code, seconds)
        status = Status.diverged if exit_code == Diverged.exit_code else Status.failed
        return cls(status.value, last_words or f"exit code {exit_code}", exit_code, seconds)


def _signal_name(number: int) -> str:
    """E.g. SIGKILL, or the number of a signal without a name."""
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


@dataclass
class Job:
    """One job of a sweep."""

    number: int  # from 0; also the name of its folder
    overrides: list[str]  # all of them
    swept: list[str]  # those that differ between the jobs
    config: Plain | None = None  # what the overrides make; not in the record
    status: str = WAITING  # or the name of a Status
    reason: str | None = None
    seconds: float | None = None

    def take(self, outcome: Outcome) -> None:
        """Note how it ended."""
        self.status, self.reason = outcome.status, outcome.reason
        self.seconds = outcome.seconds

    @property
    def is_completed(self) -> bool:
        return self.status == Status.completed.value

    @property
    def is_unfinished(self) -> bool:
        """True until it has run to an end."""
        return self.status in (WAITING, Status.running.value, Status.interrupted.value)

    def to_plain(self) -> Plain:
        """Its entry in sweep.json."""
        return {
            "number": self.number,
            "folder": str(self.number),
            "status": self.status,
            "reason": self.reason,
            "seconds": self.seconds,
            "overrides": self.overrides,
        }


class SweepFolder:
    """The folder of a sweep: sweep.json, and a run folder for each job."""

    def __init__(self, path: Path):
        self.path = path
        self._writing = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether it is the folder of a sweep already."""
        return (self.path / FILE).exists()

    def create(self) -> None:
        """Make the folder. Raises RunError if something else is there."""
        path = self.path
        vacancy.check_is_outside_runs(path)
        if self.exists:
            to_add = commands.argument(_sweep_dir(path))
            raise RunError(f"{path}: already holds a sweep; add {to_add} to resume it")
        if path.exists() and not path.is_dir():
            raise RunError(f"{path}: is a file; choose a new folder for the sweep")
        if path.exists() and not self._names() <= BEGINNING:
            raise RunError(f"{path}: is not empty; choose a new folder for the sweep")
        files.make_folder(path)

    def check(self, kind: str, identity: list) -> None:
        """Raise RunError unless this folder was made for the same sweep."""
        path = self.path
        if self._names() and self._names() <= BEGINNING:
            return  # it was killed at its very start
        if not (path / FILE).is_file():
            if not path.exists():
                raise RunError(f"{path}: there is no such folder")
            raise RunError(f"{path}: is not the folder of a sweep (it has no {FILE})")
        record = read_record(path / FILE)
        if record.get("kind") != kind or record.get("swept") != identity:
            typed = record.get("typed")
            command = command_to_resume(typed if isinstance(typed, list) else [], path)
            raise RunError(
                f"{path}: is the folder of another sweep; to resume it: {command}; to start a new "
                "one, leave out sweep_dir"
            )

    def _names(self) -> set[str]:
        """The names of what is in the folder."""
        return {inside.name for inside in self.path.iterdir()} if self.path.is_dir() else set()

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """While this lasts, no other process can work on this sweep."""
        return locks.locked(self.path / LOCK)

    def folder(self, job: Job) -> Path:
        """Where a job runs."""
        return self.path / str(job.number)

    def write(
        self, kind: str, typed: list[str], status: str, identity: list, jobs: Sequence[Job]
    ) -> None:
        """Write sweep.json. `typed`: the overrides on the command line; `identity`: what tells
        this sweep from others."""
        record = {
            "kind": kind,
            "status": status,
            "written": datetime.now().astimezone().isoformat(timespec="seconds"),
            "typed": typed,
            "swept": identity,
            "jobs": [job.to_plain() for job in jobs],
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        with self._writing:
            files.write_atomic(self.path / FILE, f"{text}\n".encode())

    @property
    def is_stopping(self) -> bool:
        """True once the jobs were asked to stop."""
        return (self.path / STOP).exists()

    def ask_to_stop(self) -> None:
        """Have every job finish its step and end. Raises RunError."""
        files.write_atomic(self.path / STOP, b"")

    def clear_stop(self) -> None:
        """Let jobs run again."""
        files.remove(self.path / STOP)


def command_to_resume(typed: Sequence[object], folder: Path) -> str:
    """The command that runs what is left."""
    others = [
        text for text in map(str, typed) if not text.lstrip("+").startswith("hydra.sweep.dir=")
    ]
    return commands.run_py("-m", *others, _sweep_dir(folder))


def _sweep_dir(folder: Path) -> str:
    """The argument that names a sweep to resume."""
    return f"sweep_dir={os.path.relpath(folder)}"
