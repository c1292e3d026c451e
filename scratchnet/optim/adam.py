"""Adam, and AdamW with decoupled weight decay."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from scratchnet.optim.optimizer import Optimizer, add_l2, scaled
from scratchnet.settings import choice, setting


@choice("adam")
class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m' / (sqrt(v') + eps)

    with the bias-corrected m' = m / (1 - b1^t), v' = v / (1 - b2^t) at step t, and L2
    regularisation added to the gradient. Kingma & Ba 2015, algorithm 1.

    The code leaves the factors (1 - b1) and (1 - b2) out of the moments: there, m stands for
    m / (1 - b1) and v for v / (1 - b2). With k = sqrt((1 - b2) / (1 - b2^t)) the step is then
    exactly  lr (1 - b1) / ((1 - b1^t) k) * m / (sqrt(v) + eps / k):  two scalars in place of four
    passes over all parameters.
    """

    STATE: ClassVar[tuple[str, ...]] = ("first", "second")  # moments: m and v

    weight_decay: float = setting(0.0, "L2 regularisation, added to the gradient", at_least=0)
    beta1: float = setting(0.9, "decay of the mean gradient", at_least=0, below=1)
    beta2: float = setting(0.999, "decay of the mean squared gradient", at_least=0, below=1)
    eps: float = setting(1e-8, "added to the root, against division by 0", above=0)

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
        g = scaled(g, grad_scale)
        add_l2(g, p, decay)
        self._descend(p, g, state, lr, step)

    def _descend(
        self, p: np.ndarray, g: np.ndarray, state: Sequence[np.ndarray], lr: float, step: int
    ) -> None:
        """Adam's step without weight decay; overwrites `g`."""
        m, v = state
        k = math.sqrt((1 - self.beta2) / (1 - self.beta2**step))
        m *= self.beta1
        m += g
        v *= self.beta2
        g *= g
        v += g
        change = np.sqrt(v, out=g)
        change += self.eps / k
        np.divide(m, change, out=change)
        change *= lr * ((1 - self.beta1) / ((1 - self.beta1**step) * k))
        p -= change


@choice("adamw")
class AdamW(Adam):
    """Adam with weight decay taken off the weights, not added to the gradient.

    p <- (1 - lr weight_decay) p before Adam's step. Loshchilov & Hutter 2019, algorithm 2.
    """

    weight_decay: float = setting(0.01, "decoupled weight decay", at_least=0)

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
        if decay:
            p *= 1 - lr * decay
        self._descend(p, scaled(g, grad_scale), state, lr, step)
