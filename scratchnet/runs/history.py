"""What run.json tells of a run that was stopped and resumed: how long it took, what was raised.

    resumed    a list of {time, epoch, overrides, seconds}; `seconds`: of all processes before
    raised     a list of {epoch, from, to}: trainer.epochs was raised after an epoch
    seconds    of all processes, once the last one has ended

Whoever reads an entry that was edited or damaged finds nothing in it.
"""

from collections.abc import Sequence
from typing import Any

from scratchnet.settings.plain import Plain


def seconds_before(info: Plain) -> float:
    """What the processes before the current one took."""
    resumed = _entries(info, "resumed")
    return _number(resumed[-1].get("seconds")) or 0.0 if resumed else 0.0


def seconds_so_far(info: Plain, seconds_of_epochs: Sequence[float]) -> float:
    """What all processes took, the last of which has ended, given the seconds of each epoch.

    A process that was killed could not record it. Only the epochs that it trained are counted then,
    neither its start nor its evaluations.
    """
    recorded = _number(info.get("seconds"))
    if recorded is not None:
        return recorded
    resumed = _entries(info, "resumed")
    first = int(_number(resumed[-1].get("epoch")) or 0) if resumed else 0
    return seconds_before(info) + sum(seconds_of_epochs[first:])


def raised(info: Plain) -> list[dict[str, int]]:
    """When trainer.epochs was raised, from what to what."""
    names = ("epoch", "from", "to")
    return [
        {name: one[name] for name in names}
        for one in _entries(info, "raised")
        if all(type(one.get(name)) is int for name in names)
    ]


def _entries(info: Plain, name: str) -> list[dict[str, Any]]:
    entries = info.get(name)
    if not isinstance(entries, list):
        return []
    return [one for one in entries if isinstance(one, dict)]


def _number(value: object) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e12 else None
