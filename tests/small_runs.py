"""Runs that take a tenth of a second, made and resumed in this process."""

from collections.abc import Sequence
from pathlib import Path

from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from scratchnet.experiment import resume
from scratchnet.experiment import train as experiment
from scratchnet.reports.plots import Plots
from scratchnet.runs import RunFolder

CONF = Path(__file__).resolve().parents[1] / "conf"
SMALL = (
    "trainer.epochs=3",
    "dataset.validation_size=900",
    "model.hidden_dims=[16]",
    "trainer.insight=false",  # it has tests of its own
)
# On data of one's own:
SMALL_OWN = ("trainer.epochs=3", "model.hidden_dims=[16]", "trainer.insight=false")


def composed(*overrides: str, small: Sequence[str] = SMALL) -> DictConfig:
    """A config as Hydra hands it over; the schemas must be registered."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("config", overrides=[*small, *overrides])


def train(folder: Path, *overrides: str, small: Sequence[str] = SMALL) -> Path:
    """A whole run, in this folder."""
    experiment.run(composed(*overrides, small=small), folder, list(overrides))
    return folder


def finish(folder: Path, whole: Path) -> None:
    """Start or resume a run, whatever has happened to it: it ends as `whole` did, to the bit."""
    if not (folder / "run.json").exists():
        train(folder)
    elif RunFolder.open(folder).info["status"] != "completed":
        resume.run(folder, [])
    for name in ("last.npz", "best.npz"):
        found, expected = folder / "checkpoints" / name, whole / "checkpoints" / name
        assert found.read_bytes() == expected.read_bytes()
    run, expected = RunFolder.open(folder), RunFolder.open(whole)
    assert run.info["status"] == "completed"
    assert run.summary | {"seconds": 0} == expected.summary | {"seconds": 0}
    assert not list(folder.rglob(".*.part"))


def without_plots(monkeypatch) -> None:
    """Draw nothing: that takes longer than the training."""
    monkeypatch.setattr(Plots, "draw_curves", lambda self: None)
    monkeypatch.setattr(Plots, "draw_test", lambda *_: None)
