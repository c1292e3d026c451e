"""scratchnet with a convolutional network."""

import time
from typing import Any

from ours import OurTraining, describe, loader, training_loader, use  # first, see there

# isort: split
from conv_problem import ConvProblem

from scratchnet.training.evaluation import evaluate


class Contender(OurTraining):
    """Training."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        train = training_loader(problem)
        super().__init__(variant, problem, problem.network(train.sample), train)


class Inference:
    """The evaluation of a run: loss and accuracy of the network with its start values."""

    def __init__(self, variant: str, job: dict[str, Any]):
        problem = ConvProblem(**job)
        self.loader = loader(problem, *problem.raw())
        self.network = problem.network(self.loader.sample)
        use(variant)

    def describe(self) -> dict[str, Any]:
        return describe()

    def run_round(self) -> dict[str, Any]:
        start = time.perf_counter()
        evaluation = evaluate(self.network, self.loader)
        seconds = time.perf_counter() - start
        images = len(self.loader.images)
        return {"samples_per_second": images / seconds, "loss": evaluation.loss}
