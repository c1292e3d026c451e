"""Stochastic gradient descent.

v = sum_k momentum^k g_(t-k): where gradients agree it grows to g / (1 - momentum), ten steps in one
for 0.9, and where they alternate it stays small. Nesterov takes the gradient where the velocity
will have led to; written for the weights there, the step becomes lr (g + momentum v).
"""

from collections.abc import Sequence
from typing import ClassVar

from scratchnet.errors import SettingError
from scratchnet.kernels.sgd import nesterov, sgd
from scratchnet.optim.optimizer import Array, Optimizer, Step
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

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        update = nesterov if self.nesterov else sgd
        return update(p, g, *state, *step.factors, self.momentum)
