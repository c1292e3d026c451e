"""Sweeps as a user runs them, with real jobs, Ctrl-C and kill -9."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from begun import COMMAND, RUN, wait_until_begun

TYPED = [sys.executable, str(RUN)]
TINY = ["trainer.epochs=1", "dataset.validation_size=900", "model.hidden_dims=[8]"]
ENDLESS = ["trainer.epochs=100000", "model.hidden_dims=[8]", "trainer.threads=1"]
LAST = "checkpoints/last.npz"

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="finds the jobs in /proc"
)


def start(cwd: Path, *arguments: str, command: Sequence[str] = TYPED) -> subprocess.Popen:
    return subprocess.Popen(
        [*command, "-m", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def statuses(sweep: Path) -> list[str]:
    """Those of the jobs, from the record of the sweep."""
    return [job["status"] for job in json.loads((sweep / "sweep.json").read_text())["jobs"]]


def status(run: Path) -> str:
    return json.loads((run / "run.json").read_text())["status"]


def wait_for(*paths: Path) -> None:
    deadline = time.monotonic() + 60
    while not all(path.exists() for path in paths) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert all(path.exists() for path in paths)


def processes(folder: Path) -> list[int]:
    """The jobs in a folder: those whose standard error is a file in it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/fd/2"):
        try:
            if path.readlink().is_relative_to(folder):
                found.append(int(path.parents[1].name))
        except OSError:  # it has ended meanwhile
            continue
    return found


def content(run: Path) -> dict[str, object]:
    """What a run has left, but for its times and what holds its name."""
    found: dict[str, object] = {}
    for path in sorted(path for path in run.rglob("*") if path.is_file()):
        name = path.relative_to(run).as_posix()
        if name in ("job.json", "run.log"):
            continue
        is_titled = name in ("plots/curves.png", "plots/confusion.png", "report.html")
        found[name] = None if is_titled else path.read_bytes()
        if path.suffix == ".json":
            timed = {"start": None, "end": None, "seconds": None}
            found[name] = json.loads(path.read_text()) | timed
        elif path.suffix == ".csv":
            rows = list(csv.DictReader(path.read_text().splitlines()))
            found[name] = [row | dict.fromkeys(("seconds", "samples_per_second")) for row in rows]
    return found


