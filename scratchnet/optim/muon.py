"""Muon: momentum made orthogonal, matrix by matrix."""

import math
from typing import ClassVar

import numpy as np

from scratchnet.compute import threads
from scratchnet.compute.threads import scratch
from scratchnet.errors import SettingError
from scratchnet.nn.parameters import Kind, Slot
from scratchnet.optim.optimizer import Optimizer
from scratchnet.optim.sgd import descend, follow
from scratchnet.settings import choice, setting

EPS = 1e-7  # added to a norm, against division by 0


@choice("muon")
class Muon(Optimizer):
    """v <- momentum v + g;  W <- (1 - lr weight_decay) W - lr orthogonal(v)  for each matrix W.

    Nesterov's form makes g + momentum v orthogonal (see `orthogonalise`). Filters (k, k, C, F) are
    matrices (k k C, F). The output layer, biases and normalisations learn by SGD with the same
    form of momentum and the `sgd_` settings; its learning rate follows the schedule of `lr`.

    With `reset_norm` each W is first brought to the norm sqrt(F), for F outputs, so that lr is a
    relative step; weight decay then has no effect on it. This is airbench94_muon's way.

    A step costs the same for every batch size: for a matrix (m, n) with m >= n and 3 ns_steps some
    3 m n^2 + 20 n^3 FLOP. For all of the default airnet that is 36 ms of one core (47 ms with 5
    ns_steps, against 2.4 ms for SGD), shared out over the cores matrix by matrix: nothing beside
    the seconds of a large batch, but with small batches and wide dense layers most of a step.

    K. Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
    """

    STATE: ClassVar[tuple[str, ...]] = ("velocity",)

    lr: float = setting(0.02, "peak learning rate of matrices; the schedule scales it", above=0)
    weight_decay: float = setting(0.0, "decoupled for matrices, L2 for what SGD does", at_least=0)
    momentum: float = setting(0.95, "share of the velocity kept each step", at_least=0, below=1)
    nesterov: bool = setting(True, "look one step ahead")
    ns_steps: int = setting(5, "Newton-Schulz iterations", at_least=1, at_most=20)
    ns_coefficients: list[float] = setting(
        [3.4445, -4.7750, 2.0315], "a, b, c of an iteration a s + b s^3 + c s^5"
    )
    reset_norm: bool = setting(False, "bring each matrix to norm sqrt(outputs) before its step")
    sgd_lr: float = setting(0.1, "peak learning rate of what is no hidden matrix", above=0)
    sgd_momentum: float = setting(0.9, "the same as momentum, for that", at_least=0, below=1)

    def __post_init__(self):
        super().__post_init__()
        if len(self.ns_coefficients) != 3:
            problem = f"={self.ns_coefficients}: must be three numbers, a, b and c"
            raise SettingError("ns_coefficients", problem)

    def plan(self, slots):
        weights = [s for s in self.parameters.slots.values() if s.kind is Kind.weight]
        hidden = {slot.name for slot in weights[:-1] if len(slot.shape) > 1}
        matrices = [slot for slot in slots if slot.name in hidden]
        self._matrices = sorted(matrices, key=lambda slot: -slot.size)  # a long one last would wait
        super().plan([slot for slot in slots if slot.name not in hidden])

    def step(self, lr, grad_scale=1.0):
        super().step(lr, grad_scale)
        threads.parallel(
            lambda i: self._step_of_matrix(self._matrices[i], lr, grad_scale), len(self._matrices)
        )

    def update(self, p, g, lr, decay, velocity):
        """One block of what is no hidden matrix."""
        sgd_lr = lr * self.sgd_lr / self.lr
        descend(p, g, sgd_lr, decay, velocity, self.sgd_momentum, self.nesterov)

    def _step_of_matrix(self, slot: Slot, lr: float, grad_scale: float) -> None:
        p, g, velocity = self._vectors(slot.place, grad_scale)
        direction = follow(velocity, g, self.momentum, self.nesterov)
        outputs = slot.shape[-1]
        change = scratch("orthogonal", p.size, p.dtype)
        orthogonalise(
            direction.reshape(-1, outputs),
            change.reshape(-1, outputs),
            self.ns_steps,
            self.ns_coefficients,
        )
        if self.reset_norm:
            norm = math.sqrt(float(np.dot(p, p)))
            np.multiply(p, math.sqrt(outputs) / (norm + EPS), out=p)
        elif self.weight_decay:
            np.multiply(p, 1 - lr * self.weight_decay, out=p)
        np.multiply(change, lr, out=change)
        np.subtract(p, change, out=p)


def orthogonalise(
    matrix: np.ndarray, out: np.ndarray, steps: int, coefficients: list[float]
) -> None:
    """From M = U S V^T write about U V^T: the singular values are brought near 1.

    An iteration is X <- a X + b X X^T X + c X X^T X X^T X, from X = M / |M|, so each singular
    value goes s <- a s + b s^3 + c s^5. With the default coefficients, small ones grow fastest and
    all end between 0.7 and 1.2 or so, which serves as well as 1.

    All X are X_0 times a polynomial in the Gram matrix A = X_0^T X_0 of the smaller side, and
    those commute. So the iterations run on the small matrices alone: Q = a I + b A + c A A,
    T <- T Q, A <- Q A Q. Two large products remain, for A and for X_0 T. float32 is enough: the
    result is within 0.001 of the exact one, where bfloat16, which Muon is mostly used with, is
    within 0.01.
    """
    a, b, c = coefficients
    rows, columns = matrix.shape
    is_tall = rows >= columns
    n = min(rows, columns)
    gram, square, q, product, total = scratch("gram", 5 * n * n, matrix.dtype).reshape(5, n, n)
    np.matmul(*((matrix.T, matrix) if is_tall else (matrix, matrix.T)), out=gram)
    norm = math.sqrt(float(np.trace(gram))) + EPS
    np.multiply(gram, 1 / norm**2, out=gram)
    total[...] = 0
    np.fill_diagonal(total, 1 / norm)
    for step in range(steps):
        np.matmul(gram, gram, out=square)
        np.multiply(square, c, out=square)
        np.multiply(gram, b, out=q)
        np.add(q, square, out=q)
        q.reshape(-1)[:: n + 1] += a
        np.matmul(total, q, out=product)
        total, product = product, total
        if step < steps - 1:
            np.matmul(q, gram, out=square)
            np.matmul(square, q, out=gram)
    np.matmul(*((matrix, total) if is_tall else (total, matrix)), out=out)
