"""How a job ended: the file job.json in its folder."""

import contextlib
import json
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.runs.folder import Status
from scratchnet.runs.load import JOB as FILE
from scratchnet.runs.parsing import read_json
from scratchnet.system import files
from scratchnet.training.trainer import Diverged

WAITING = "waiting"  # the status of a job that has not begun; such a one has no file


@dataclass(frozen=True)
class Outcome:
    """The end of an attempt to run a job, whether the run began or not."""

    status: str  # the name of a Status, or WAITING
    reason: str | None = None  # one line, where it did not complete
    exit_code: int | None = None  # of its process; negative: the signal that killed it
    seconds: float | None = None  # from start to end

    def write(self, folder: Path) -> None:
        """Put job.json into the folder of a job. Raises RunError."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        files.write_atomic(folder / FILE, f"{text}\n".encode())

    @classmethod
    def read(cls, folder: Path) -> "Outcome | None":
        """What job.json says; None where there is none. Raises RunError where it is damaged."""
        if not (folder / FILE).exists():
            return None
        try:
            outcome = cls(**read_json(folder / FILE))
        except TypeError as error:
            raise RunError(f"{folder / FILE}: is not the outcome of a job") from error
        reason, seconds = outcome.reason, outcome.seconds
        if (
            outcome.status not in Status.__members__
            or not isinstance(reason, str | None)
            or not isinstance(seconds, int | float | None)
        ):
            raise RunError(f"{folder / FILE}: is not the outcome of a job")
        return outcome

    @classmethod
    def of_process(cls, exit_code: int, last_words: str, seconds: float) -> "Outcome":
        """From the exit code of run.py, and the last line of what it wrote to stderr."""
        if exit_code == 0:
            return cls(Status.completed.value, None, exit_code, seconds)
        if exit_code < 0:
            reason = f"killed by {signal_name(-exit_code)}"
            return cls(Status.failed.value, reason, exit_code, seconds)
        if exit_code > 128:
            return cls(Status.interrupted.value, None, exit_code, seconds)
        status = Status.diverged if exit_code == Diverged.exit_code else Status.failed
        return cls(status.value, last_words or f"exit code {exit_code}", exit_code, seconds)


def signal_name(number: int) -> str:
    """E.g. SIGKILL; one without a name as its number."""
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
