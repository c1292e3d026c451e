"""scratchnet's own trainer with a recipe."""

from typing import Any

from ours import describe, use  # first, see there

# isort: split
import numpy as np
from recipe import RecipeContender

from scratchnet.experiment.measure import evaluation_loader
from scratchnet.experiment.train import Experiment
from scratchnet.training.evaluation import evaluate


class Contender(RecipeContender):
    """Training."""

    def __init__(self, variant: str, job: dict[str, Any]):
        super().__init__(variant, job)
        use(variant)

    def describe(self) -> dict[str, Any]:
        return describe()

    def start(self, experiment: Experiment) -> "_Training":
        return _Training(experiment)


class _Training:
    def __init__(self, experiment: Experiment):
        self.experiment = experiment
        self.trainer = experiment.trainer

    def begin_epoch(self, epoch: int) -> None:
        self.trainer.begin_epoch(epoch)

    def step(self, x: np.ndarray, labels: np.ndarray, lr: float) -> float:
        return self.trainer.take_step(x, labels, lr).loss

    def accuracy(self) -> float:
        config, splits = self.experiment.config, self.experiment.splits
        return evaluate(
            self.trainer.network, evaluation_loader(config, splits, splits.test)
        ).accuracy
