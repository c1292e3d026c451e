"""Ctrl-C and SIGTERM at random moments, as a user or a cluster would."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
ENDLESS = ["trainer.epochs=100000", "trainer.threads=1", "model.hidden_dims=[16]"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")


def stop(cwd: Path, arguments: list[str], number: int, seconds: float) -> tuple[int, str]:
    """Start run.py, send a signal after its first epoch and some time; exit code and stderr."""
    process = subprocess.Popen(
        [sys.executable, str(RUN), *arguments],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not list(cwd.rglob("last.npz")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def check(cwd: Path, number: int, code: int, seconds: float) -> None:
    ended = stop(cwd, [*ENDLESS, "hydra.run.dir=a run"], number, seconds)
    assert ended == (code, "to go on: python run.py resume='a run'\ninterrupted\n")
    assert json.loads((cwd / "a run" / "run.json").read_text())["status"] == "interrupted"
    assert not list(cwd.rglob("*.part"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_run_is_marked_and_says_how_to_go_on(tmp_path, number, code):
    check(tmp_path, number, code, 0.1)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(30))
def test_at_30_random_moments(tmp_path, seed):
    number, code = random.Random(seed).choice([(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    check(tmp_path, number, code, random.Random(seed).uniform(0, 0.5))
