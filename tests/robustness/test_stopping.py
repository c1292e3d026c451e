"""Ctrl-C and SIGTERM at any moment, as a user or a cluster sends them."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from begun import COMMAND, RUN, wait_until_begun
from small_runs import finish, train, without_plots

from scratchnet.experiment import resume
from scratchnet.reports.plots import Plots
from scratchnet.runs import RunFolder
from scratchnet.system import files, interrupts

SMALL = [
    "trainer.threads=1",
    "trainer.engine=numpy",
    "model.hidden_dims=[16]",
    "hydra.run.dir=a run",
]
ENDLESS = ["trainer.epochs=100000", *SMALL]
MESSAGE = f"to resume: {sys.executable} {RUN} 'resume=a run'\ninterrupted\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")


@contextlib.contextmanager
def started(cwd: Path, *arguments: str) -> Iterator[subprocess.Popen]:
    """A process in this folder that does not outlive the test."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def status(cwd: Path) -> str:
    return json.loads((cwd / "a run" / "run.json").read_text())["status"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_run_is_marked_and_says_how_to_resume_it(tmp_path, number, code):
    with started(tmp_path, str(RUN), *ENDLESS) as process:
        wait_for(lambda: list(tmp_path.rglob("last.npz")))
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (code, MESSAGE)
    assert status(tmp_path) == "interrupted"
    assert not list(tmp_path.rglob("*.part"))


def stop_at(cwd: Path, moment: float, number: int) -> None:
    """Send a signal `moment` seconds after Python is ready: while it starts or trains."""
    with started(cwd, *COMMAND[1:], *ENDLESS) as process:
        wait_until_begun(process)
        time.sleep(moment)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    assert code == 128 + number  # as a shell reports a process that a signal has ended
    if (cwd / "a run" / "run.json").exists():
        assert (status(cwd), errors) == ("interrupted", MESSAGE)
    else:
        assert errors in ("", "interrupted\n")
    assert not list(cwd.rglob("*.part"))


@pytest.mark.parametrize("moment", [0.2, 0.5])
def test_while_it_starts(tmp_path, moment):
    stop_at(tmp_path, moment, signal.SIGINT)


LOADING = f"""
import runpy, sys, time
from scratchnet.data import digits
digits.Digits.load = lambda *_: (print("loading", file=sys.stderr), time.sleep(100))
sys.argv[0] = {str(RUN)!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_while_it_loads_the_dataset(tmp_path):
    with started(tmp_path, "-c", LOADING, *SMALL) as process:
        assert process.stderr.readline() == "loading\n"
        assert (tmp_path / "a run").exists()
        time.sleep(0.1)  # the line is out, but its print has to return too
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "interrupted\n")
    assert not (tmp_path / "a run").exists()


SLOW_COMMAND = """
import runpy, sys, time
from importlib import abc
class Slow(abc.MetaPathFinder):
    def find_spec(self, name, *_):
        if name == "scratchnet.cli.commands":
            print("importing", file=sys.stderr)
            time.sleep(100)
sys.meta_path.insert(0, Slow())
sys.argv = ["scratchnet", "list"]
runpy.run_module("scratchnet", run_name="__main__", alter_sys=True)
"""


def test_a_command_that_is_still_importing_just_ends(tmp_path):
    with started(tmp_path, "-c", SLOW_COMMAND) as process:
        assert process.stderr.readline() == "importing\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (-signal.SIGINT, "")


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(30))
def test_at_30_random_moments(tmp_path, seed):
    rng = random.Random(seed)
    stop_at(tmp_path, rng.uniform(0.2, 2), rng.choice([signal.SIGINT, signal.SIGTERM]))


SLOW = f"""
import runpy, sys, time
from scratchnet.system import files
files.hook = lambda operation, path: (
    time.sleep(100) if (operation, path.name) == ("fsync", ".last.npz.part") else None
)
sys.argv[0] = {str(RUN)!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_second_one_leaves_at_once_in_the_middle_of_a_save(tmp_path, conf, monkeypatch):
    with started(tmp_path, "-c", SLOW, *SMALL, "trainer.epochs=2") as process:
        wait_for(lambda: list(tmp_path.rglob(".last.npz.part")))
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):  # it finishes the save first
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    assert status(tmp_path) == "running"
    without_plots(monkeypatch)
    resume.run(tmp_path / "a run", [])
    assert status(tmp_path) == "completed"


def interrupted_at(monkeypatch, folder: Path, n: int) -> int:
    """Press Ctrl-C at the n-th file operation (0, 1, ...); returns how many there were.

    The run then ends as interrupted or, if all its epochs were done, as completed.
    """
    count = 0

    def hook(operation: str, path: Path) -> None:
        nonlocal count
        if count == n:
            os.kill(os.getpid(), signal.SIGINT)
        count += 1

    with monkeypatch.context() as patch, interrupts.handled():
        patch.setattr(files, "hook", hook)
        try:
            train(folder)
            assert RunFolder.open(folder).info["status"] == "completed"
        except interrupts.Interrupted:
            assert n >= 0
    return count


def check_interrupted_at(monkeypatch, folder: Path, n: int, whole: Path) -> None:
    interrupted_at(monkeypatch, folder, n)
    if (folder / "run.json").exists():
        _ = RunFolder.open(folder).metrics
    finish(folder, whole)


def test_at_some_file_operations(tmp_path, conf, monkeypatch):
    without_plots(monkeypatch)
    total = interrupted_at(monkeypatch, tmp_path / "whole", -1)
    for n in (
        1,
        8,
        total // 3,
        total // 2,
        total - 14,
        total - 1,
    ):  # start, save, end
        check_interrupted_at(monkeypatch, tmp_path / str(n), n, tmp_path / "whole")


@pytest.mark.exhaustive
def test_at_every_file_operation(tmp_path, conf, monkeypatch):
    without_plots(monkeypatch)
    for n in range(interrupted_at(monkeypatch, tmp_path / "whole", -1)):
        check_interrupted_at(monkeypatch, tmp_path / str(n), n, tmp_path / "whole")


def test_a_signal_while_the_plots_are_drawn_leaves_a_completed_run(tmp_path, conf, monkeypatch):
    """The numbers are in summary.json by then: the run ends as it says, with exit code 0."""
    monkeypatch.setattr(Plots, "draw_curves", lambda self: None)
    monkeypatch.setattr(Plots, "draw_test", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with interrupts.handled():
        train(tmp_path / "a run")
    assert status(tmp_path) == "completed"
