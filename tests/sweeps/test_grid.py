"""Sweeps: jobs that fail do not end them, and they can be resumed.

The jobs are processes of a stand-in for run.py; test_real_sweeps.py has real ones.
"""

import errno
import json
import shutil
from pathlib import Path

import pytest
from omegaconf import OmegaConf
from sweep_places import PYTHON, RUN_PY, Place

from scratchnet.cli import composition, multirun
from scratchnet.cli.arguments import parse
from scratchnet.config import to_plain
from scratchnet.errors import RunError
from scratchnet.sweeps.record import SweepFolder
from scratchnet.system import files

STAND_IN = Path(__file__).with_name("stand_in.py")
SEEDS = "seed=0,1,2,3"


@pytest.fixture(scope="module")
def checkout(new_checkout, conf):
    """A checkout with the stand-in."""
    checkout = new_checkout(STAND_IN)
    for number, (_, config) in enumerate(composition.combinations([SEEDS], conf)):
        OmegaConf.save(to_plain(config), checkout / f"{number}.yaml")
    return checkout


class Sweeps(Place):
    """Where sweeps run."""

    @property
    def jobs(self) -> list[dict]:
        """What sweep.json says."""
        return json.loads((self.path / "s" / "sweep.json").read_text())["jobs"]

    def run(self, *typed: str, **how: str) -> int:
        """Run a sweep in which seed 3 ends as `s3` says; the exit code."""
        ends = {name.removeprefix("s"): end for name, end in how.items()}
        (self.checkout / "how.json").write_text(json.dumps(ends))
        return multirun.run(parse(["-m", *typed]), self.conf)

    def seeds(self) -> list[int]:
        """The seeds that were run since the last call."""
        return list(map(int, self.ran()))


@pytest.fixture
def place(tmp_path, checkout, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Sweeps(tmp_path, checkout)


def test_jobs_that_fail_diverge_or_are_killed_do_not_end_a_sweep(place, capsys):
    code = place.run(SEEDS, "hydra.sweep.dir=s", s0="failed", s1="diverged", s2="killed")
    assert code == 1
    assert place.seeds() == [0, 1, 2, 3]
    assert [(job["status"], job["reason"]) for job in place.jobs] == [
        ("failed", "is the last line  ]0;x"),
        ("diverged", "training diverged"),
        ("failed", "killed by SIGKILL"),
        ("completed", None),
    ]
    assert [job["overrides"] for job in place.jobs[:2]] == [["seed=0"], ["seed=1"]]
    output, errors = capsys.readouterr()
    table = output[output.index("job  status") :].splitlines()
    assert [line.split() for line in table[4:10]] == [
        *(["1", "diverged", "seed=1"], ["training", "diverged"], ["s/1"]),
        *(["2", "failed", "seed=2"], ["killed", "by", "SIGKILL"], ["s/2"]),
    ]
    assert table[10].startswith("4 jobs: 2 failed, 1 diverged, 1 completed, in ")
    assert table[11] == f"to compare: {PYTHON} -m scratchnet compare s"
    assert f"to resume: {RUN_PY} -m {SEEDS} sweep_dir=s\n" in errors
    assert "\x1b" not in output + errors


def test_only_what_is_missing_or_failed_is_run_again(place, capsys):
    place.run(SEEDS, "hydra.sweep.dir=s", s0="failed")
    place.seeds()
    shutil.rmtree(place.path / "s" / "2")
    assert place.run(SEEDS, "sweep_dir=s") == 0
    assert place.seeds() == [0, 2]
    assert {job["status"] for job in place.jobs} == {"completed"}
    assert place.run(SEEDS, "sweep_dir=s") == 0
    assert place.seeds() == []
    assert "4 already done" in capsys.readouterr().out


def test_a_job_with_another_config_is_run_again(place):
    place.run(SEEDS, "hydra.sweep.dir=s")
    place.seeds()
    config = place.path / "s" / "1" / "config.yaml"
    config.write_text(config.read_text().replace("epochs: 20", "epochs: 21"))
    place.run(SEEDS, "sweep_dir=s")
    assert place.seeds() == [1]


def test_several_at_a_time(place, capsys):
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    typed = ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "hydra.sweep.dir=s"]
    assert place.run(SEEDS, *typed, s1="killed") == 1
    assert sorted(place.seeds()) == [0, 1, 2, 3]
    assert [job["status"] for job in place.jobs] == ["completed", "failed", *["completed"] * 2]
    assert "job 1 failed in " in capsys.readouterr().out


