"""PyTorch with a recipe for airnet and Muon: the same network and settings, in channels_last.

Variants: "eager" and "compile" (network and loss through torch.compile).
"""

from typing import Any

import numpy as np
import torch
from conv_torch import translated
from muon_torch import TorchMuon
from peer_torch import describe
from recipe import RecipeContender
from torch import nn

from scratchnet.experiment.measure import evaluation_loader
from scratchnet.experiment.train import Experiment
from scratchnet.nn.parameters import Kind


class Contender(RecipeContender):
    """Training."""

    def describe(self) -> dict[str, Any]:
        return describe()

    def start(self, experiment: Experiment) -> "_Training":
        return _Training(experiment, compiled=self.variant == "compile")


class _Training:
    def __init__(self, experiment: Experiment, *, compiled: bool):
        self.experiment = experiment
        self.settings = experiment.config.trainer
        self.layers = experiment.trainer.network.layers
        self.network = translated(experiment.trainer.network)
        self.optimizers = self._optimizers()
        criterion = nn.CrossEntropyLoss(label_smoothing=self.settings.label_smoothing)

        def loss_of(x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            return criterion(self.network(x), labels)

        self.loss_of = torch.compile(loss_of) if compiled else loss_of

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        """Muon for the filters, SGD for the rest, as `scratchnet.optim.muon` shares them out."""
        muon = self.experiment.config.optimizer
        filters, groups = [], []
        for parameter, kind in _parameters(self.network):
            if kind is Kind.weight:
                filters.append(parameter)
                continue
            factors = muon.factors(kind)
            lr, decay = muon.sgd_lr * factors.lr, muon.weight_decay * factors.decay
            groups.append({"params": [parameter], "lr": lr, "weight_decay": decay})
        sgd = torch.optim.SGD(groups, momentum=muon.sgd_momentum, nesterov=muon.nesterov)
        optimizers = [TorchMuon(filters, muon), sgd]
        for group in (group for optimizer in optimizers for group in optimizer.param_groups):
            group["peak"] = group["lr"]
        return optimizers

    def begin_epoch(self, epoch: int) -> None:
        self.network.train()
        for layer in self.settings.freezing.frozen_in(epoch, self.layers):
            module = self.network[1 + self.layers.index(layer)]  # 0 makes NHWC channels_last
            for parameter in module.parameters():
                parameter.requires_grad_(False)

    def step(self, x: np.ndarray, labels: np.ndarray, lr: float) -> float:
        loss = self.loss_of(torch.from_numpy(x), torch.from_numpy(labels))
        loss.backward()
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * lr / self.experiment.config.optimizer.lr
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return loss.item()

    @torch.inference_mode()
    def accuracy(self) -> float:
        self.network.eval()
        config, splits = self.experiment.config, self.experiment.splits
        hits = 0
        for x, labels in evaluation_loader(config, splits, splits.test).batches(0):
            found = self.network(torch.from_numpy(x)).argmax(dim=1)
            hits += int((found == torch.from_numpy(labels)).sum())
        return hits / len(splits.test)


def _parameters(network: nn.Module) -> list[tuple[nn.Parameter, Kind]]:
    """All that learn, and what each is for."""
    kinds = {nn.BatchNorm2d: (Kind.norm, Kind.norm), nn.Linear: (Kind.output, Kind.bias)}
    found = []
    for module in network.modules():
        weight, bias = kinds.get(type(module), (Kind.weight, Kind.bias))
        for name, kind in (("weight", weight), ("bias", bias)):
            parameter = getattr(module, name, None)
            if isinstance(parameter, nn.Parameter) and parameter.requires_grad:
                found.append((parameter, kind))
    return found
