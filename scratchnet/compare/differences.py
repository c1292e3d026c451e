"""Which settings differ between runs, and the short names and labels made from them."""

import json
from collections import Counter
from collections.abc import Iterable

from scratchnet.runs.load import Run, Value
from scratchnet.settings.wording import as_typed

# Where a run reads its data and what it displays: no result depends on these.
WITHOUT_EFFECT = {"dataset.root", "trainer.live", "trainer.tensorboard"}
_encode = json.JSONEncoder(sort_keys=True).encode  # made once: json.dumps makes one per call
ABSENT = "-"  # stands for a setting that a run does not have


def settings_of(run: Run) -> dict[str, Value]:
    """The settings that affect the result of a run, except the seed."""
    left_out = WITHOUT_EFFECT | {"seed"}
    return {name: value for name, value in run.settings.items() if name not in left_out}


def identity(value: object) -> str:
    """A text that is equal for equal values only (1 equals 1.0, but not true)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _encode(value)


def differing(settings: list[dict[str, Value]]) -> list[str]:
    """The names, in order, whose values differ between these settings.

    A setting that only some options of a group have (an MLP has `hidden_dims`, a linear model has
    none) is compared only between runs that have it: the name of the option says the rest. All
    settings of a dataset are compared within that dataset only, as `validation_size` refers to its
    own images.
    """
    names = dict.fromkeys(name for one in settings for name in one)
    return [name for name in names if _differs(name, settings)]


def _differs(name: str, settings: list[dict[str, Value]]) -> bool:
    group = name.partition(".")[0]
    values: dict[str, set[str | None]] = {}  # by option; None: no such setting
    for one in settings:
        value = identity(one[name]) if name in one else None
        values.setdefault(identity(one.get(f"{group}.name")), set()).add(value)
    if name != "dataset.name" and group == "dataset":
        return any(len(some) > 1 for some in values.values())
    known = set().union(*values.values()) - {None}
    return len(known) > 1 or any(len(some) > 1 for some in values.values())


def short_names(names: Iterable[str], others: Iterable[str] = ()) -> dict[str, str]:
    """The last part of each dotted name where it is unambiguous, and `model` for `model.name`.

    `optimizer.lr` becomes `lr`; `trainer.epochs` keeps its full name if `others` has `epochs`.
    """
    names = list(dict.fromkeys(names))
    last = {name: name.removesuffix(".name").rpartition(".")[2] for name in names}
    counts = Counter([*last.values(), *others])
    return {name: last[name] if counts[last[name]] == 1 else name for name in names}


def label(settings: dict[str, Value], names: list[str], short: dict[str, str]) -> str:
    """What distinguishes these settings from the others, e.g. `model=mlp lr=0.001`."""
    parts = (_part(name, settings[name], short) for name in names if name in settings)
    return " ".join(parts) or "all settings equal"


def _part(name: str, value: Value, short: dict[str, str]) -> str:
    return f"{short[name]}={as_typed(value)}"
