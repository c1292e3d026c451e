"""The table of a comparison: a row per group of runs, with only the settings that differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from scratchnet.compare.differences import ABSENT, differing, short_names
from scratchnet.compare.groups import Group, Spread
from scratchnet.compare.where import full_name
from scratchnet.runs.load import Value, is_higher_better
from scratchnet.settings.wording import as_typed

RESULTS = (  # in the order they are shown; any others follow
    "test_accuracy",
    "test_tta_accuracy",
    "test_balanced_accuracy",
    "val_accuracy",
    "val_tta_accuracy",
    "val_balanced_accuracy",
    "final_val_accuracy",
    "final_train_accuracy",
    "test_loss",
    "val_loss",
    "final_val_loss",
    "final_train_loss",
    "best_epoch",
    "epochs",
    "parameters",
    "seconds",
    "samples_per_second",
)
SHOWN = (  # without --columns
    "test_accuracy",
    "test_tta_accuracy",
    "val_accuracy",
    "final_val_accuracy",
    "epochs",
    "seconds",
)


class Count(NamedTuple):
    """How many runs of a group have completed (with different seeds), out of how many."""

    completed: int
    all: int


Cell = Value | Spread | Count
ABOUT: dict[str, Callable[[Group], Cell]] = {
    "label": lambda group: group.label,
    "n": lambda group: Count(len(group.counted), len(group.runs)),
    "seed": lambda group: _seeds(group),
    "status": lambda group: group.status,
    "start": lambda group: _latest(group),
    "folder": lambda group: [str(run.path) for run in group.runs],
}


@dataclass
class Column:
    """One column of the table, with a cell for each group."""

    name: str  # e.g. `optimizer.lr`, `test_accuracy`, `status`
    heading: str  # the short name, e.g. `lr`
    cells: list[Cell]

    @property
    def is_result(self) -> bool:
        return any(isinstance(cell, Spread) for cell in self.cells)

    @property
    def is_text(self) -> bool:
        """False if it holds numbers, which are best aligned at the right."""
        return not any(isinstance(cell, (int, float, Spread, Count)) for cell in self.cells)


def columns(
    groups: list[Group], chosen: list[str] | None = None, option: str = "--columns"
) -> list[Column]:
    """The chosen columns, or by default the settings that differ, main results, status and folder.

    Raises UserError, which mentions `option`, for a name that no run has.
    """
    settings = [group.settings for group in groups]
    results = result_names(groups)
    if chosen is None:
        names = differing(settings)
        several = any(len(group.runs) > 1 for group in groups)
        names += ["n"] if several else []
        names += [name for name in SHOWN if name in results]
        names += ["status", "folder"]
    else:
        known = dict.fromkeys([*ABOUT, *results, *(name for one in settings for name in one)])
        names = [full_name(name, known, option) for name in chosen]
    dotted = [name for name in names if "." in name]
    short = short_names(dotted, others=set(names) - set(dotted))
    return [
        Column(name, short.get(name, name), [_cell(group, name, results) for group in groups])
        for name in names
    ]


def result_names(groups: list[Group]) -> list[str]:
    """The results that at least one run has, in the order of RESULTS."""
    known = {name for group in groups for run in group.runs for name in run.results}
    return [name for name in RESULTS if name in known] + sorted(known - set(RESULTS))


def sort(groups: list[Group], by: str, reverse: bool = False) -> list[Group]:
    """The groups sorted by a column: accuracies and speeds descending, all else ascending.

    Groups without a value come last. Raises UserError for a name that no run has.
    """
    (column,) = columns(groups, [by], "--sort")
    pairs = list(zip(map(_key, column.cells), groups, strict=True))
    known = [(key, group) for key, group in pairs if key is not None]
    unknown = [group for key, group in pairs if key is None]
    known.sort(key=lambda pair: pair[0], reverse=is_higher_better(column.name) != reverse)
    return [group for _, group in known] + unknown


def _cell(group: Group, name: str, results: list[str]) -> Cell:
    if name in ABOUT:
        return ABOUT[name](group)
    if name in results:
        return group.result(name)
    if group.settings.get(name, ABSENT) is None:
        return as_typed(None)  # the setting exists and is null; None means that it does not exist
    return group.settings.get(name)


def _key(cell: Cell) -> tuple[bool, float, str] | None:
    """A sort key that puts numbers before texts, so that any column can be sorted."""
    if cell is None:
        return None
    if isinstance(cell, (Spread, Count)):
        return False, cell[0], ""
    if isinstance(cell, (int, float)):
        return False, cell, ""
    return True, 0.0, str(cell)


def _seeds(group: Group) -> Value:
    """The seed of a single run, or the list of seeds of several runs."""
    return [run.seed for run in group.runs] if len(group.runs) > 1 else group.runs[0].seed


def _latest(group: Group) -> str | None:
    starts = [run.start for run in group.runs if run.start]
    return max(starts).isoformat(sep=" ", timespec="seconds") if starts else None
