"""scratchnet itself: the trainer, loader and listener of a run, not a stripped copy.

The speed is the one that a run writes into metrics.csv.
"""

import os
import platform
from pathlib import Path
from typing import Any

import scratchnet  # first: it sets up BLAS before NumPy loads, as it does in a run

# isort: split
import numpy as np
from layer_times import LayerTimes
from phases import Phases
from problem import CLIP_NORM, LR, WEIGHT_DECAY, Problem
from rich.console import Console

from scratchnet.compute import threads
from scratchnet.data.augmentation import Augmentation
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.network import Network
from scratchnet.optim.adam import AdamW
from scratchnet.optim.schedules import Constant
from scratchnet.reports.progress import RichProgress, Total
from scratchnet.training.metrics import EpochMetrics
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Trainer

VALIDATION_PICTURES = 128  # evaluation is not part of the speed: one batch will do


class Listener(RichProgress):
    """The bars of a run, drawn for a terminal that nobody sees; keeps the last epoch's metrics."""

    def __init__(self, total: Total):
        unseen = Path(os.devnull).open("w")  # noqa: SIM115 (open as long as the process)
        super().__init__(total, Console(file=unseen, force_terminal=True, width=100))

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        super().on_epoch(metrics, is_best)
        self.metrics = metrics


class OurTraining:
    """One training, an epoch a round. Words that a variant may have: "numpy" runs without compiled
    kernels, "single" on one thread; "phases" and "layers" also measure where the time of a step
    goes.
    """

    def __init__(self, variant: str, problem: Problem, network: Network, train: Loader):
        use(variant)
        few = slice(VALIDATION_PICTURES)
        images, labels = train.images.pixels[few], train.images.labels[few]
        self.training = Trainer(
            TrainerSettings(epochs=1, batch_size=problem.batch_size, clip_norm=CLIP_NORM),
            network,
            AdamW(lr=LR, weight_decay=WEIGHT_DECAY),
            Constant().build(LR, len(train), epochs=1),
            train,
            loader(problem, images, labels),
        )
        words = variant.split()
        self.phases = Phases(self.training) if "phases" in words else None
        self.layers = LayerTimes(network) if "layers" in words else None
        self.total = Total(epochs=1, samples=problem.images)
        self.listener = Listener(self.total)
        self.listener.__enter__()  # until the process ends

    def describe(self) -> dict[str, Any]:
        return describe()

    def run_round(self) -> dict[str, Any]:
        """One more epoch of the same training."""
        self.total.epochs = self.training.settings.epochs = self.training.epoch + 1
        for measurement in (self.phases, self.layers):
            if measurement:
                measurement.reset()
        self.training.fit(self.listener)
        metrics, train = self.listener.metrics, self.training.train
        report = {"samples_per_second": metrics.samples_per_second, "loss": metrics.train_loss}
        if self.phases:
            report["milliseconds"] = self.phases.per_step(metrics.seconds, len(train))
        if self.layers:
            report["layers"] = self.layers.rows(len(train), len(train.images))
        return report


def use(variant: str) -> None:
    """Use compiled kernels and the threads of a run, unless words of the variant say otherwise."""
    words = variant.split()
    threads.use(1 if "single" in words else threads.count())
    engine.use(Engine.numpy if "numpy" in words else Engine.compiled)


def describe() -> dict[str, Any]:
    """Versions, threads and engine, for the notes below a table."""
    return {
        "versions": {
            "scratchnet": scratchnet.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "threads": str(threads.in_use()),
        "engine": engine.in_use().value,
    }


def training_loader(problem: Problem, augmentation: Augmentation | None = None) -> Loader:
    """All images of the problem, in a new order in each epoch."""
    return loader(problem, *problem.raw(), augmentation, shuffle=True)


def loader(
    problem: Problem,
    images: np.ndarray,
    labels: np.ndarray,
    augmentation: Augmentation | None = None,
    *,
    shuffle: bool = False,
) -> Loader:
    """Batches of these images, as a run would make them."""
    mean, std = problem.channels()
    return Loader(
        Images(images, labels),
        problem.batch_size,
        mean=mean,
        std=std,
        seed=0,
        augmentation=augmentation,
        shuffle=shuffle,
    )
