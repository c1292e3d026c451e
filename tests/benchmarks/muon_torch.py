"""Muon in PyTorch, with the settings of `scratchnet.optim.muon`, written as its author does."""

import torch

from scratchnet.optim.muon import EPS, Muon


class TorchMuon(torch.optim.Optimizer):
    """For filters (F, C, k, k) and matrices (F, C) of hidden layers; the rest needs an SGD."""

    def __init__(self, parameters: list[torch.Tensor], settings: Muon):
        super().__init__(parameters, {"lr": settings.lr})
        self.settings = settings

    @torch.no_grad()
    def step(self) -> None:
        settings = self.settings
        for group in self.param_groups:
            for p in group["params"]:
                velocity = self.state[p].setdefault("velocity", torch.zeros_like(p))
                velocity.mul_(settings.momentum).add_(p.grad)
                direction = velocity
                if settings.nesterov:
                    direction = p.grad.add(velocity, alpha=settings.momentum)
                change = orthogonal(
                    direction.reshape(len(p), -1), settings.ns_steps, settings.ns_coefficients
                )
                if settings.reset_norm:
                    p.mul_(len(p) ** 0.5 / (p.norm() + EPS))
                else:
                    p.mul_(1 - group["lr"] * settings.weight_decay)
                p.sub_(change.view(p.shape), alpha=group["lr"])


def orthogonal(matrix: torch.Tensor, steps: int, coefficients: list[float]) -> torch.Tensor:
    """U V^T for matrix = U S V^T, roughly: Newton-Schulz iterations on the whole matrix."""
    a, b, c = coefficients
    x = matrix / (matrix.norm() + EPS)
    if len(x) > x.shape[1]:
        x = x.T
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if len(matrix) > matrix.shape[1] else x
