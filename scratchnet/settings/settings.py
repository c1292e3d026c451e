"""Typed settings that know their unit, their range and their meaning.

Every config class derives from `Settings` and declares its fields with `setting(...)`:

    @dataclass
    class EarlyStopping(Settings):
        patience: int = setting(5, "epochs without improvement before stopping", at_least=1)

A value outside its range raises `SettingError` on construction, so every config object is valid.
"""

import copy
import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from scratchnet.errors import SettingError

MOST = 10**9  # a whole number with no other upper limit: none here counts more than that
MOST_EPOCHS = 10**6
LARGEST_SEED = 2**63 - 1


def setting(
    default: Any = dataclasses.MISSING,
    help: str = "",
    *,
    unit: str = "",
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    non_empty: bool = False,
    fixed: bool = False,
) -> Any:
    """A dataclass field with a meaning, a unit and an allowed range.

    Bounds apply to numbers and to each element of a list; None passes where the type allows it.
    Numbers must be finite, and whole ones <= MOST unless `at_most` says otherwise. A `fixed` field
    accepts nothing but its default (the name of a choice, kept in the config so that it can be read
    back).
    """
    metadata = {
        "help": help,
        "unit": unit,
        "bounds": {"at_least": at_least, "above": above, "at_most": at_most, "below": below},
        "non_empty": non_empty,
        "fixed": fixed,
    }
    if isinstance(default, (list, dict)) or dataclasses.is_dataclass(default):
        return dataclasses.field(
            default_factory=lambda: copy.copy(default),
            metadata=metadata,
        )
    return dataclasses.field(default=default, metadata=metadata)


def describe_range(metadata: Mapping[str, Any]) -> str:
    """The allowed range in words, e.g. `> 0 and <= 1`; empty if there are no bounds."""
    symbols = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
    bounds = metadata.get("bounds", {})
    return " and ".join(
        "< 2^63"  # nobody reads its 19 digits
        if (k, v) == ("at_most", LARGEST_SEED)
        else f"{symbols[k]} {v if isinstance(v, int) else f'{v:g}'}"
        for k, v in bounds.items()
        if v is not None
    )


def in_brackets(metadata: Mapping[str, Any]) -> str:
    """Unit and meaning for an error message, e.g. ` (epochs: passes over the training set)`."""
    parts = [metadata[key] for key in ("unit", "help") if metadata.get(key)]
    return f" ({': '.join(parts)})" if parts else ""


class Settings:
    """Base of all config dataclasses: checks every field against its declared range.

    Raises SettingError (a ValueError) naming field, value and what is allowed.
    """

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # subclasses are dataclasses
            _check(field, getattr(self, field.name))


def _check(field: dataclasses.Field, value: Any) -> None:
    metadata = field.metadata
    if metadata.get("fixed") and value != field.default:
        raise SettingError(field.name, f"={value}: is fixed to {field.default!r} by the choice")
    if metadata.get("non_empty") and not value:
        raise SettingError(field.name, f"={value}: must not be empty")
    numbers = value if isinstance(value, list) else [value]
    for number in numbers:
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            _check_number(field.name, number, value, metadata)


def _check_number(name: str, number: float, value: Any, metadata: Mapping[str, Any]) -> None:
    bounds = metadata.get("bounds", {})
    is_whole = isinstance(number, int)  # of any length, perhaps too long for a float
    if is_whole and bounds.get("at_most") is None and number > MOST:
        raise SettingError(name, f"={value}: must be <= {MOST}{in_brackets(metadata)}")
    is_finite = is_whole or math.isfinite(number)
    fits = (
        is_finite
        and not (bounds.get("at_least") is not None and number < bounds["at_least"])
        and not (bounds.get("above") is not None and number <= bounds["above"])
        and not (bounds.get("at_most") is not None and number > bounds["at_most"])
        and not (bounds.get("below") is not None and number >= bounds["below"])
    )
    if not fits:
        kind = "" if is_finite else "a finite number"
        allowed = " ".join(filter(None, [kind, describe_range(metadata)]))
        raise SettingError(name, f"={value}: must be {allowed}{in_brackets(metadata)}")