def test_a_job_leaves_what_the_typed_command_leaves(tmp_path):
    settings = ["trainer.epochs=2", "model.dropout=0.1", "dataset.augment=true"]
    sweep = start(tmp_path, "seed=4,5", *settings, "hydra.sweep.dir=s")
    assert sweep.communicate(timeout=120)[1] == ""
    command = [*TYPED, "seed=5", *settings, "hydra.run.dir=typed"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    found = content(tmp_path / "s" / "1")
    assert found == content(tmp_path / "typed")
    assert {"checkpoints/best.npz", "plots/confusion.png", "report.html"} <= found.keys()
    assert not (tmp_path / "s" / "1" / "errors.txt").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")
def test_ctrl_c_stops_all_jobs_and_says_how_to_resume(tmp_path):
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    sweep = tmp_path / "s"
    arguments = ["seed=0,1,2", *ENDLESS, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2"]
    process = start(tmp_path, *arguments, "hydra.sweep.dir=s")
    wait_for(sweep / "0" / LAST, sweep / "1" / LAST)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert statuses(sweep) == ["interrupted", "interrupted", "waiting"]
    assert status(sweep / "0") == status(sweep / "1") == "interrupted"
    assert not (sweep / "2").exists()
    assert "2    waiting      seed=2" in output
    assert f"to resume: {sys.executable} {RUN} -m seed=0,1,2" in errors
    assert errors.splitlines()[-2].endswith("sweep_dir=s")
    assert "Traceback" not in errors


@pytest.mark.exhaustive
@needs_proc
@pytest.mark.parametrize("seed", range(30))
def test_a_signal_at_30_random_moments(tmp_path, seed):
    rng, sweep = random.Random(seed), tmp_path / "s"
    number, launcher = rng.choice([signal.SIGINT, signal.SIGTERM]), rng.choice(["basic", "joblib"])
    choices = ["hydra.sweep.dir=s", f"hydra/launcher={launcher}"]
    process = start(tmp_path, "seed=0,1", *ENDLESS, *choices, command=COMMAND)
    wait_until_begun(process)
    time.sleep(rng.uniform(0.2, 4))
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    assert code == 128 + number  # a shell says the same of a process that a signal has ended
    assert "Traceback" not in errors
    if (sweep / "sweep.json").exists():
        assert set(statuses(sweep)) <= {"interrupted", "waiting"}
        assert errors.splitlines()[-2].startswith(f"to resume: {sys.executable} {RUN} -m seed=0,1")
    assert {status(path.parent) for path in sweep.glob("*/run.json")} <= {"interrupted"}
    assert not list(tmp_path.rglob("*.part"))
    assert processes(sweep) == []


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")
def test_ctrl_c_stops_a_search_that_is_then_resumed(tmp_path):
    pytest.importorskip("optuna")
    sweep = tmp_path / "s"
    lr = "optimizer.lr=tag(log,interval(1e-4,1e-1))"
    search = ["hydra/sweeper=optuna", "hydra.sweeper.n_jobs=2", lr, *ENDLESS[1:]]
    epochs = ["trainer.epochs=300", "hydra.sweeper.pruner=none", "hydra.sweeper.n_trials=3"]
    process = start(tmp_path, *search, *epochs, "hydra.sweep.dir=s")
    wait_for(sweep / "0" / LAST, sweep / "1" / LAST)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert statuses(sweep) == ["interrupted", "interrupted"]
    assert status(sweep / "0") == status(sweep / "1") == "interrupted"
    assert f"to resume: {sys.executable} {RUN} -m hydra/sweeper=optuna" in output
    assert "Traceback" not in errors
    assert start(tmp_path, *search, *epochs, "sweep_dir=s").communicate(timeout=120)[1] == ""
    assert statuses(sweep) == ["completed"] * 3
    assert json.loads((sweep / "0" / "run.json").read_text())["resumed"]
    assert (sweep / "best.yaml").exists()


@pytest.mark.exhaustive
@needs_proc
@pytest.mark.parametrize("launcher", ["basic", "joblib"])
def test_jobs_end_with_the_process_that_waits_for_them(tmp_path, launcher):
    sweep = tmp_path / "s"
    process = start(
        tmp_path, "seed=0,1", *ENDLESS, "hydra.sweep.dir=s", f"hydra/launcher={launcher}"
    )
    wait_for(sweep / "0" / LAST)
    process.kill()
    process.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while processes(sweep) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert status(sweep / "0") == "interrupted"


@pytest.mark.exhaustive
@needs_proc
def test_jobs_that_diverge_fail_or_are_killed_do_not_end_a_sweep(tmp_path):
    """Job 0 is killed, 1 has no data, 2 diverges, 3 has no data; then 0 is run again."""
    (tmp_path / "mnist").write_text("a file where the folder of the dataset would be")
    choices = ["optimizer.lr=1e-3,1e30", "dataset=digits,mnist"]
    settings = ["optimizer=sgd", "trainer.clip_norm=null", "dataset.root=.", *TINY]

    def kill() -> None:
        wait_for(tmp_path / "s" / "0" / "run.json")
        for number in processes(tmp_path / "s" / "0"):
            os.kill(number, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    output, _ = start(tmp_path, *choices, *settings, "hydra.sweep.dir=s").communicate(timeout=120)
    killer.join()
    assert "4 jobs: 3 failed, 1 diverged" in output
    assert "killed by SIGKILL" in output
    process = start(tmp_path, *choices, *settings, "sweep_dir=s")
    process.communicate(timeout=120)
    assert process.returncode == 1
    assert statuses(tmp_path / "s") == ["completed", "failed", "diverged", "failed"]
