"""Sweeps on Ray and through submitit: the same folders and results as one job after the other."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
JOBS = ["seed=0,1", "optimizer.lr=1e-3,3e-4", "trainer.epochs=2", "model.hidden_dims=[16]"]
CLUSTERS = {
    "ray": ("ray", ["hydra/launcher=ray", "hydra.launcher.ray.init.num_cpus=2"]),
    "submitit": ("submitit", ["hydra/launcher=submitit_local"]),
    "joblib": ("joblib", ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2"]),
}


def sweep(cwd: Path, name: str, *launcher: str) -> Path:
    """A whole sweep; its folder."""
    arguments = ["-m", *JOBS, "trainer.threads=1", *launcher, f"hydra.sweep.dir={name}"]
    environment = os.environ | {"HOME": str(cwd / "home")}
    subprocess.run(
        [sys.executable, str(RUN), *arguments], cwd=cwd, env=environment, check=True, timeout=300
    )
    return cwd / name


def content(folder: Path) -> dict[str, str]:
    """The files of all jobs: their text, without the times; only the names of other files."""
    files = {}
    for path in sorted(folder.glob("[0-9]/**/*")):
        name = path.relative_to(folder).as_posix()
        if path.name in ("config.yaml", "overrides.txt", "summary.txt"):
            files[name] = path.read_text()
        elif path.name == "summary.json":
            files[name] = json.loads(path.read_text()) | {"seconds": None}
        elif path.name == "metrics.csv":
            rows = [line.split(",") for line in path.read_text().splitlines()]
            files[name] = [row[:7] + row[9:] for row in rows]
        else:
            files[name] = ""
    return files


@pytest.fixture(scope="module")
def sequential(tmp_path_factory):
    return sweep(tmp_path_factory.mktemp("sequential"), "s")


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", CLUSTERS)
def test_it_makes_no_difference_where_jobs_run(tmp_path, sequential, name):
    module, launcher = CLUSTERS[name]
    pytest.importorskip(module)
    (tmp_path / "home").mkdir()
    found = content(sweep(tmp_path, "s", *launcher))
    assert len([file for file in found if file.endswith("summary.json")]) == 4
    assert found == content(sequential)
    assert not list((tmp_path / "home").glob(".ray*"))  # no token is left


@pytest.mark.exhaustive
def test_a_sweep_on_ray_answers_sigterm_as_any_other(tmp_path):
    """Ray has an answer of its own, which would leave the jobs marked as running."""
    pytest.importorskip("ray")
    typed = ["seed=0,1", "trainer.epochs=100000", "trainer.threads=1", "model.hidden_dims=[16]"]
    process = subprocess.Popen(
        [sys.executable, str(RUN), "-m", *typed, *CLUSTERS["ray"][1], "hydra.sweep.dir=s"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob("s/*/checkpoints/last.npz"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 143
    assert f"to resume: {sys.executable} {RUN} -m seed=0,1 " in errors
    for job in ("0", "1"):
        run = json.loads((tmp_path / "s" / job / "run.json").read_text())
        assert run["status"] == "interrupted"


SBATCH = """#!/usr/bin/env python3
import os, re, subprocess, sys
last = int(re.search(r"--array=0-([0-9]+)", open(sys.argv[-1]).read())[1])
for task in range(last + 1):
    names = {"SLURM_JOB_ID": str(78 + task), "SLURM_ARRAY_JOB_ID": "77"}
    names |= {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_JOB_NODELIST": "localhost"}
    with open("slurm.log", "ab") as log:
        subprocess.Popen(
            ["bash", sys.argv[-1]],
            env=os.environ | names, stdout=log, stderr=log, start_new_session=True,
        )
print("Submitted batch job 77")
"""
SRUN = """#!/bin/bash
while [[ $1 == --* ]]; do
    [[ $1 == --unbuffered ]] || shift
    shift
done
exec "$@"
"""
SACCT = """#!/bin/bash
echo "JobID|State|NodeList"
for task in 0 1 2 3; do echo "77_$task|RUNNING|localhost"; done
"""


@pytest.mark.exhaustive
def test_slurm_is_given_what_it_needs(tmp_path, sequential, monkeypatch):
    """SLURM's commands are stand-ins that start the jobs of the array on this machine."""
    pytest.importorskip("submitit")
    (tmp_path / "bin").mkdir()
    (tmp_path / "home").mkdir()
    for name, script in {"sbatch": SBATCH, "srun": SRUN, "sacct": SACCT}.items():
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    found = sweep(tmp_path, "s", "hydra/launcher=submitit_slurm", "hydra.launcher.partition=small")
    assert content(found) == content(sequential)
    script, *_ = (found / ".submitit").rglob("*.sh")
    text = script.read_text()
    assert "#SBATCH --partition=small" in text
    assert "#SBATCH --cpus-per-task=4" in text
