"""run.py as a user runs it: in a process of its own."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from scratchnet.errors import DataError
from scratchnet.experiment import train
from scratchnet.system.interrupts import Interrupted

RUN = Path(__file__).resolve().parents[1] / "run.py"


def run(cwd: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(RUN), *arguments], cwd=cwd, capture_output=True, text=True, timeout=120
    )


def cpu_seconds() -> float:
    """Of all processes that were started here and have ended: what they take on an idle machine."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["optimizer.lrr=1"], "no such setting; did you mean optimizer.lr?"),
        (["optimizer=adamm"], "did you mean adam?"),
        (["model=cnn", "model.widths=[8,8,8,8]"], "model=cnn does not fit dataset=digits"),
        (["+trainer.epoch=3"], "did you mean trainer.epochs?"),
        (["-m", "optimizer.lr=1e-3,nan"], "optimizer.lr=nan: must be a finite number > 0"),
        (["--multi"], "did you mean --multirun?"),
    ],
)
def test_bad_input_is_one_line_within_a_second_and_leaves_nothing(tmp_path, arguments, message):
    before = cpu_seconds()
    result = run(tmp_path, *arguments)
    seconds = cpu_seconds() - before
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []
    assert seconds < 1


def test_a_run_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    result = run(tmp_path, "hydra.run.dir=file/run")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr == "file: is not a folder; remove it, or choose another folder\n"


def test_a_model_that_does_not_fit_into_memory(tmp_path):
    resource = pytest.importorskip("resource")  # Windows has none
    result = subprocess.run(
        [sys.executable, str(RUN), "model.hidden_dims=[65536,65536]"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)),
    )
    assert result.returncode == 2
    assert result.stderr == (
        "out of memory: model=mlp has 4,299,948,042 parameters and trainer.batch_size=128; "
        "choose a smaller model or batch\n"
    )
    assert not list(tmp_path.glob("outputs/*/*"))


def test_a_folder_with_other_files_is_no_run_folder(tmp_path):
    (tmp_path / "notes.txt").touch()
    result = run(tmp_path, "hydra.run.dir=.")
    assert result.returncode == 2
    assert result.stderr.endswith(": holds notes.txt; choose a new folder for the run\n")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_missing_data_leaves_no_run_folder(tmp_path):
    (tmp_path / "mnist").write_text("a file where the folder of the dataset would be")
    result = run(tmp_path, "dataset=mnist", "dataset.root=.", "hydra.run.dir=here")
    assert result.returncode == 2
    assert "mnist" in result.stderr
    assert not (tmp_path / "here").exists()


def test_help(tmp_path):
    result = run(tmp_path, "--help")
    assert result.returncode == 0
    assert "optimizer   adam, adamw*, lion, muon, sgd" in result.stdout
    assert result.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_config_can_be_shown(tmp_path):
    result = run(tmp_path, "seed=5", "--cfg", "job")
    assert result.returncode == 0
    assert "seed: 5\n" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("mode", "code"),
    [("MULTIRUN", 0), ("RUN", 2)],
)
def test_a_dry_run_lists_the_sweep_of_an_experiment_file(tmp_path, mode, code):
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(
        f"# @package _global_\nhydra:\n  mode: {mode}\n  sweeper: {{params: {{seed: '0,1'}}}}\n"
    )
    search = f"hydra.searchpath=['{tmp_path}']"
    done = run(tmp_path, search, "experiment=mine", "--dry-run")
    assert done.returncode == code
    assert ("2 jobs to run" in done.stdout) == (code == 0)
    assert ("--dry-run lists the jobs of a sweep; add -m" in done.stderr) == (code != 0)
    assert not (tmp_path / "outputs").exists()


def test_the_main_job_reaches_97_percent_in_a_folder_of_its_own(tmp_path):
    result = run(tmp_path)
    assert result.returncode == 0, result.stderr
    (folder,) = tmp_path.glob("outputs/*/*")
    path = folder.relative_to(tmp_path).as_posix()
    assert re.fullmatch(r"outputs/\d{4}-\d\d-\d\d/\d\d-\d\d-\d\d-[0-9a-f]{6}", path)
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["test_accuracy"] >= 0.97
    assert not (folder / ".hydra").exists()
    headline = "50,826 parameters, 0.101 MFLOP per sample"
    assert headline in result.stdout
    assert "Linear   256" in (folder / "summary.txt").read_text()


