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
from scratchnet.sweeps.fork_server import ForkedProcess, Request
from scratchnet.system import files

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
        server: Path | None = None,
    ):
        """Start the process: forked by the fork server with this socket, or else a new one."""
        environment = os.environ | {LIFELINE: "1"}
        if thread_limit is not None:
            environment |= dict.fromkeys(threads.VARIABLES, str(thread_limit))
        request = Request(arguments, str(directory), environment)
        end, lifeline = os.pipe()
        self._lifeline = os.fdopen(lifeline, "wb", buffering=0)
        try:
            with files.open_new(errors) as stderr, Path(os.devnull).open("wb") as nowhere:
                stdout = 1 if is_shown else nowhere.fileno()
                self._process = _start(run_py, request, (end, stdout, stderr.fileno()), server)
        except OSError:
            self._lifeline.close()
            raise
        finally:
            os.close(end)

    def wait(self, seconds: float) -> int | None:
        """The exit code, negative for a signal; None if it is still running after `seconds`."""
        return None if self._process.wait(seconds) is None else self.stop()

    def stop(self) -> int:
        """Let it finish its step and end; the exit code."""
        self._lifeline.close()
        code = self._process.wait()
        assert code is not None
        return code


class _NewProcess:
    """A process of its own Python."""

    def __init__(self, run_py: Path, request: Request, streams: Sequence[int]):
        """Start it with these file descriptors as its streams. Raises OSError."""
        stdin, stdout, stderr = streams
        self._process = subprocess.Popen(
            [sys.executable, str(run_py), *request.arguments],
            cwd=request.directory,
            env=request.environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code, negative for a signal; None if it is still running after `seconds`."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


def _start(
    run_py: Path, request: Request, streams: Sequence[int], server: Path | None
) -> ForkedProcess | _NewProcess:
    if server is not None:
        try:
            return ForkedProcess(server, request, streams)
        except OSError:  # the server has ended
            pass
    return _NewProcess(run_py, request, streams)


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
