"""The process of one job."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scratchnet.compute import threads
from scratchnet.sweeps import lifeline


class JobProcess:
    """`python run.py ARGUMENTS`, which ends when this process does (see sweeps.lifeline).

    It stands in a session of its own: Ctrl-C on the terminal reaches only who waits for it.
    """

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
        environment = os.environ | {lifeline.VARIABLE: "1"}
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
        """The exit code, negative for a signal; None where it is still at work after `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return self.stop()

    def stop(self) -> int:
        """Let it finish its step and end; the exit code."""
        self._process.stdin.close()
        return self._process.wait()
