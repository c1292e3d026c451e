"""Lion: steps of one size, whose direction alone comes from the gradient.

Among all steps d that move each number by lr at most, -lr sign(g) lowers the loss most, to first
order: g^T d >= -lr sum |g_i|, with equality just there. The sign is taken of a mean gradient.
"""

from collections.abc import Sequence
from typing import ClassVar

from scratchnet.kernels import lion as kernels
from scratchnet.optim.optimizer import Array, Optimizer, Step
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

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        return kernels.lion(p, g, *state, *step.factors, self.beta1, self.beta2)