def test_a_dry_run_lists_the_jobs_and_leaves_nothing(place, capsys):
    assert place.run(SEEDS, "optimizer.lr=1e-3,3e-4", "hydra.sweep.dir=s", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["0", "seed=0", "optimizer.lr=0.001"]
    assert lines[-1] == "8 jobs to run"
    assert place.seeds() == []
    assert not (place.path / "s").exists()


def test_a_dry_run_of_an_unfinished_sweep_lists_what_is_left(place, capsys):
    place.run(SEEDS, "hydra.sweep.dir=s", s2="failed")
    capsys.readouterr()
    place.run(SEEDS, "sweep_dir=s", "--dry-run")
    assert capsys.readouterr().out.splitlines()[-1] == "1 job to run; 3 already done"


def test_no_resume_is_offered_for_jobs_that_would_only_diverge_again(place, capsys):
    place.run(SEEDS, "hydra.sweep.dir=s", s2="diverged")
    output = capsys.readouterr()
    assert "1 diverged" in output.out
    assert "to resume" not in output.err
    assert "delete its folder and resume" in output.err


def test_a_job_that_has_diverged_is_run_again_only_if_its_folder_is_deleted(place, capsys):
    place.run("seed=0,1", "hydra.sweep.dir=s", s1="diverged")
    place.seeds()
    assert place.run("seed=0,1", "sweep_dir=s") == 1
    assert place.seeds() == []
    assert (place.jobs[1]["status"], place.jobs[1]["reason"]) == ("diverged", "training diverged")
    shutil.rmtree(place.path / "s" / "1")
    assert place.run("seed=0,1", "sweep_dir=s") == 0
    assert place.seeds() == [1]


@pytest.mark.parametrize("text", ["{", '{"status": "interrupted"}'])
def test_run_json_wins_over_what_is_damaged_or_older(place, text):
    """A signal that came when all was done once left such a job.json, and no end to the sweep."""
    place.run("seed=0,1", "hydra.sweep.dir=s")
    place.seeds()
    (place.path / "s" / "1" / "job.json").write_text(text)
    assert place.run("seed=0,1", "sweep_dir=s") == 0
    assert place.seeds() == []
    assert {job["status"] for job in place.jobs} == {"completed"}


@pytest.mark.parametrize("typed", ["hydra.sweep.dir=s", "sweep_dir=s"])
def test_a_sweep_killed_at_its_very_start_leaves_no_dead_folder(place, typed):
    (place.path / "s").mkdir()
    for name in (".lock", ".sweep.json.part"):
        (place.path / "s" / name).touch()
    assert place.run("seed=0,1", typed) == 0
    assert place.seeds() == [0, 1]


REFUSED = {
    "another sweep": (
        ["seed=0,1", "sweep_dir=s"],
        f"is the folder of another sweep; to resume it: {RUN_PY} -m seed=0,3 sweep_dir=s; to",
    ),
    "no sweep": ([SEEDS, "sweep_dir=full"], r"is not the folder of a sweep \(it has no"),
    "nothing": ([SEEDS, "sweep_dir=nowhere"], "nowhere: there is no such folder"),
    "a sweep": ([SEEDS, "hydra.sweep.dir='a b'"], "already holds a sweep; add 'sweep_dir=a b' to"),
    "a file": ([SEEDS, "hydra.sweep.dir=file"], "file: is a file; choose a new folder"),
    "not empty": ([SEEDS, "hydra.sweep.dir=full"], "is not empty; choose a new folder"),
    "in a run": ([SEEDS, "hydra.sweep.dir=run/a"], "run/a: lies inside a run, .*run; choose"),
}


@pytest.mark.parametrize(("typed", "message"), REFUSED.values(), ids=REFUSED)
def test_other_folders_are_refused(place, typed, message):
    (place.path / "s").mkdir()
    (place.path / "full" / "of something").mkdir(parents=True)
    (place.path / "file").touch()
    (place.path / "run").mkdir()
    (place.path / "run" / "run.json").touch()
    record = {"kind": "grid", "typed": ["seed=0,3"], "swept": [["seed=0"], ["seed=\x1b[31m"]]}
    (place.path / "s" / "sweep.json").write_text(json.dumps(record))
    shutil.copytree(place.path / "s", place.path / "a b")
    with pytest.raises(RunError, match=message):
        place.run(*typed)
    assert place.seeds() == []


@pytest.mark.parametrize("text", ["[]", "{", "NaN", "[" * 100_000])
def test_a_damaged_record_is_refused(place, text):
    (place.path / "s").mkdir()
    (place.path / "s" / "sweep.json").write_text(text)
    with pytest.raises(RunError, match=r"sweep\.json: cannot be read"):
        place.run(SEEDS, "sweep_dir=s")


def test_two_processes_never_work_on_one_sweep(place):
    place.run("seed=0", "hydra.sweep.dir=s")
    with (
        SweepFolder(place.path / "s").locked(),
        pytest.raises(RunError, match="another process is using this folder"),
    ):
        place.run("seed=0", "sweep_dir=s")


@pytest.mark.parametrize("writes", [1, 2])
def test_a_full_disk_is_one_line(place, monkeypatch, capfd, writes):
    """sweep.json cannot be written any more: while jobs run, and at the end."""
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    written = []

    def hook(operation, path):
        if operation == "write" and "sweep.json" in path.name:
            written.append(path)
            if len(written) > writes:
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "hook", hook)
    launcher = ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2"]
    with pytest.raises(RunError, match=r"sweep\.json: cannot be written: No space left"):
        place.run(SEEDS, *launcher, "hydra.sweep.dir=s")
    assert sorted(place.seeds()) == [0, 1, 2, 3]
    assert capfd.readouterr().err == ""
    assert {job["status"] for job in place.jobs} <= {"waiting", "completed"}
    monkeypatch.undo()
    monkeypatch.chdir(place.path)
    assert place.run(SEEDS, "sweep_dir=s") == 0
    assert place.seeds() == []
