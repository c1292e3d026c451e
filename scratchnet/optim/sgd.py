"""Stochastic gradient descent."""

from typing import ClassVar

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.errors import SettingError
from scratchnet.optim.optimizer import Optimizer
from scratchnet.settings import choice, setting


@choice("sgd")
class SGD(Optimizer):
    """g <- g + weight_decay p;  v <- momentum v + g;  p <- p - lr v.

    Nesterov's form steps along the velocity that comes next: p <- p - lr (g + momentum v)
    (Sutskever et al. 2013, "On the importance of initialization and momentum", as in PyTorch).
    """

    STATE: ClassVar[tuple[str, ...]] = ("velocity",)

    lr: float = setting(0.1, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "L2 regularisation, added to the gradient", at_least=0)
    momentum: float = setting(0.9, "share of the velocity kept each step", at_least=0, below=1)
    nesterov: bool = setting(False, "look one step ahead")

    def __post_init__(self):
        super().__post_init__()
        if self.nesterov and self.momentum == 0:
            raise SettingError("nesterov", "=True: needs momentum > 0")

    def update(self, p, g, lr, decay, velocity):
        descend(p, g, lr, decay, velocity, self.momentum, self.nesterov)


def descend(
    p: np.ndarray,
    g: np.ndarray,
    lr: float,
    decay: float,
    velocity: np.ndarray,
    momentum: float,
    nesterov: bool,
) -> None:
    """One step of SGD for one block; overwrites `g`."""
    t = scratch("sgd", p.size, p.dtype)
    if decay:
        np.multiply(p, decay, out=t)
        np.add(g, t, out=g)
    np.multiply(follow(velocity, g, momentum, nesterov), lr, out=t)
    np.subtract(p, t, out=p)


def follow(velocity: np.ndarray, g: np.ndarray, momentum: float, nesterov: bool) -> np.ndarray:
    """v <- momentum v + g; returns v, or in place of g Nesterov's g + momentum v."""
    np.multiply(velocity, momentum, out=velocity)
    np.add(velocity, g, out=velocity)
    if not nesterov:
        return velocity
    ahead = np.multiply(velocity, momentum, out=scratch("ahead", g.size, g.dtype))
    return np.add(g, ahead, out=g)
