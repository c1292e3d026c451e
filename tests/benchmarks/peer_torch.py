"""PyTorch, as its documentation recommends it for such a training on a CPU.

Variants: "eager" (AdamW as it is by default), "fused" (AdamW in one kernel), "compile" (network and
loss through torch.compile, AdamW fused).
"""

import time
from itertools import pairwise
from typing import Any

import torch
from problem import CLIP_NORM, LR, WEIGHT_DECAY, Problem
from torch import nn


class Contender:
    def __init__(self, variant: str, job: dict[str, Any]):
        self.problem = Problem(**job)
        torch.manual_seed(0)
        x, labels = self.problem.normalised()
        self.x, self.labels = torch.from_numpy(x), torch.from_numpy(labels)
        self.network = _network(self.problem.dims(x.shape[1]), self.problem.dropout)
        fused = True if variant in ("fused", "compile") else None  # None: PyTorch's own choice
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=LR, weight_decay=WEIGHT_DECAY, fused=fused
        )
        criterion = nn.CrossEntropyLoss()

        def loss_of(x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            return criterion(self.network(x), labels)

        self.loss_of = torch.compile(loss_of) if variant == "compile" else loss_of

    def describe(self) -> dict[str, Any]:
        return {
            "versions": {"torch": torch.__version__},
            "threads": f"{torch.get_num_threads()} OpenMP",
        }

    def run_round(self) -> dict[str, Any]:
        self.network.train()
        total, steps = torch.zeros(()), 0
        start = time.perf_counter()
        for chosen in torch.randperm(len(self.x)).split(self.problem.batch_size):
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss_of(self.x[chosen], self.labels[chosen])
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
            self.optimizer.step()
            total += loss.detach()
            steps += 1
        mean = total.item() / steps
        seconds = time.perf_counter() - start
        return {"samples_per_second": len(self.x) / seconds, "loss": mean}


def _network(dims: list[int], dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(dims[:-1]):
        layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
        if dropout > 0:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(dims[-2], dims[-1]))
