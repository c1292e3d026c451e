"""Adam, and AdamW with decoupled weight decay.

m = (1 - b1) sum_k b1^k g_(t-k), over the t steps so far; these weights add up to 1 - b1^t, and
divided by that m is a mean. So is v, of g^2. A step lr m^ / sqrt(v^) is then at most about lr, if
all gradients agree, and less the more they differ; a factor on the loss changes nothing. Weight
decay that is added to g is divided by sqrt(v^), too, and hardly acts on weights with large
gradients; taken off the weights, it acts on all alike.
"""

from collections.abc import Sequence
from typing import ClassVar

from scratchnet.kernels import adam as kernels
from scratchnet.optim.optimizer import Array, Optimizer, Step
from scratchnet.settings import choice, setting


@choice("adam")
class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m^ / (sqrt(v^) + eps)

    with the bias-corrected m^ = m / (1 - b1^t), v^ = v / (1 - b2^t) at step t, and L2
    regularisation added to the gradient. Kingma & Ba 2015, algorithm 1. The kernel is
    in `kernels.adam`.
    """

    STATE: ClassVar[tuple[str, ...]] = ("m", "v")

    weight_decay: float = setting(0.0, "L2 regularisation, added to the gradient", at_least=0)
    beta1: float = setting(0.9, "decay of the mean gradient", at_least=0, below=1)
    beta2: float = setting(0.999, "decay of the mean squared gradient", at_least=0, below=1)
    eps: float = setting(1e-8, "added to the root, against division by 0", above=0)

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        return kernels.adam(p, g, *state, *step.factors, *self._constants(step.number))

    def _constants(self, t: int) -> tuple[float, ...]:
        """beta1, beta2, eps, and the bias corrections of m and v at step t."""
        corrections = 1 / (1 - self.beta1**t), 1 / (1 - self.beta2**t)
        return self.beta1, self.beta2, self.eps, *corrections


@choice("adamw")
class AdamW(Adam):
    """Adam with weight decay taken off the weights, not added to the gradient.

    p <- (1 - lr weight_decay) p before Adam's step. Loshchilov & Hutter 2019, algorithm 2.
    """

    weight_decay: float = setting(0.01, "decoupled weight decay", at_least=0)

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        return kernels.adamw(p, g, *state, *step.factors, *self._constants(step.number))
