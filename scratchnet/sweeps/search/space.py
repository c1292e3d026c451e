"""The space of a search, from Hydra's syntax to Optuna's distributions.

optimizer.lr=tag(log,interval(1e-4,1e-1))   any number in between, evenly by its logarithm
model.dropout=interval(0,0.5)               any number in between
trainer.batch_size=interval(16,256)         any whole number in between
trainer.epochs=range(5,30,5)                5, 10, ... 25
optimizer=sgd,adamw                         one of these; the same as choice(sgd,adamw)
"""

from typing import TYPE_CHECKING

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep, Sweep

from scratchnet.config import types_of
from scratchnet.errors import UserError
from scratchnet.settings.wording import is_whole

if TYPE_CHECKING:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    Distribution = CategoricalDistribution | FloatDistribution | IntDistribution


class Dimension:
    """One setting that is searched: `key` is its name, `distribution` the values it can take."""

    def __init__(self, override: Override):
        values = override.value()
        assert override.input_line is not None
        assert isinstance(values, Sweep)
        self.typed = override.input_line
        self.key = override.get_key_element()
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
        distribution = self.distribution
        if hasattr(distribution, "choices"):
            return [str(choice) for choice in distribution.choices]
        return [distribution.low, distribution.high]


def _distribution(override: Override, values: Sweep, is_log: bool) -> "Distribution":
    """Raises ValueError for a range that is empty or has no logarithm."""
    # here, as only a search needs it
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(values, IntervalSweep):
        low, high = values.start, values.end
        assert low is not None
        assert high is not None
        _check(low, high, is_log)
        are_whole = float(low).is_integer() and float(high).is_integer()
        is_cast = isinstance(low, int) and isinstance(high, int)  # int(interval(1,8))
        if are_whole and (is_cast or _takes_no_fractions(override.key_or_group)):
            return IntDistribution(int(low), int(high), log=is_log)
        return FloatDistribution(low, high, log=is_log)
    if isinstance(values, RangeSweep):
        return _range(values, is_log)
    if is_log:
        raise ValueError("log needs an interval or a range")
    return CategoricalDistribution(list(override.sweep_string_iterator()))


def _takes_no_fractions(name: str) -> bool:
    """Whether a setting is a whole number, in each option that has it."""
    kinds = types_of(name)
    return bool(kinds) and all(map(is_whole, kinds))


def _check(low: float, high: float, is_log: bool) -> None:
    """Raise ValueError, as Optuna would in its own terms."""
    if not low <= high:
        raise ValueError("write the lower end first")
    if is_log and low <= 0:
        raise ValueError("with log, all values must be > 0")


def _range(values: RangeSweep, is_log: bool) -> "Distribution":
    """The distribution of `range(low,stop,step)`, or of its logarithm, which has no steps."""
    from optuna.distributions import FloatDistribution, IntDistribution

    every = values.range()
    numbers = list(every)[:10_000] if values.step else []
    if not numbers or values.step < 0:
        raise ValueError("the values of a range must increase")
    low, high = numbers[0], numbers[-1]
    _check(low, high, is_log)
    if isinstance(every, range):
        return IntDistribution(
            int(low), int(high), log=is_log, step=1 if is_log else int(values.step)
        )
    rounded = float(f"{high:.12g}")  # 0.1 + 0.1 + 0.1 is more than 0.3
    return FloatDistribution(low, rounded, log=is_log, step=None if is_log else values.step)
