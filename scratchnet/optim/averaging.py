"""Averages of a network's weights over the steps of a training; each option has its equation.

What is averaged is the state of a network, all that training changes: its parameters, and what
layers learn without gradients (running statistics), as in airbench94. Evaluation, and so the choice
of the best epoch, uses the average. A checkpoint holds the average under the plain names, from
which a network is restored, and beside it, under `training/`, the state to resume training from.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.kernels.averaging import move, pull_back
from scratchnet.settings import Choice, choice, setting

State = dict[str, np.ndarray]
PREFIX = "training/"


class NoAverage:
    """The state of a network as it is: arrays by name, which training changes in place."""

    def __init__(self, state: State):
        self.state = state

    def begin(self) -> None:
        """Start the average with the state as it is now."""

    def after_step(self, step: int) -> None:
        """Include the state after step number `step` (1, 2, ...)."""

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Within this context, the network's arrays hold the average."""
        yield

    def stored(self) -> State:
        """What a checkpoint holds: the average, and what training resumes from; no copies."""
        return self.state

    def training_state(self, stored: State) -> State:
        """The part of `stored()` that training resumes from."""
        return stored


class Average(NoAverage):
    """An average kept beside the state.

    `update(average, state, step)` includes an array of the state, given with its average, after
    each step for which `is_due(step)`.
    """

    def __init__(
        self,
        state: State,
        update: Callable[[np.ndarray, np.ndarray, int], None],
        is_due: Callable[[int], bool] = lambda step: True,
    ):
        super().__init__(state)
        self.average = {name: np.empty_like(array) for name, array in state.items()}
        self._update = update
        self._is_due = is_due

    def begin(self) -> None:
        self._for_each_block(np.copyto)

    def after_step(self, step: int) -> None:
        if self._is_due(step):
            for name, array in self.state.items():
                self._update(self.average[name], array, step)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        self._for_each_block(_swap)
        try:
            yield
        finally:
            self._for_each_block(_swap)

    def stored(self) -> State:
        return self.average | {PREFIX + name: array for name, array in self.state.items()}

    def training_state(self, stored: State) -> State:
        return {
            name.removeprefix(PREFIX): array
            for name, array in stored.items()
            if name.startswith(PREFIX)
        }

    def _for_each_block(self, task: Callable[[np.ndarray, np.ndarray], None]) -> None:
        """Call task(average, state) for matching blocks of all arrays."""
        for name, array in self.state.items():
            for_each_block(task, self.average[name], array)


def _swap(average: np.ndarray, state: np.ndarray) -> None:
    kept = scratch("swap", average.size, average.dtype)
    np.copyto(kept, average)
    np.copyto(average, state)
    np.copyto(state, kept)


@choice("none")
class NoAveraging(Choice):
    """The weights as they are."""

    @property
    def depends_on_end(self) -> bool:
        """Whether what it does at a step depends on the number of epochs."""
        return False

    def build(self, state: State, total_steps: int) -> NoAverage:
        """The average of a network's state, arrays that change in place, over `total_steps`."""
        return NoAverage(state)


@choice("ema")
class EMA(NoAveraging):
    """average <- d average + (1 - d) state after each step, with d = min(decay, t / (t + 9)).

    The second term is a warm-up: at step t the average covers about the last tenth of the steps,
    so that it does not cling to the initial weights. Training itself is not affected.
    Polyak & Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging", with the
    exponential weights and the warm-up of TensorFlow's ExponentialMovingAverage.
    """

    decay: float = setting(0.999, "share of the average kept each step", at_least=0, below=1)

    def build(self, state: State, total_steps: int) -> NoAverage:
        def update(average: np.ndarray, state: np.ndarray, t: int) -> None:
            move(average, state, 1 - min(self.decay, t / (t + 9)))

        return Average(state, update)


@choice("lookahead")
class Lookahead(NoAveraging):
    """Every few steps, slow <- k slow + (1 - k) fast, and training continues from there:
    fast <- slow, with k = keep (t / T)^power at step t of T.

    Zhang et al. 2019, "Lookahead Optimizer: k steps forward, 1 step back", algorithm 1, with its
    step size 1 - keep; theirs has power 0. airbench94 (K. Jordan 2024) pulls harder the longer the
    training lasts: every 5 steps, keep = 0.95^5 = 0.774, power 3. The optimizer's own momentum is
    left as it is.
    """

    every_steps: int = setting(5, "time between two updates", unit="steps", at_least=1)
    keep: float = setting(0.5, "share of the slow weights kept", at_least=0, below=1)
    power: float = setting(0.0, "how `keep` grows to its full value in the run", at_least=0)

    @property
    def depends_on_end(self) -> bool:
        return self.power > 0

    def build(self, state: State, total_steps: int) -> NoAverage:
        def update(slow: np.ndarray, fast: np.ndarray, t: int) -> None:
            pull_back(slow, fast, 1 - self.keep * (t / total_steps) ** self.power)

        return Average(state, update, is_due=lambda t: t % self.every_steps == 0)
