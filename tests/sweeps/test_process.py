"""A job starts and ends alike whether a fork server starts it or not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scratchnet.sweeps import fork_server
from scratchnet.sweeps.process import JobProcess

CHECKOUT = Path(__file__).resolve().parents[2]
RUN_PY = f"""
import json, os, sys, time
sys.path.insert(1, {str(CHECKOUT)!r})
from scratchnet.sweeps import fork_server, process
if fork_server.is_asked():
    fork_server.serve()
process.end_with_parent()
exec(sys.argv[1])
"""
LONG = 60  # seconds; a job that is waited for ends much sooner

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="there is no fork server")
Start = Callable[..., JobProcess]


@pytest.fixture
def run_py(tmp_path) -> Path:
    """A run.py that runs its first argument as Python."""
    path = tmp_path / "run.py"
    path.write_text(RUN_PY)
    return path


@pytest.fixture
def server(run_py) -> Iterator[Path]:
    with fork_server.started(run_py) as path:
        assert path is not None
        yield path


@pytest.fixture
def start(run_py, tmp_path) -> Start:
    def start_job(script: str, server: Path | None = None, limit: int | None = None) -> JobProcess:
        errors = tmp_path / "errors.txt"
        arguments, directory = [script, "it's \udce4 b"], tmp_path / "elsewhere"
        directory.mkdir(exist_ok=True)
        return JobProcess(
            run_py, arguments, directory, errors, thread_limit=limit, is_shown=False, server=server
        )

    return start_job


@pytest.fixture(params=["new", pytest.param("forked", marks=needs_fork)])
def place(request) -> Path | None:
    """The server to start a job from, or None."""
    return request.getfixturevalue("server") if request.param == "forked" else None


@pytest.mark.parametrize(
    ("script", "code", "error"),
    [
        ("pass", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('no data')", 1, "no data\n"),
        ("os.kill(os.getpid(), 9)", -9, ""),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
        ("import atexit; atexit.register(print, 'the end', file=sys.stderr)", 0, "the end\n"),
    ],
)
def test_exit_code_and_last_words(start, place, tmp_path, script, code, error):
    assert start(script, place).wait(LONG) == code
    text = (tmp_path / "errors.txt").read_text()
    assert text.endswith(error)
    assert bool(text) == bool(error)


def test_a_job_that_is_asked_to_stop_ends(start, place, tmp_path):
    job = start("open('begun', 'w').close(); time.sleep(60)", place)
    while not (tmp_path / "elsewhere" / "begun").exists():
        assert job.wait(0.01) is None
    assert job.stop() == -signal.SIGTERM


SURROUNDINGS = """
import numpy as np, resource, signal, threading, threadpoolctl
rng = np.random.default_rng(0)
a, b = rng.random((500, 700), np.float32), rng.random((700, 300), np.float32)
print(json.dumps({
    "arguments": sys.argv,
    "directory": os.getcwd(),
    "environment": dict(os.environ),
    "session": os.getsid(0) == os.getpid(),
    "path": sys.path,
    "signals": [str(signal.getsignal(number)) for number in signal.valid_signals()],
    "blocked": [str(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    "streams": [os.fstat(number).st_mode for number in range(3)],
    "encodings": [(f.encoding, f.errors, f.line_buffering) for f in (sys.stdout, sys.stderr)],
    "threads": sorted(thread.name for thread in threading.enumerate()),
    "blas": [lib["num_threads"] for lib in threadpoolctl.threadpool_info()],
    "product": (a @ b).astype(np.float64).sum().hex(),
    "svd": np.linalg.svd(a[:200, :200])[1].astype(np.float64).sum().hex(),
    "limits": resource.getrlimit(resource.RLIMIT_NOFILE),
}), file=sys.stderr)
"""


@needs_fork
@pytest.mark.parametrize("limit", [None, 1, 2, 3])
def test_a_job_finds_the_same_surroundings_and_computes_the_same_bits(
    start, server, tmp_path, monkeypatch, limit
):
    monkeypatch.setenv("NAME", "\udcff and more" + 100_000 * "x")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    found = []
    for place in (None, server, server):
        assert start(SURROUNDINGS, place, limit).wait(LONG) == 0
        found.append(json.loads((tmp_path / "errors.txt").read_text()))
    assert found[0] == found[1] == found[2]
    assert found[0]["arguments"][2] == "it's \udce4 b"


@needs_fork
def test_jobs_run_at_the_same_time(start, server, tmp_path):
    meet = "open({!r}, 'w').close()\nwhile not os.path.exists({!r}): time.sleep(0.01)"
    jobs = [start(meet.format("a", "b"), server), start(meet.format("b", "a"), server)]
    assert [job.wait(LONG) for job in jobs] == [0, 0]


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@needs_fork
def test_jobs_outlive_the_server_and_new_ones_start_without_it(start, server, tmp_path):
    script = "open('pid', 'w').write(f'{os.getpid()}\\n')\nwhile os.path.exists('pid'):"
    job = start(f"{script} time.sleep(0.01)\nsys.exit(7)", server)
    pid = tmp_path / "elsewhere" / "pid"
    while not (pid.exists() and pid.read_text().endswith("\n")):
        assert job.wait(0.01) is None
    os.kill(parent(parent(int(pid.read_text()))), signal.SIGKILL)
    time.sleep(0.1)
    assert job.wait(0) is None
    assert start("sys.exit(8)", server).wait(LONG) == 8
    pid.unlink()
    assert job.wait(LONG) == 7


@needs_fork
def test_without_its_waiter_a_job_counts_as_killed_when_it_has_ended(start, server, tmp_path):
    script = "os.kill(os.getppid(), 9); time.sleep(0.3); open('done', 'w').close()"
    assert start(script, server).wait(LONG) == -signal.SIGKILL
    assert (tmp_path / "elsewhere" / "done").exists()


def test_a_server_that_cannot_start_is_done_without(start, run_py):
    script = run_py.read_text()
    run_py.write_text("1 / 0")
    with fork_server.started(run_py) as server:
        run_py.write_text(script.replace("fork_server.is_asked()", "False"))
        assert start("sys.exit(6)", server).wait(LONG) == 6


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_forking_is_not_safe_there_is_no_server(monkeypatch, run_py, platform):
    monkeypatch.setattr(sys, "platform", platform)
    with fork_server.started(run_py) as server:
        assert server is None


@needs_fork
def test_no_other_user_can_start_jobs_and_nothing_is_left(run_py):
    with fork_server.started(run_py) as server:
        assert server.parent.stat().st_mode & 0o777 == 0o700
    assert not server.parent.exists()


@needs_fork
def test_the_server_ends_with_the_process_that_started_it(run_py):
    code = """
import sys, time
from pathlib import Path
from scratchnet.sweeps import fork_server
with fork_server.started(Path(sys.argv[1])) as server:
    print(server, flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", code, str(run_py)]
    starter = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    folder = Path(starter.stdout.readline().strip()).parent
    assert folder.exists()
    starter.kill()
    starter.communicate()
    deadline = time.monotonic() + LONG
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
