"""PyTorch's training loop, as its documentation recommends it for a CPU."""

import time
from typing import Any

import torch
from problem import CLIP_NORM, LR, WEIGHT_DECAY
from torch import nn


class TorchTraining:
    """Trains a network on images x and their labels, an epoch a round.

    `fused`: AdamW in one kernel (None: PyTorch's own choice); `compiled`: network and loss through
    torch.compile.
    """

    def __init__(
        self,
        network: nn.Module,
        x: torch.Tensor,
        labels: torch.Tensor,
        batch_size: int,
        *,
        fused: bool | None,
        compiled: bool,
    ):
        self.network, self.x, self.labels, self.batch_size = network, x, labels, batch_size
        self.trained = [p for p in network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.trained, lr=LR, weight_decay=WEIGHT_DECAY, fused=fused
        )
        criterion = nn.CrossEntropyLoss()

        def loss_of(x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            return criterion(network(x), labels)

        self.loss_of = torch.compile(loss_of) if compiled else loss_of

    def describe(self) -> dict[str, Any]:
        return describe()

    def run_round(self) -> dict[str, Any]:
        self.network.train()
        total, steps = torch.zeros(()), 0
        start = time.perf_counter()
        for chosen in torch.randperm(len(self.x)).split(self.batch_size):
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss_of(self.x[chosen], self.labels[chosen])
            loss.backward()
            nn.utils.clip_grad_norm_(self.trained, CLIP_NORM)
            self.optimizer.step()
            total += loss.detach()
            steps += 1
        mean = total.item() / steps
        seconds = time.perf_counter() - start
        return {"samples_per_second": len(self.x) / seconds, "loss": mean}


def describe() -> dict[str, Any]:
    """Versions and threads, for the notes below a table."""
    return {
        "versions": {"torch": torch.__version__},
        "threads": f"{torch.get_num_threads()} OpenMP",
    }
