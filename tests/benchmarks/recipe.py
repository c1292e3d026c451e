"""A recipe of conf/experiment, built as `python run.py` builds it, and trained from its start.

A contender gives the network and the step; images, order, augmentation and learning rates come
from our loader and schedule in all of them, so that every contender sees the same batches. The
clock runs while batches are made and steps taken, not during evaluation.
"""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol

from harness import ROOT
from hydra import compose, initialize_config_dir

from scratchnet import config
from scratchnet.experiment.train import Experiment, set_up


class Training(Protocol):
    """A network and its optimizer, with the start values of an experiment."""

    def begin_epoch(self, epoch: int) -> None: ...

    def step(self, x: Any, labels: Any, lr: float) -> float:
        """Take one step; gives the loss before it."""

    def accuracy(self) -> float:
        """On the test split, without test-time augmentation."""


class RecipeContender:
    """Each round trains anew: as many steps as the next entry of the job's `rounds` says, or, where
    that is null, the whole recipe, whose test accuracy is then in the report.
    """

    def __init__(self, variant: str, job: dict[str, Any]):
        self.variant, self.overrides = variant, job["overrides"]
        self.rounds = iter(job["rounds"])

    def start(self, experiment: Experiment) -> Training:
        """The contender's own network and optimizer."""
        raise NotImplementedError

    def run_round(self) -> dict[str, Any]:
        most = next(self.rounds)
        experiment = build(self.overrides)
        training = self.start(experiment)
        report = _train(training, experiment, most)
        return report | ({} if most else {"accuracy": training.accuracy()})


def build(overrides: list[str]) -> Experiment:
    """The experiment that `python run.py OVERRIDES` would train."""
    config.register()
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        settings = config.to_config(compose("config", overrides=overrides))
    return set_up(settings, settings.dataset.load(settings.seed))


def _train(training: Training, experiment: Experiment, most: int | None) -> dict[str, Any]:
    """Train to the last epoch, or for at most so many steps."""
    schedule = experiment.trainer.schedule
    start, images = time.perf_counter(), 0
    for step, (x, labels) in enumerate(islice(_batches(training, experiment), most)):
        loss = training.step(x, labels, schedule(step))
        images += len(x)
    seconds = time.perf_counter() - start
    return {"samples_per_second": images / seconds, "seconds": seconds, "loss": loss}


def _batches(training: Training, experiment: Experiment) -> Iterator[tuple[Any, Any]]:
    """Those of all epochs, one after the other."""
    for epoch in range(1, experiment.config.trainer.epochs + 1):
        training.begin_epoch(epoch)
        yield from experiment.trainer.train.batches(epoch)
