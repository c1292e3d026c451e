"""Learning-rate schedules: pure functions from the step (0, 1, 2, ...) to the learning rate.

Each class holds the settings of one schedule; `build` returns the function for a run of `epochs`
epochs of `steps_per_epoch` steps. The rate of a step does not depend on the steps before it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from scratchnet.errors import SettingError
from scratchnet.settings import MOST_EPOCHS, Choice, choice, setting

ScheduleFunction = Callable[[int], float]


class Schedule(Choice):
    """Base of all schedules."""

    depends_on_end: ClassVar[bool] = True  # whether a step's rate depends on the number of epochs

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        """The function from a step to its learning rate; `lr` is the peak.

        Raises SettingError where the schedule does not fit the run.
        """
        raise NotImplementedError


@dataclass
class WarmupSchedule(Schedule):
    """An optional linear warm-up, then `after_warmup`.

    The learning rate of warm-up step t is lr (t + 1) / warm-up steps: the last warm-up step has
    the full `lr`, and no step is wasted at 0.
    """

    warmup_epochs: float = setting(
        0.0, "linear warm-up from 0 to the peak", unit="epochs", at_least=0, at_most=MOST_EPOCHS
    )

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
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
        """The function for the `steps` steps after the warm-up, counted from its end."""
        raise NotImplementedError


@choice("constant")
class Constant(WarmupSchedule):
    """lr."""

    depends_on_end = False

    def after_warmup(self, lr: float, steps_per_epoch: int, steps: int) -> ScheduleFunction:
        return lambda step: lr


@choice("cosine")
class Cosine(WarmupSchedule):
    """lr_min + (lr - lr_min) (1 + cos(pi t / T)) / 2, for step t of T.

    Loshchilov & Hutter 2017, "SGDR", eq. 5, without restarts.
    """

    lr_min: float = setting(0.0, "learning rate at the end", at_least=0)

    def after_warmup(self, lr: float, steps_per_epoch: int, steps: int) -> ScheduleFunction:
        _check_not_above(self.lr_min, lr)

        def rate(step: int) -> float:
            progress = min(step / steps, 1.0)
            return self.lr_min + (lr - self.lr_min) * (1 + math.cos(math.pi * progress)) / 2

        return rate


@choice("linear")
class Linear(WarmupSchedule):
    """lr + (lr_min - lr) t / T, for step t of T."""

    lr_min: float = setting(0.0, "learning rate at the end", at_least=0)

    def after_warmup(self, lr: float, steps_per_epoch: int, steps: int) -> ScheduleFunction:
        _check_not_above(self.lr_min, lr)
        return lambda step: lr + (self.lr_min - lr) * min(step / steps, 1.0)


@choice("step")
class Step(WarmupSchedule):
    """lr factor^k after k full periods of `every_epochs`."""

    depends_on_end = False

    every_epochs: float = setting(
        10.0, "time between two drops", unit="epochs", above=0, at_most=MOST_EPOCHS
    )
    factor: float = setting(0.1, "factor on the rate at each drop", above=0, at_most=1)

    def after_warmup(self, lr: float, steps_per_epoch: int, steps: int) -> ScheduleFunction:
        period = max(1, round(self.every_epochs * steps_per_epoch))
        return lambda step: lr * self.factor ** (step // period)


@choice("one_cycle")
class OneCycle(Schedule):
    """Linear from lr / start_divisor up to lr, then cosine down to lr / end_divisor.

    Smith & Topin 2018, "Super-Convergence", with the cosine decay of the fast.ai library.
    """

    rise: float = setting(0.3, "share of the run spent rising", above=0, below=1)
    start_divisor: float = setting(25.0, "peak divided by the first rate", at_least=1)
    end_divisor: float = setting(1e4, "peak divided by the last rate", at_least=1)

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        total = epochs * steps_per_epoch
        start, end = lr / self.start_divisor, lr / self.end_divisor

        def cosine(progress: float) -> float:
            return (1 + math.cos(math.pi * progress)) / 2

        return _rise_and_fall(start, lr, end, self.rise * total, total, cosine)


@choice("triangular")
class Triangular(Schedule):
    """Linear from lr start_share up to lr, then linear down to lr end_share.

    Smith 2017, "Cyclical Learning Rates", with a single triangle over the whole run, as in D. Page
    2019, "How to Train Your ResNet". The defaults are those of K. Jordan's airbench94 (2024).
    """

    rise: float = setting(0.23, "share of the run spent rising", above=0, below=1)
    start_share: float = setting(0.2, "first rate as a share of the peak", at_least=0, at_most=1)
    end_share: float = setting(0.07, "last rate as a share of the peak", at_least=0, at_most=1)

    def build(self, lr: float, steps_per_epoch: int, epochs: int) -> ScheduleFunction:
        total = epochs * steps_per_epoch
        start, end = lr * self.start_share, lr * self.end_share
        return _rise_and_fall(start, lr, end, self.rise * total, total, lambda t: 1 - t)


def _rise_and_fall(
    start: float, lr: float, end: float, peak: float, total: int, fall: Callable[[float], float]
) -> ScheduleFunction:
    """Linear from `start` to `lr` at step `peak`, then to `end` at step `total`.

    `fall` maps the progress after the peak, from 0 to 1, to a factor that falls from 1 to 0.
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
