"""The learning-rate range test: how high may the learning rate be?"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from scratchnet.errors import SettingError
from scratchnet.settings import Settings, setting
from scratchnet.system import interrupts
from scratchnet.training.trainer import Diverged, Trainer

SMOOTHING = 0.9  # share of the earlier losses in the smoothed one
DIVERGED = 4.0  # times the lowest smoothed loss so far: the test ends
SAFETY = 10.0  # the rate of the lowest loss divided by the suggested rate


@dataclass
class RangeTest(Settings):
    """A short training whose learning rate grows by the same factor in each step.

    Smith 2017, "Cyclical Learning Rates for Training Neural Networks", sec. 3.3; exponential
    growth, a smoothed loss and the end at divergence are those of the fast.ai library.
    """

    low: float = setting(1e-6, "the learning rate of the first step", above=0)
    high: float = setting(10.0, "the learning rate of the last step", above=0)
    steps: int = setting(300, "steps of training", unit="steps", at_least=20, at_most=100_000)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.high <= self.low:
            raise SettingError("high", f"={self.high:g}: must be > low={self.low:g}")

    def lr(self, step: int) -> float:
        """low (high / low)^(step / (steps - 1)), for step 0 to steps - 1."""
        return self.low * (self.high / self.low) ** (step / (self.steps - 1))

    def run(self, training: Trainer) -> "Rates":
        """Train, from the start, until the last step or until the loss diverges.

        The network is unusable afterwards. Raises Diverged if even the first steps fail.
        """
        found, mean = Rates(), 0.0
        batches = _endless(training)
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow ends the test
            for step in range(self.steps):
                interrupts.check()
                lr = self.lr(step)
                try:
                    loss = training.take_step(*next(batches), lr).loss
                except Diverged:
                    if step < 2:
                        raise
                    found.has_diverged = True
                    break
                mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
                smoothed = mean / (1 - SMOOTHING ** (step + 1))  # without the zero it started from
                found.add(lr, loss, smoothed)
                if smoothed > DIVERGED * min(found.smoothed):
                    found.has_diverged = True
                    break
        return found


@dataclass
class Rates:
    """The loss at each learning rate, in the order of the steps."""

    lrs: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # of the step's batch, before its update
    smoothed: list[float] = field(default_factory=list)
    has_diverged: bool = False  # after the last of them, which ended the test early

    def add(self, lr: float, loss: float, smoothed: float) -> None:
        """One more step."""
        self.lrs.append(lr)
        self.losses.append(loss)
        self.smoothed.append(smoothed)

    @property
    def lowest(self) -> int:
        """The step with the lowest smoothed loss."""
        return int(np.argmin(self.smoothed))

    @property
    def suggestion(self) -> float | None:
        """A tenth of the rate at which the smoothed loss is lowest, rounded to one digit.

        At the lowest point the loss is about to rise again; at a tenth of that rate it falls well.
        None if the loss never fell, or if that rate was not tested.
        """
        rate = float(f"{self.lrs[self.lowest] / SAFETY:.0e}")
        return rate if self.lowest > 0 and rate >= self.lrs[0] else None


def _endless(training: Trainer) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for epoch in itertools.count(1):
        training.network.begin_epoch(epoch)
        yield from training.train.batches(epoch)
