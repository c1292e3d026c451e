"""Which average of a network's weights evaluation uses: each class is one option and its equation.

`build` makes the average for one training (see `average.py`).
"""

import numpy as np

from scratchnet.kernels.averaging import move, pull_back
from scratchnet.optim.average import Average, NoAverage, State
from scratchnet.settings import Choice, choice, setting


@choice("none")
class NoAveraging(Choice):
    """The weights as they are."""

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

    def build(self, state: State, total_steps: int) -> NoAverage:
        def update(slow: np.ndarray, fast: np.ndarray, t: int) -> None:
            pull_back(slow, fast, 1 - self.keep * (t / total_steps) ** self.power)

        return Average(state, update, is_due=lambda t: t % self.every_steps == 0)
