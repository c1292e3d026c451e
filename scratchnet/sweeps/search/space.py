"""The space of a search, from Hydra's syntax to Optuna's distributions.

optimizer.lr=tag(log,interval(1e-4,1e-1))   any number in between, evenly by its logarithm
model.dropout=interval(0,0.5)               any number in between
trainer.batch_size=int(interval(16,256))    any whole number in between
trainer.epochs=range(5,30,5)                5, 10, ... 25
optimizer=sgd,adamw                         one of these; the same as choice(sgd,adamw)
"""

from typing import TYPE_CHECKING

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep

from scratchnet.errors import UserError

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution


class Dimension:
    """One setting that is searched: `key` is its name, `distribution` the values it can take."""

    def __init__(self, override: Override):
        self.typed = override.input_line
        self.key = override.get_key_element()
        values = override.value()
        is_log = "log" in values.tags
        if unknown := sorted(values.tags - {"log"}):
            raise UserError(f"{self.typed}: tag({unknown[0]}): the only tag is log")
        try:
            self.distribution = _distribution(override, values, is_log)
        except ValueError as error:
            raise UserError(f"{self.typed}: {error}") from None

    def override(self, value: float | int | str) -> str:
        """One of its values as an override."""
        return f"{self.key}={value}"

    @property
    def extremes(self) -> list[float | int | str]:
        """Values that, if allowed, mean all are: both ends of a range, or each of a choice."""
        choices = getattr(self.distribution, "choices", None)
        return list(choices or (self.distribution.low, self.distribution.high))


def _distribution(override: Override, values, is_log: bool) -> "BaseDistribution":
    """Raises ValueError for a range that is empty or has no logarithm."""
    from optuna.distributions import (  # here, as only a search needs it
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    if isinstance(values, IntervalSweep):
        kind = IntDistribution if isinstance(values.start, int) else FloatDistribution
        return kind(values.start, values.end, log=is_log)
    if isinstance(values, RangeSweep):
        every = values.range()
        numbers = list(every)[:10_000] if values.step else []
        if not numbers or values.step < 0:
            raise ValueError("the values of a range must increase")
        kind = IntDistribution if isinstance(every, range) else FloatDistribution
        high = numbers[-1] if kind is IntDistribution else float(f"{numbers[-1]:.12g}")
        if is_log:
            return kind(numbers[0], high, log=True)
        return kind(numbers[0], high, step=values.step)
    if is_log:
        raise ValueError("log needs an interval or a range")
    return CategoricalDistribution(list(override.sweep_string_iterator()))
