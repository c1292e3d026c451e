"""Stochastic gradient descent."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.errors import SettingError
from scratchnet.optim.optimizer import Optimizer, add_l2, scaled
from scratchnet.settings import choice, setting


@choice("sgd")
class SGD(Optimizer):
    """g <- g + weight_decay p;  v <- momentum v + g;  p <- p - lr v.

    Nesterov's form steps along the next velocity: p <- p - lr (g + momentum v)
    (Sutskever et al. 2013, "On the importance of initialization and momentum", as in PyTorch).
    """

    STATE: ClassVar[tuple[str, ...]] = ("velocity",)  # v

    lr: float = setting(0.1, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "L2 regularisation, added to the gradient", at_least=0)
    momentum: float = setting(0.9, "share of the velocity kept each step", at_least=0, below=1)
    nesterov: bool = setting(False, "look one step ahead")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.nesterov and self.momentum == 0:
            raise SettingError("nesterov", "=True: needs momentum > 0")

    def update(
        self,
        p: np.ndarray,
        g: np.ndarray,
        state: Sequence[np.ndarray],
        lr: float,
        decay: float,
        grad_scale: float,
        step: int,
    ) -> None:
        (v,) = state
        g = scaled(g, grad_scale)
        descend(p, g, v, lr, decay, self.momentum, self.nesterov)


def descend(
    p: np.ndarray,
    g: np.ndarray,
    v: np.ndarray,
    lr: float,
    decay: float,
    momentum: float,
    nesterov: bool,
) -> None:
    """One step of SGD; overwrites `g`."""
    add_l2(g, p, decay)
    direction = follow(v, g, momentum, nesterov)
    p -= np.multiply(direction, lr, out=scratch("change", p.size, p.dtype))


def follow(v: np.ndarray, g: np.ndarray, momentum: float, nesterov: bool) -> np.ndarray:
    """v <- momentum v + g; returns v, or Nesterov's g + momentum v, which overwrites `g`."""
    v *= momentum
    v += g
    if not nesterov:
        return v
    g += np.multiply(v, momentum, out=scratch("ahead", g.size, g.dtype))
    return g
