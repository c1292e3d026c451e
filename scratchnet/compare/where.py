"""Conditions on runs, as typed after --where: `optimizer.lr<1e-3`, `status=completed`.

They are parsed by hand: nothing that a user types is ever evaluated as code.
"""

import operator
import re
from dataclasses import dataclass

from scratchnet.errors import UserError
from scratchnet.runs.load import Run, Value
from scratchnet.settings.suggestions import nearest_setting
from scratchnet.settings.wording import as_typed

OPERATORS = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
TAGS = "tags"  # a run has a tag if it is one of them
EQUALITIES = ("=", "==", "!=")
CONDITION = re.compile(r"\s*([\w.]+)\s*(<=|>=|!=|==|=|<|>)\s*(.*?)\s*")


@dataclass(frozen=True)
class Condition:
    """`name operator value`, on a setting, a result or the status of a run."""

    name: str
    comparison: str  # one of OPERATORS
    value: float | str

    def holds(self, run: Run) -> bool:
        """Whether a run satisfies it. One without this setting or result satisfies only `!=`."""
        row = run.row()
        if self.name not in row:
            return self.comparison == "!="
        if self.name == TAGS and self.comparison in EQUALITIES:
            return (self.value in _tags(row[TAGS])) == (self.comparison != "!=")
        actual = _comparable(row[self.name])
        if type(actual) is not type(self.value):
            return self.comparison == "!="
        if isinstance(actual, str) and self.comparison not in EQUALITIES:
            return False
        return OPERATORS[self.comparison](actual, self.value)


def parse(text: str, runs: list[Run]) -> Condition:
    """Parse a condition; the name may be shortened (`lr`) if that is unambiguous.

    Raises UserError if the text is not a condition or the name is one that no run has.
    """
    match = CONDITION.fullmatch(text)
    if not match:
        raise UserError(
            f"--where {text}: must be NAME OPERATOR VALUE, e.g. 'optimizer.lr<1e-3'; "
            f"operators: {' '.join(OPERATORS)}"
        )
    name, comparison, value = match.groups()
    known = dict.fromkeys(name for run in runs for name in run.row())
    condition = Condition(full_name(name, known, "--where"), comparison, _typed(value))
    if isinstance(condition.value, str) and comparison not in EQUALITIES:
        raise UserError(
            f"--where {text}: {value or 'nothing'} is not a number; compare it with = or != only"
        )
    return condition


def full_name(name: str, known: dict[str, None], option: str) -> str:
    """The known name that a name or its last part stands for. Raises UserError."""
    if name in known:
        return name
    ends = [one for one in known if one.endswith(f".{name}") or one == f"{name}.name"]
    if len(ends) == 1:
        return ends[0]
    if ends:
        raise UserError(f"{option} {name}: is ambiguous: {' or '.join(ends)}")
    meant = nearest_setting(name, known) if known else None
    hint = f" (did you mean {meant}?)" if meant else ""
    raise UserError(f"{option} {name}: no run has such a setting or result{hint}")


def _typed(text: str) -> float | str:
    """A number if it is one, also as in `98 %`; any other value is compared as typed."""
    number = text.removesuffix("%")
    try:
        return float(number) / (1 if number == text else 100)
    except ValueError:
        return text.strip("'\"")


def _tags(value: Value) -> list[float | str]:
    return [_comparable(tag) for tag in value] if isinstance(value, list) else []


def _comparable(value: Value) -> float | str:
    """A number as float; anything else as one would type it, e.g. `[256,128]`, `null`, `true`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return as_typed(value)
