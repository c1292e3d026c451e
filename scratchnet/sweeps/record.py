"""The folder of a sweep and its record, sweep.json."""

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scratchnet.config import Plain
from scratchnet.errors import RunError
from scratchnet.runs.folder import Status
from scratchnet.runs.parsing import read_record
from scratchnet.sweeps.outcome import WAITING, Outcome
from scratchnet.system import files

FILE = "sweep.json"


@dataclass
class Job:
    """One job of a sweep."""

    number: int  # from 0; also the name of its folder
    overrides: list[str]  # all
    swept: list[str]  # those in which the jobs differ
    config: Plain | None = None  # what they make; not in the record
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
    def is_left(self) -> bool:
        """True while it has not run to an end."""
        return self.status in (WAITING, Status.running.value, Status.interrupted.value)

    def to_plain(self) -> Plain:
        """What the record says of it."""
        about = {"number": self.number, "folder": str(self.number)}
        result = {"status": self.status, "reason": self.reason, "seconds": self.seconds}
        return about | result | {"overrides": self.overrides}


class SweepFolder:
    """The folder of a sweep: a record of all jobs, and a run folder for each."""

    def __init__(self, path: Path):
        self.path = path
        self._writing = threading.Lock()

    def create(self) -> None:
        """Make it. Raises RunError where something else is there."""
        path = self.path
        if (path / FILE).exists():
            raise RunError(f"{path}: holds a sweep; add sweep_dir={path} to go on with it")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RunError(f"{path}: is not empty; give a new folder for the sweep")
        files.make_folder(path)

    def check(self, kind: str, swept: list) -> None:
        """Raise RunError unless it was made for the same jobs."""
        path = self.path
        if not (path / FILE).is_file():
            raise RunError(f"{path}: is not the folder of a sweep (it has no {FILE})")
        record = read_record(path / FILE)
        if record.get("kind") != kind or record.get("swept") != swept:
            raise RunError(
                f"{path}: is the folder of another sweep; repeat its own command, "
                f"which {FILE} holds, or start a new sweep without sweep_dir"
            )

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """While this lasts, no other process can work on this sweep."""
        return files.locked(self.path / ".lock")

    def folder(self, job: Job) -> Path:
        """Where a job runs."""
        return self.path / str(job.number)

    def write(
        self, kind: str, typed: list[str], status: str, swept: list, jobs: Sequence[Job]
    ) -> None:
        """Put the record in place. `typed`: the overrides on the command line; `swept`: what
        tells this sweep from others."""
        record = {
            "kind": kind,
            "status": status,
            "written": datetime.now().astimezone().isoformat(timespec="seconds"),
            "typed": typed,
            "swept": swept,
            "jobs": [job.to_plain() for job in jobs],
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        with self._writing:
            files.write_atomic(self.path / FILE, f"{text}\n".encode())
