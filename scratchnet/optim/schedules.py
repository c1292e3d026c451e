"""Learning-rate schedules: pure functions from the step (0, 1, 2, ...) to the learning rate.

Each class holds the settings of one; `build` gives the function for a run of `epochs` epochs of
`steps_per_epoch` steps. A value belongs to a step whether or not the steps before it were taken.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scratchnet.errors import SettingError
from scratchnet.settings import Settings, setting

ScheduleFunction = Callable[[int], float]


@dataclass
class Schedule(Settings):
    """Base of all schedules: `rate(t, lr, total)` after an optional linear warm-up.

    In warm-up step t the learning rate is lr (t + 1) / warm-up steps, so that the last warm-up
    step has the full `lr` and no step is wasted at 0.
    """

    name: str = setting("", "the choice", fixed=True)
    warmup_epochs: float = setting(
        0.0, "linear warm-up from 0 to the peak", unit="epochs", at_least=0
    )

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        """The function from a step to its learning rate; `lr` is the peak."""
        if self.warmup_epochs >= epochs and self.warmup_epochs > 0:
            raise SettingError(
                "warmup_epochs", f"={self.warmup_epochs:g}: must be < trainer.epochs={epochs}"
            )
        warmup_steps = round(self.warmup_epochs * steps_per_epoch)
        total_steps = epochs * steps_per_epoch
        rate = self.after_warmup(lr, steps_per_epoch, total_steps - warmup_steps)

        def schedule(step: int) -> float:
            if step < warmup_steps:
                return lr * (step + 1) / warmup_steps
            return rate(step - warmup_steps)

        return schedule

    def after_warmup(self, lr: float, steps_per_epoch: int, steps: int) -> ScheduleFunction:
        """The function for steps 0 to `steps` counted from the end of the warm-up."""
        raise NotImplementedError


@dataclass
class Constant(Schedule):
    """lr."""

    name: str = setting("constant", "the choice", fixed=True)

    def after_warmup(self, lr, steps_per_epoch, steps):
        return lambda step: lr


@dataclass
class Cosine(Schedule):
    """lr_min + (lr - lr_min) (1 + cos(pi t / T)) / 2, for step t of T.

    Loshchilov & Hutter 2017, "SGDR", eq. 5, without restarts.
    """

    name: str = setting("cosine", "the choice", fixed=True)
    lr_min: float = setting(0.0, "learning rate at the end", at_least=0)

    def after_warmup(self, lr, steps_per_epoch, steps):
        _check_not_above(self.lr_min, lr)

        def rate(step: int) -> float:
            progress = min(step / steps, 1.0)
            return self.lr_min + (lr - self.lr_min) * (1 + math.cos(math.pi * progress)) / 2

        return rate


@dataclass
class Linear(Schedule):
    """lr + (lr_min - lr) t / T, for step t of T."""

    name: str = setting("linear", "the choice", fixed=True)
    lr_min: float = setting(0.0, "learning rate at the end", at_least=0)

    def after_warmup(self, lr, steps_per_epoch, steps):
        _check_not_above(self.lr_min, lr)
        return lambda step: lr + (self.lr_min - lr) * min(step / steps, 1.0)


@dataclass
class Step(Schedule):
    """lr factor^k, where k counts the full periods of `every_epochs` that have passed."""

    name: str = setting("step", "the choice", fixed=True)
    every_epochs: float = setting(10.0, "time between two drops", unit="epochs", above=0)
    factor: float = setting(0.1, "what the rate is multiplied with", above=0, at_most=1)

    def after_warmup(self, lr, steps_per_epoch, steps):
        period = max(1, round(self.every_epochs * steps_per_epoch))
        return lambda step: lr * self.factor ** (step // period)


@dataclass
class OneCycle(Settings):
    """Linear from lr / start_divisor up to lr, then cosine down to lr / end_divisor.

    Smith & Topin 2018, "Super-Convergence", with the cosine fall of the fast.ai library.
    """

    name: str = setting("one_cycle", "the choice", fixed=True)
    rise: float = setting(0.3, "share of the run in which the rate rises", above=0, below=1)
    start_divisor: float = setting(25.0, "peak divided by the first rate", at_least=1)
    end_divisor: float = setting(1e4, "peak divided by the last rate", at_least=1)

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        """The function from a step to its learning rate; `lr` is the peak."""
        total = epochs * steps_per_epoch
        start, end = lr / self.start_divisor, lr / self.end_divisor

        def cosine(progress: float) -> float:
            return (1 + math.cos(math.pi * progress)) / 2

        return _rise_and_fall(start, lr, end, self.rise * total, total, cosine)


@dataclass
class Triangular(Settings):
    """Linear from lr start_share up to lr, then linear down to lr end_share.

    Smith 2017, "Cyclical Learning Rates", with one triangle for the whole run; so used by D. Page
    2019, "How to Train Your ResNet", and with these defaults by K. Jordan's airbench94 (2024).
    """

    name: str = setting("triangular", "the choice", fixed=True)
    rise: float = setting(0.23, "share of the run in which the rate rises", above=0, below=1)
    start_share: float = setting(0.2, "first rate as a share of the peak", at_least=0, at_most=1)
    end_share: float = setting(0.07, "last rate as a share of the peak", at_least=0, at_most=1)

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        """The function from a step to its learning rate; `lr` is the peak."""
        total = epochs * steps_per_epoch
        start, end = lr * self.start_share, lr * self.end_share
        return _rise_and_fall(start, lr, end, self.rise * total, total, lambda t: 1 - t)


def _rise_and_fall(
    start: float, lr: float, end: float, peak: float, total: int, fall: Callable[[float], float]
) -> ScheduleFunction:
    """Linear from `start` to `lr` at step `peak`, then to `end` at step `total`.

    `fall` goes from 1 to 0 while its argument, the progress from the peak on, goes from 0 to 1.
    """

    def schedule(step: int) -> float:
        if step < peak:
            return start + (lr - start) * step / peak
        progress = min((step - peak) / (total - peak), 1.0)
        return end + (lr - end) * fall(progress)

    return schedule


def _check_not_above(lr_min: float, lr: float) -> None:
    if lr_min > lr:
        raise SettingError("lr_min", f"={lr_min:g}: must be <= optimizer.lr={lr:g}")
