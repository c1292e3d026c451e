"""What happens around one job: its folder, its overrides, its failure."""

from types import SimpleNamespace

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import OmegaConf

from scratchnet.errors import DataError
from scratchnet.experiment import train as experiment
from scratchnet.jobs import Jobs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A run folder as Hydra has just made it."""
    hydra = SimpleNamespace(
        runtime=SimpleNamespace(output_dir=str(tmp_path / "run")),
        overrides=SimpleNamespace(task=["seed=1"]),
        job=SimpleNamespace(num=3),
        mode=RunMode.RUN,
    )
    monkeypatch.setattr(HydraConfig, "get", staticmethod(lambda: hydra))
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def test_a_job_gets_its_config_folder_and_overrides(folder, monkeypatch):
    calls = []
    monkeypatch.setattr(experiment, "run", lambda *arguments: calls.append(arguments))
    config = OmegaConf.create({"seed": 1})
    jobs = Jobs()
    jobs.run(config)
    assert calls == [(config, folder, ["seed=1"])]
    assert jobs.exit_code == 0


def test_a_run_that_never_began_leaves_no_folder(folder, monkeypatch, capsys):
    def fail(*_):
        raise DataError("mnist: no data and no network")

    monkeypatch.setattr(experiment, "run", fail)
    jobs = Jobs()
    jobs.run(OmegaConf.create())
    assert jobs.exit_code == 2
    assert capsys.readouterr().err == "mnist: no data and no network\n"
    assert not folder.exists()


def test_a_run_that_failed_later_keeps_what_it_wrote(folder, monkeypatch):
    def fail(*_):
        (folder / "run.json").write_text("{}")
        raise DataError("the disk is full")

    monkeypatch.setattr(experiment, "run", fail)
    Jobs().run(OmegaConf.create())
    assert (folder / "run.json").exists()
