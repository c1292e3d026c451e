"""scratchnet itself: the trainer, loader and listener of a run, not a stripped copy.

The speed is the one that a run writes into metrics.csv.
"""

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
from dense_net import CLASSES
from phases import Phases
from problem import CLIP_NORM, LR, WEIGHT_DECAY, Problem
from rich.console import Console

import scratchnet
from scratchnet import threads
from scratchnet.data.augmentation import Augmentation
from scratchnet.data.loader import Loader
from scratchnet.data.pictures import Pictures
from scratchnet.nn.models import MLP
from scratchnet.optim.adam import AdamW
from scratchnet.optim.schedules import Constant
from scratchnet.reports.progress import RichProgress, Total
from scratchnet.training.metrics import EpochMetrics
from scratchnet.training.trainer import Trainer, Training

VALIDATION_PICTURES = 128  # evaluation is not part of the speed: one batch will do
AUGMENTATION = Augmentation(crop=4, flip=True)  # what conf/dataset/cifar10.yaml says


class Listener(RichProgress):
    """The bars of a run, drawn for a terminal that nobody sees; keeps the last epoch's metrics."""

    def __init__(self, total: Total):
        unseen = Path(os.devnull).open("w")  # noqa: SIM115 (open as long as the process)
        super().__init__(total, Console(file=unseen, force_terminal=True, width=100))

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        super().on_epoch(metrics, is_best)
        self.metrics = metrics


class Contender:
    """Variants, one word or more: "augmented" crops and flips as the dataset's config does;
    "phases" also measures where the time of a step goes.
    """

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = Problem(**job)
        self.plan = threads.plan("auto")
        threads.use(self.plan)
        words = variant.split()
        self.training = _training(problem, AUGMENTATION if "augmented" in words else None)
        self.phases = Phases(self.training) if "phases" in words else None
        self.total = Total(epochs=1, samples=problem.pictures)
        self.listener = Listener(self.total)
        self.listener.__enter__()  # until the process ends

    def describe(self) -> dict[str, Any]:
        return {
            "versions": {
                "scratchnet": scratchnet.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "threads": str(self.plan),
        }

    def run_round(self) -> dict[str, Any]:
        """One more epoch of the same training."""
        self.total.epochs = self.training.settings.epochs = self.training.epoch + 1
        if self.phases:
            self.phases.reset()
        self.training.fit(self.listener)
        metrics = self.listener.metrics
        report = {"samples_per_second": metrics.samples_per_second, "loss": metrics.train_loss}
        if self.phases:
            steps = len(self.training.train)
            report["milliseconds"] = self.phases.per_step(metrics.seconds, steps)
        return report


def _training(problem: Problem, augmentation: Augmentation | None) -> Training:
    """The training that a run would prepare for this problem."""
    images, labels = problem.raw()
    mean, std = problem.channels()
    train = Loader(
        Pictures(images, labels),
        problem.batch_size,
        mean=mean,
        std=std,
        seed=0,
        augmentation=augmentation,
        shuffle=True,
    )
    few = slice(VALIDATION_PICTURES)
    val = Loader(Pictures(images[few], labels[few]), problem.batch_size, mean=mean, std=std, seed=0)
    model = MLP(hidden_dims=problem.hidden_dims, dropout=problem.dropout)
    return Training(
        Trainer(epochs=1, batch_size=problem.batch_size, clip_norm=CLIP_NORM),
        model.build(images.shape[1:], CLASSES, seed=0),
        AdamW(lr=LR, weight_decay=WEIGHT_DECAY),
        Constant().build(LR, len(train), epochs=1),
        train,
        val,
    )
