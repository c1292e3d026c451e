"""Which settings differ between runs, and the short names and labels made from them."""

import json
from collections import Counter
from collections.abc import Iterable

from scratchnet.runs.load import Run, Value
from scratchnet.settings.wording import as_typed

# Where a run reads its data and what it displays: no result depends on these.
FOR_PEOPLE = {"name", "note", "tags"}
WITHOUT_EFFECT = {
    "dataset.root",
    "trainer.insight",
    "trainer.live",
    "trainer.tensorboard",
} | FOR_PEOPLE
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


def derived(names: list[str], settings: list[dict[str, Value]]) -> list[str]:
    """Those of the names that follow from the option of their group: each option has one value.

    In a search over optimizers, say, AdamW may come with one weight decay and SGD with another: the
    name of the optimizer says it all.
    """
    return [name for name in names if _follows(name, names, settings)]


def _follows(name: str, names: list[str], settings: list[dict[str, Value]]) -> bool:
    choice = f"{name.partition('.')[0]}.name"
    if name == choice or choice not in names:
        return False
    values: dict[str, set[str]] = {}
    for one in settings:
        if name in one:
            values.setdefault(identity(one.get(choice)), set()).add(identity(one[name]))
    return all(len(some) == 1 for some in values.values())


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