SWEEPS = [
    (["optimizer.lr=1e-3,3e-4", "model.dropout=0.1"], ["0", "1"]),
    pytest.param(
        ["optimizer.lr=1e-3,3e-4", "model.dropout=0.1,0.3"],
        ["0", "1", "2", "3"],
        marks=pytest.mark.exhaustive,
    ),
]


@pytest.mark.parametrize(("settings", "numbers"), SWEEPS)
def test_a_sweep_has_a_folder_with_a_numbered_one_for_each_job(tmp_path, settings, numbers):
    small = ["trainer.epochs=1", "dataset.validation_size=900"]
    result = run(tmp_path, "-m", *settings, *small, "hydra.sweep.dir=sweep")
    assert result.returncode == 0, result.stderr
    folders = [path for path in (tmp_path / "sweep").iterdir() if path.is_dir()]
    assert sorted(folder.name for folder in folders) == numbers
    last = tmp_path / "sweep" / numbers[-1]
    assert (last / "summary.json").exists()
    value = settings[1].rpartition(",")[2].removeprefix("model.dropout=")
    assert (last / "overrides.txt").read_text().split() == [
        *("optimizer.lr=0.0003", f"model.dropout={value}", *small)
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A run folder as Hydra has just made it."""
    hydra = SimpleNamespace(
        runtime=OmegaConf.create({"output_dir": str(tmp_path / "${seed}")}),
        overrides=SimpleNamespace(task=["seed=1"]),
    )
    monkeypatch.setattr(HydraConfig, "get", staticmethod(lambda: hydra))
    (tmp_path / "${seed}").mkdir()
    return tmp_path / "${seed}"


def run_experiment(composed: DictConfig) -> None:
    """What Hydra calls."""
    runpy.run_path(str(RUN))["run_experiment"](composed)


def test_an_experiment_gets_its_config_folder_and_overrides(folder, monkeypatch):
    calls = []
    monkeypatch.setattr(train, "run", lambda *arguments: calls.append(arguments))
    run_experiment(OmegaConf.create({"seed": 1}))
    assert calls == [({"seed": 1}, folder, ["seed=1"])]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DataError("mnist: no data and no network"), "mnist: no data and no network\n"),
        (OSError(28, "No space left on device"), "No space left on device\n"),
        (
            MemoryError("Unable to allocate 32.0 GiB"),
            "out of memory: Unable to allocate 32.0 GiB\n",
        ),
    ],
)
def test_a_run_that_never_began_leaves_no_folder(folder, monkeypatch, capsys, error, message):
    def fail(*_):
        raise error

    monkeypatch.setattr(train, "run", fail)
    with pytest.raises(SystemExit) as stopped:
        run_experiment(OmegaConf.create())
    assert stopped.value.code == 2
    assert capsys.readouterr().err == message
    assert not folder.exists()


@pytest.mark.parametrize("error", [Interrupted(2), RuntimeError("a bug"), SystemExit(1)])
def test_whatever_ends_a_run_before_it_began_leaves_no_folder(folder, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(train, "run", fail)
    with pytest.raises(type(error)):
        run_experiment(OmegaConf.create())
    assert not folder.exists()


def test_the_folder_of_the_date_goes_with_its_only_run(tmp_path):
    remove_if_empty = runpy.run_path(str(RUN))["remove_if_empty"]
    for name in ("outputs/2026-11-28", "mine"):
        folder = tmp_path / name / "10-15-02-3f9a1c"
        folder.mkdir(parents=True)
        remove_if_empty(folder)
        assert not folder.exists()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["mine", "outputs"]
    other = tmp_path / "outputs" / "2026-11-28" / "another run"
    other.mkdir(parents=True)
    folder = other.with_name("empty")
    folder.mkdir()
    remove_if_empty(folder)
    assert other.exists()
    assert not folder.exists()


def test_a_run_that_failed_later_keeps_what_it_wrote(folder, monkeypatch):
    def fail(*_):
        (folder / "run.json").write_text("{}")
        raise DataError("the disk is full")

    monkeypatch.setattr(train, "run", fail)
    with pytest.raises(SystemExit):
        run_experiment(OmegaConf.create())
    assert (folder / "run.json").exists()
