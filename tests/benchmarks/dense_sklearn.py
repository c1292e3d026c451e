"""scikit-learn's MLPClassifier, an epoch at a time. It has no dropout, clipping or AdamW."""

import time
from typing import Any

import numpy as np
import sklearn
from dense_net import CLASSES
from dense_problem import DenseProblem
from problem import LR
from sklearn.neural_network import MLPClassifier


class Contender:
    def __init__(self, variant: str, job: dict[str, Any]):
        problem = DenseProblem(**job)
        self.x, self.labels = problem.vectors()
        self.network = MLPClassifier(
            hidden_layer_sizes=problem.hidden_dims,
            solver="adam",
            batch_size=problem.batch_size,
            learning_rate_init=LR,
            random_state=0,
        )

    def describe(self) -> dict[str, Any]:
        return {
            "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "threads": "as its BLAS",
        }

    def run_round(self) -> dict[str, Any]:
        start = time.perf_counter()
        self.network.partial_fit(self.x, self.labels, classes=np.arange(CLASSES))
        seconds = time.perf_counter() - start
        return {"samples_per_second": len(self.x) / seconds, "loss": float(self.network.loss_)}
