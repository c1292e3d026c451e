"""Averages of a network's weights over the steps of a training.

What is averaged is the whole state of a network: its parameters, and what layers learn without
gradients (running statistics), as in airbench94. Evaluation, and so the choice of the best epoch,
uses the average. A checkpoint holds it under the plain names, where whoever reads a network finds
it, and beside it, under `training/`, the state from which training goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from scratchnet.compute.blocks import for_each_block
from scratchnet.compute.threads import scratch
from scratchnet.settings import Choice, choice, setting

State = dict[str, np.ndarray]
PREFIX = "training/"


@choice("none")
class NoAveraging(Choice):
    """The weights as they are."""

    def attach(self, state: State, total_steps: int) -> None:
        """Take up the state of a network, arrays that change in place, and the run's length."""
        self.state = state

    def begin(self) -> None:
        """Start the average with the state as it is now."""

    def after_step(self, step: int) -> None:
        """Take in the state after step number `step` (1, 2, ...)."""

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Within it, the network's arrays hold the average."""
        yield

    def stored(self) -> State:
        """What a checkpoint holds: the average, and what training goes on from; no copies."""
        return self.state

    def training_state(self, stored: State) -> State:
        """That part of `stored()` from which training goes on."""
        return stored


class _Average(NoAveraging):
    """What is common to those that keep an average beside the state."""

    def attach(self, state, total_steps):
        super().attach(state, total_steps)
        self.total_steps = total_steps
        self.average = {name: np.empty_like(array) for name, array in state.items()}

    def begin(self):
        self._for_each_block(np.copyto)

    @contextmanager
    def in_use(self):
        self._for_each_block(_swap)
        try:
            yield
        finally:
            self._for_each_block(_swap)

    def stored(self):
        return self.average | {PREFIX + name: array for name, array in self.state.items()}

    def training_state(self, stored):
        return {
            name.removeprefix(PREFIX): array
            for name, array in stored.items()
            if name.startswith(PREFIX)
        }

    def _for_each_block(self, task: Callable[[np.ndarray, np.ndarray], None]) -> None:
        """Call task(average, state) for matching blocks of all arrays."""
        for name, array in self.state.items():
            for_each_block(task, self.average[name], array)


@choice("ema")
class EMA(_Average):
    """average <- d average + (1 - d) state after each step, with d = min(decay, t / (t + 9)).

    The second term is a warm-up: at step t the average is over about the last tenth of the steps,
    so that it does not cling to where the weights started. Training itself is not affected.
    Polyak & Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging", with the
    exponential weights and the warm-up of TensorFlow's ExponentialMovingAverage.
    """

    decay: float = setting(0.999, "share of the average kept each step", at_least=0, below=1)

    def after_step(self, step):
        share = 1 - min(self.decay, step / (step + 9))
        self._for_each_block(lambda average, state: _move(average, state, share))


@choice("lookahead")
class Lookahead(_Average):
    """Every few steps, slow <- k slow + (1 - k) fast, and the network goes on from there:
    fast <- slow, with k = keep (t / T)^power at step t of T.

    Zhang et al. 2019, "Lookahead Optimizer: k steps forward, 1 step back", algorithm 1, with its
    step size 1 - keep; power 0 is theirs. airbench94 (K. Jordan 2024) pulls harder the longer the
    training lasts: every 5 steps, keep = 0.95^5 = 0.774, power 3. The optimizer's own momentum is
    left as it is.
    """

    every_steps: int = setting(5, "time between two updates", unit="steps", at_least=1)
    keep: float = setting(0.5, "share of the slow weights kept", at_least=0, below=1)
    power: float = setting(0.0, "how `keep` grows to its full value in the run", at_least=0)

    def after_step(self, step):
        if step % self.every_steps:
            return
        share = 1 - self.keep * (step / self.total_steps) ** self.power

        def update(slow: np.ndarray, fast: np.ndarray) -> None:
            _move(slow, fast, share)
            np.copyto(fast, slow)

        self._for_each_block(update)


def _move(average: np.ndarray, state: np.ndarray, share: float) -> None:
    """average <- average + share (state - average): what is equal stays so, to the bit."""
    change = np.subtract(state, average, out=scratch("move", average.size, average.dtype))
    np.multiply(change, share, out=change)
    np.add(average, change, out=average)


def _swap(average: np.ndarray, state: np.ndarray) -> None:
    kept = scratch("swap", average.size, average.dtype)
    np.copyto(kept, average)
    np.copyto(average, state)
    np.copyto(state, kept)
