"""Muon: momentum made orthogonal, matrix by matrix.

Among all steps D of a matrix whose singular values are lr at most, -lr U V^T lowers the loss most,
to first order, for the gradient G = U S V^T: tr(G^T D) >= -lr sum s_i, with equality just there. So
every direction in which the gradient acts gets a step of the same size, the rare ones too.
"""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from scratchnet.compute.blocks import for_each
from scratchnet.compute.threads import scratch
from scratchnet.errors import SettingError
from scratchnet.kernels.sgd import nesterov, sgd
from scratchnet.nn.parameters import Kind, Parameters, Slot
from scratchnet.optim.optimizer import Array, BoundOptimizer, Optimizer, Step
from scratchnet.settings import choice, setting

EPS = 1e-7  # added to a norm, against division by 0


@choice("muon")
class Muon(Optimizer):
    """v <- momentum v + g;  W <- (1 - lr weight_decay) W - lr orthogonal(v)  for each matrix W.

    Nesterov's form makes g + momentum v orthogonal (see `orthogonalise`). Filters (k, k, C, F) are
    matrices (k k C, F). The output layer, biases and normalisations learn by SGD with the same
    form of momentum and the `sgd_` settings; its learning rate follows the schedule of `lr`.

    With `reset_norm` each W is first brought to the norm sqrt(F), for F outputs, so that lr is a
    relative step; weight decay then has no effect on it. airbench94_muon does so.

    A step costs the same for every batch size: for a matrix (m, n) with m >= n and 3 ns_steps some
    3 m n^2 + 20 n^3 FLOP. For all of the default airnet that is 36 ms of one core (47 ms with 5
    ns_steps, against 2.4 ms for SGD), shared among the cores matrix by matrix: little beside the
    seconds of a large batch, but most of a step with small batches and wide dense layers.

    K. Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
    """

    STATE: ClassVar[tuple[str, ...]] = ("velocity",)  # v

    lr: float = setting(0.02, "peak learning rate of matrices; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "decoupled for matrices, L2 for the rest", at_least=0)
    momentum: float = setting(0.95, "share of the velocity kept each step", at_least=0, below=1)
    nesterov: bool = setting(True, "look one step ahead")
    ns_steps: int = setting(5, "Newton-Schulz iterations", at_least=1, at_most=20)
    ns_coefficients: list[float] = setting(
        [3.4445, -4.7750, 2.0315], "a, b, c of an iteration a s + b s^3 + c s^5"
    )
    reset_norm: bool = setting(False, "bring each matrix to norm sqrt(outputs) before its step")
    sgd_lr: float = setting(0.1, "peak learning rate of everything but hidden weights", above=0)
    sgd_momentum: float = setting(
        0.9, "momentum of everything but hidden weights", at_least=0, below=1
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.ns_coefficients) != 3:
            problem = f"={self.ns_coefficients}: must be three numbers, a, b and c"
            raise SettingError("ns_coefficients", problem)

    def build(self, parameters: Parameters) -> BoundOptimizer:
        return _MatrixByMatrix(self, parameters)

    def update(self, p: Array, g: Array, state: Sequence[Array], step: Step) -> bool:
        """SGD, for a range of everything but hidden weights."""
        update = nesterov if self.nesterov else sgd
        step = step._replace(lr=step.lr * self.sgd_lr / self.lr)
        return update(p, g, *state, *step.factors, self.sgd_momentum)

    def update_matrix(self, p: Array, g: Array, v: Array, outputs: int, lr: float) -> None:
        """Update a hidden matrix (inputs, outputs), given as vectors; overwrites `g`."""
        v *= self.momentum
        v += g
        direction = v
        if self.nesterov:
            direction = g
            direction += np.multiply(v, self.momentum, out=scratch("ahead", g.size, g.dtype))
        change = scratch("orthogonal", p.size, p.dtype)
        orthogonalise(
            direction.reshape(-1, outputs),
            change.reshape(-1, outputs),
            self.ns_steps,
            self.ns_coefficients,
        )
        if self.reset_norm:
            norm = math.sqrt(float(np.dot(p, p)))
            p *= math.sqrt(outputs) / (norm + EPS)
        elif self.weight_decay:
            p *= 1 - lr * self.weight_decay
        change *= lr
        p -= change


class _MatrixByMatrix(BoundOptimizer):
    """Gives Muon each hidden matrix as a whole, and the rest block by block."""

    settings: Muon

    def plan(self, slots: list[Slot]) -> None:
        hidden = [slot for slot in slots if slot.kind is Kind.weight and len(slot.shape) > 1]
        # largest first, so that no thread finishes late
        self._matrices = sorted(hidden, key=lambda slot: -slot.size)
        super().plan([slot for slot in slots if slot not in hidden])

    def _update(self, lr: float, grad_scale: float) -> bool:
        is_finite = super()._update(lr, grad_scale)

        def update_matrix(slot: Slot) -> None:
            p, g, (v,) = self._vectors(slot.place)
            g = np.multiply(g, grad_scale, out=scratch("gradient", g.size, g.dtype))
            self.settings.update_matrix(p, g, v, slot.shape[-1], lr)

        for_each(update_matrix, self._matrices)
        return is_finite


def orthogonalise(
    matrix: np.ndarray, out: np.ndarray, steps: int, coefficients: list[float]
) -> None:
    """For M = U S V^T write about U V^T to `out`: the singular values are brought near 1.

    An iteration is X <- a X + b X X^T X + c X X^T X X^T X, from X = M / |M|, so each singular
    value goes s <- a s + b s^3 + c s^5. With the default coefficients, small ones grow fastest and
    all end between 0.7 and 1.2 or so, which serves as well as 1.

    All X are X_0 times a polynomial in the Gram matrix A = X_0^T X_0 of the smaller side, and
    those commute. So the iterations run on the small matrices alone: Q = a I + b A + c A A,
    T <- T Q, A <- Q A Q. Two large products remain, for A and for X_0 T. float32 is precise
    enough: the result is within 0.001 of the exact one; bfloat16, the usual choice for Muon, is
    within 0.01.
    """
    a, b, c = coefficients
    rows, columns = matrix.shape
    is_tall = rows >= columns
    n = min(rows, columns)
    gram, square, q, product, total = scratch("gram", 5 * n * n, matrix.dtype).reshape(5, n, n)
    if is_tall:
        np.matmul(matrix.T, matrix, out=gram)
    else:
        np.matmul(matrix, matrix.T, out=gram)
    norm = math.sqrt(float(np.trace(gram))) + EPS
    gram *= 1 / norm**2
    total[...] = 0
    np.fill_diagonal(total, 1 / norm)
    for step in range(steps):
        np.matmul(gram, gram, out=square)
        square *= c
        np.multiply(gram, b, out=q)
        q += square
        q.reshape(-1)[:: n + 1] += a
        np.matmul(total, q, out=product)
        total, product = product, total
        if step < steps - 1:
            np.matmul(q, gram, out=square)
            np.matmul(square, q, out=gram)
    if is_tall:
        np.matmul(matrix, total, out=out)
    else:
        np.matmul(total, matrix, out=out)
