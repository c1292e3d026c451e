"""The process of one job, which never outlives the process that started it.

The parent holds one end of a pipe that is the job's stdin, and writes nothing into it. However the
parent ends, even by `kill -9`, the system closes that pipe. The job sees its stdin end and reacts
as it does to SIGTERM: it finishes its step and is marked as interrupted.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from scratchnet.compute import threads

LIFELINE = "SCRATCHNET_LIFELINE"  # "1" in the environment of a job whose stdin is such a pipe


class JobProcess:
    """`python run.py ARGUMENTS`, in a session of its own: Ctrl-C reaches only its parent."""

    def __init__(
        self,
        run_py: Path,
        arguments: Sequence[str],
        directory: Path,
        errors: Path,
        *,
        thread_limit: int | None,
        is_shown: bool,
    ):
        environment = os.environ | {LIFELINE: "1"}
        if thread_limit is not None:
            environment |= dict.fromkeys(threads.VARIABLES, str(thread_limit))
        with errors.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, str(run_py), *arguments],
                cwd=directory,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=None if is_shown else subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )

    def wait(self, seconds: float) -> int | None:
        """The exit code, negative for a signal; None if it is still running after `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return self.stop()

    def stop(self) -> int:
        """Let it finish its step and end; the exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait()


def end_with_parent() -> None:
    """In a job, from now on: stop when the parent ends. Outside a job, do nothing."""
    if os.environ.pop(LIFELINE, None) == "1":
        threading.Thread(target=_wait_for_parent, name="lifeline", daemon=True).start()


def _wait_for_parent() -> None:
    while os.read(0, 1):
        pass
    if os.name == "nt":  # where os.kill would end the process at once
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
