"""PyTorch with a dense network.

Variants: "eager" (AdamW as it is by default), "fused" (AdamW in one kernel), "compile" (network and
loss through torch.compile, AdamW fused).
"""

from itertools import pairwise
from typing import Any

import torch
from dense_problem import DenseProblem
from peer_torch import TorchTraining
from torch import nn


class Contender(TorchTraining):
    def __init__(self, variant: str, job: dict[str, Any]):
        problem = DenseProblem(**job)
        torch.manual_seed(0)
        x, labels = problem.vectors()
        super().__init__(
            _network(problem.dims(x.shape[1]), problem.dropout),
            torch.from_numpy(x),
            torch.from_numpy(labels),
            problem.batch_size,
            fused=True if variant in ("fused", "compile") else None,
            compiled=variant == "compile",
        )


def _network(dims: list[int], dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(dims[:-1]):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
        if dropout > 0:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(dims[-2], dims[-1]))
