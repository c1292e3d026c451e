"""Adam, and AdamW with decoupled weight decay."""

import math
from typing import ClassVar

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.optim.optimizer import Optimizer
from scratchnet.settings import choice, setting


@choice("adam")
class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m' / (sqrt(v') + eps)

    with the bias-corrected m' = m / (1 - b1^t), v' = v / (1 - b2^t) at step t, and L2
    regularisation added to the gradient. Kingma & Ba 2015, algorithm 1.

    In the code the factors (1 - b1) and (1 - b2) are left out of the moments, so that they grow to
    `first` = m / (1 - b1) and `second` = v / (1 - b2). With k = sqrt((1 - b2) / (1 - b2^t)) the
    step is then exactly  lr (1 - b1) / ((1 - b1^t) k) * first / (sqrt(second) + eps / k):
    two scalars, worked out once, in place of four passes over all parameters.
    """

    STATE: ClassVar[tuple[str, ...]] = ("first", "second")

    weight_decay: float = setting(0.0, "L2 regularisation, added to the gradient", at_least=0)
    beta1: float = setting(0.9, "decay of the mean gradient", at_least=0, below=1)
    beta2: float = setting(0.999, "decay of the mean squared gradient", at_least=0, below=1)
    eps: float = setting(1e-8, "added to the root, against division by 0", above=0)

    def prepare(self):
        k = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.steps))
        self._factor = (1 - self.beta1) / ((1 - self.beta1**self.steps) * k)
        self._eps = self.eps / k

    def update(self, p, g, lr, decay, first, second):
        if decay:
            penalty = np.multiply(p, decay, out=scratch("adam", p.size, p.dtype))
            np.add(g, penalty, out=g)
        self._descend(p, g, lr, first, second)

    def _descend(self, p, g, lr, first, second):
        np.multiply(first, self.beta1, out=first)
        np.add(first, g, out=first)
        np.multiply(second, self.beta2, out=second)
        squared = np.multiply(g, g, out=g)
        np.add(second, squared, out=second)
        change = np.sqrt(second, out=g)
        np.add(change, self._eps, out=change)
        np.divide(first, change, out=change)
        np.multiply(change, lr * self._factor, out=change)
        np.subtract(p, change, out=p)


@choice("adamw")
class AdamW(Adam):
    """Adam with weight decay taken off the weights, not added to the gradient.

    p <- (1 - lr weight_decay) p before Adam's step. Loshchilov & Hutter 2019, algorithm 2.
    """

    weight_decay: float = setting(0.01, "decoupled weight decay", at_least=0)

    def update(self, p, g, lr, decay, first, second):
        if decay:
            np.multiply(p, 1 - lr * decay, out=p)
        self._descend(p, g, lr, first, second)
