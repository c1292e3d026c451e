"""In which settings runs differ, and the short names and labels that follow from it."""

import json
from collections import Counter
from collections.abc import Iterable

from scratchnet.runs.load import Run, Value
from scratchnet.settings.wording import as_typed

# Where a run reads and what it shows: no result depends on these.
WITHOUT_EFFECT = {"dataset.root", "trainer.live", "trainer.tensorboard"}
_encode = json.JSONEncoder(sort_keys=True).encode  # made once: json.dumps makes one for each call
ABSENT = "-"  # in the place of a setting that a run does not have


def settings_of(run: Run) -> dict[str, Value]:
    """What makes a run: its settings with an effect on the result, but for the seed."""
    left_out = WITHOUT_EFFECT | {"seed"}
    return {name: value for name, value in run.settings.items() if name not in left_out}


def identity(value: object) -> str:
    """A text that is the same for equal values only (1 and 1.0 are equal, 1 and true are not)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _encode(value)


def differing(settings: list[dict[str, Value]]) -> list[str]:
    """The names, in their order, that do not have the same value in all of these settings.

    A setting that only some of the options of a group have (`hidden_dims` is one of an MLP, not of
    a linear model) counts as different only among those options: the option itself says the rest.
    So it does for all settings of a dataset: `validation_size` is that of its own images.
    """
    names = dict.fromkeys(name for one in settings for name in one)
    return [name for name in names if _differs(name, settings)]


def _differs(name: str, settings: list[dict[str, Value]]) -> bool:
    group = name.partition(".")[0]
    values: dict[str, set[str | None]] = {}  # by option; None: it has no such setting
    for one in settings:
        value = identity(one[name]) if name in one else None
        values.setdefault(identity(one.get(f"{group}.name")), set()).add(value)
    if name != "dataset.name" and group == "dataset":
        return any(len(some) > 1 for some in values.values())
    known = set().union(*values.values()) - {None}
    return len(known) > 1 or any(len(some) > 1 for some in values.values())


def short_names(names: Iterable[str], others: Iterable[str] = ()) -> dict[str, str]:
    """The last part of each dotted name where that is clear; the option of a group is the group.

    `optimizer.lr` is `lr`, `model.name` is `model`; `trainer.epochs` stays as it is beside another
    name that is `epochs`.
    """
    names = list(dict.fromkeys(names))
    last = {name: name.removesuffix(".name").rpartition(".")[2] for name in names}
    counts = Counter([*last.values(), *others])
    return {name: last[name] if counts[last[name]] == 1 else name for name in names}


def label(settings: dict[str, Value], names: list[str], short: dict[str, str]) -> str:
    """What tells these settings from the others, e.g. `model=mlp lr=0.001`."""
    parts = (_part(name, settings[name], short) for name in names if name in settings)
    return " ".join(parts) or "all settings equal"


def _part(name: str, value: Value, short: dict[str, str]) -> str:
    return f"{short[name]}={as_typed(value)}"
