"""Runs that take a tenth of a second, made and resumed in this process."""

from pathlib import Path

from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from scratchnet import experiment
from scratchnet.reports.plots import Plots

CONF = Path(__file__).resolve().parents[1] / "conf"
SMALL = ("trainer.epochs=3", "dataset.validation_size=900", "model.hidden_dims=[16]")


def composed(*overrides: str) -> DictConfig:
    """A config as Hydra hands it over; the schemas must be registered."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("config", overrides=[*SMALL, *overrides])


def train(folder: Path, *overrides: str) -> Path:
    """A whole run, in this folder."""
    experiment.run(composed(*overrides), folder, list(overrides))
    return folder


def without_plots(monkeypatch) -> None:
    """Draw nothing: that takes longer than the training."""
    monkeypatch.setattr(Plots, "draw_curves", lambda self: None)
    monkeypatch.setattr(Plots, "draw_test", lambda *_: None)
