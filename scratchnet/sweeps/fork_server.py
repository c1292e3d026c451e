"""A process that has imported everything, from which jobs are forked: they start at once.

The server is run.py itself: it imports what it always imports, then waits here. To start a job, a
client connects to the server's socket and sends what a shell gives a new process: arguments,
directory, environment and the three standard streams. The server forks, and `serve` returns in the
job, where run.py continues as if it had just been started that way.

    server -+- waiter -- job        one connection per job; its waiter answers twice:
            +- waiter -- job        when the job has started, and with its exit code

Waiters make jobs independent of the server and of each other: if the server dies, running jobs
continue, their exit codes still arrive, and new jobs start without it.

Forking is safe because the server has a single thread: it computes nothing, and its BLAS is limited
to one. On macOS it is never safe (system libraries start threads), and Windows has no fork.
"""

import contextlib
import gc
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import threadpoolctl

from scratchnet.compute import threads
from scratchnet.reports import plots

LISTENER = "SCRATCHNET_FORK_SERVER"  # in the server's environment: its socket's file descriptor
STARTED = b"s"


@contextlib.contextmanager
def started(run_py: Path) -> Iterator[Path | None]:
    """A server for the jobs of this and other processes; gives the path of its socket.

    Clients wait until it has imported everything. None where there can be no server.
    """
    if sys.platform != "linux":
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(tempfile.mkdtemp(prefix="scratchnet-"))  # closed to other users
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            path = folder / "jobs"
            stack.callback(_end, _start(run_py, path))
        except OSError:
            path = None
        yield path


def _start(run_py: Path, path: Path) -> subprocess.Popen[bytes]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        number = listener.fileno()
        environment = os.environ | dict.fromkeys(threads.VARIABLES, "1")
        return subprocess.Popen(
            [sys.executable, str(run_py)],
            env=environment | {LISTENER: str(number)},
            stdin=subprocess.PIPE,  # closes however this process ends, and the server ends too
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[number],
        )


def _end(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin is not None
    server.stdin.close()
    server.terminate()  # it may still be importing
    server.wait()


@dataclass(frozen=True)
class Request:
    """All that a new process is given, except its streams."""

    arguments: Sequence[str]
    directory: str
    environment: Mapping[str, str]


class ForkedProcess:
    """A process that a server has forked."""

    def __init__(self, server: Path, request: Request, streams: Sequence[int]):
        """Start it with these file descriptors as streams. Raises OSError if the server is gone."""
        self._code: int | None = None
        self._connection = socket.socket(socket.AF_UNIX)
        try:
            self._connection.connect(str(server))
            socket.send_fds(self._connection, [STARTED], list(streams))
            self._connection.sendall(json.dumps(vars(request)).encode())
            self._connection.shutdown(socket.SHUT_WR)
            if self._connection.recv(1) != STARTED:
                raise ConnectionResetError("the fork server has ended")
        except OSError:
            self._connection.close()
            raise

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code, negative for a signal; None if it is still running after `seconds`."""
        if self._code is None:
            self._connection.settimeout(seconds)
            try:
                answer = self._connection.recv(16)
            except (TimeoutError, BlockingIOError):  # the latter after 0 seconds
                return None
            self._connection.close()
            # no answer: the waiter was killed; the job, which holds the connection too, has ended
            self._code = int(answer) if answer else -signal.SIGKILL
        return self._code


def is_asked() -> bool:
    """Whether this process was started to be the server."""
    return LISTENER in os.environ


def serve() -> None:
    """Fork jobs until the process that started the server ends. Returns in each job only."""
    listener = socket.socket(fileno=int(os.environ.pop(LISTENER)))
    folder = Path(listener.getsockname()).parent
    with contextlib.suppress(Exception):  # a broken matplotlib is for each job to report
        plots.warm_up(folder)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a waiter
    gc.collect()
    gc.freeze()  # looking for garbage would copy the pages that jobs share with the server
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            shutil.rmtree(folder, ignore_errors=True)
            sys.exit()
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _wait_for_job(connection)
            return
        connection.close()


def _wait_for_job(connection: socket.socket) -> None:
    """Fork the job, wait for it and tell the client; returns in the job only."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    job = None
    try:
        _, streams, _, _ = socket.recv_fds(connection, len(STARTED), 3)
        with connection.makefile("rb") as file:
            request = Request(**json.load(file))
        job = os.fork()
        if job == 0:
            connection.detach()  # stays open until the job ends
            _become(request, streams)
            return
        for stream in streams:
            os.close(stream)
        connection.sendall(STARTED)
        _, status = os.waitpid(job, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    finally:
        if job != 0:
            os._exit(0)


def _become(request: Request, streams: list[int]) -> None:
    """Turn this process into one that was just started as requested."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())
    os.chdir(request.directory)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.argv[1:] = request.arguments
    count = min(threads.environment_limit() or threads.cores(), threads.cores())
    threadpoolctl.threadpool_limits(count, user_api="blas")  # as OpenBLAS sets it when it is loaded
