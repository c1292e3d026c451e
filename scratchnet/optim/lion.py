"""Lion: steps of one size, whose direction alone comes from the gradient."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.optim.optimizer import Optimizer, scaled
from scratchnet.settings import choice, setting


@choice("lion")
class Lion(Optimizer):
    """p <- (1 - lr weight_decay) p - lr sign(b1 m + (1 - b1) g);  m <- b2 m + (1 - b2) g.

    Every number moves by lr each step, so lr is 3 to 10 times smaller than AdamW's, and
    weight_decay larger by the same factor. Chen et al. 2023, "Symbolic Discovery of Optimization
    Algorithms", algorithm 2.
    """

    STATE: ClassVar[tuple[str, ...]] = ("momentum",)  # m

    lr: float = setting(1e-4, "peak learning rate; the schedule scales it", above=0)
    weight_decay: float = setting(0.1, "decoupled weight decay", at_least=0)
    beta1: float = setting(0.9, "share of the momentum in the direction", at_least=0, below=1)
    beta2: float = setting(0.99, "decay of the momentum", at_least=0, below=1)

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
        (m,) = state
        g = scaled(g, grad_scale)
        direction, term = scratch("lion", 2 * p.size, p.dtype).reshape(2, -1)
        if decay:
            p *= 1 - lr * decay
        np.multiply(m, self.beta1, out=direction)
        direction += np.multiply(g, 1 - self.beta1, out=term)
        np.sign(direction, out=direction)
        direction *= lr
        p -= direction
        m *= self.beta2
        g *= 1 - self.beta2
        m += g
