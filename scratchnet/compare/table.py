"""The table of a comparison: a row per group of runs, with only the settings that differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from scratchnet.compare.differences import ABSENT, differing, short_names
from scratchnet.compare.groups import Group, Spread, is_number
from scratchnet.compare.ranking import standings
from scratchnet.compare.where import full_name
from scratchnet.runs.load import Value, is_higher_better
from scratchnet.settings.wording import as_typed

RESULTS = (  # in the order they are shown, test figures last; any others follow
    "val_accuracy",
    "val_balanced_accuracy",
    "val_tta_accuracy",
    "val_loss",
    "final_val_accuracy",
    "final_val_loss",
    "final_train_accuracy",
    "final_train_loss",
    "test_accuracy",
    "test_balanced_accuracy",
    "test_tta_accuracy",
    "test_loss",
    "best_epoch",
    "epochs",
    "parameters",
    "seconds",
    "samples_per_second",
)
SHOWN = (  # after the result that ranks the runs, without --columns
    "test_accuracy",
    "test_tta_accuracy",
    "epochs",
    "seconds",
)
VS_BEST = "vs_best"  # the column that says which rows cannot be told from the best


class Count(NamedTuple):
    """How many runs of a group have completed (with different seeds), out of how many."""

    completed: int
    all: int


Cell = Value | Spread | Count
ABOUT: dict[str, Callable[[Group], Cell]] = {
    "label": lambda group: group.label,
    "name": lambda group: _said(group, "name"),
    "note": lambda group: _said(group, "note"),
    "tags": lambda group: _said(group, "tags"),
    "n": lambda group: Count(len(group.counted), len(group.runs)),
    "seed": lambda group: _seeds(group),
    "status": lambda group: group.status,
    "reason": lambda group: group.reason,
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
    def is_test(self) -> bool:
        """Whether it holds a test figure, which is shown but never ranks."""
        return self.name.startswith("test_")

    @property
    def is_text(self) -> bool:
        """False if it holds numbers, which are best aligned at the right."""
        return not any(isinstance(cell, (int, float, Spread, Count)) for cell in self.cells)


def columns(
    groups: list[Group],
    chosen: list[str] | None = None,
    ranked_by: str | None = None,
    option: str = "--columns",
) -> list[Column]:
    """The chosen columns, or by default the settings that differ, main results, status and folder.

    `ranked_by` is the result that `vs_best` is about. Raises UserError, which mentions `option`,
    for a name that no run has.
    """
    settings = [group.settings for group in groups]
    results = result_names(groups)
    if chosen is None:
        names = _usual(groups, results, ranked_by)
    else:
        about = [*ABOUT, VS_BEST]
        known = dict.fromkeys([*about, *results, *(name for one in settings for name in one)])
        names = [full_name(name, known, option) for name in chosen]
    dotted = [name for name in names if "." in name]
    short = short_names(dotted, others=set(names) - set(dotted)) | {VS_BEST: "vs best"}
    return [
        Column(name, short.get(name, name), _cells(groups, name, results, ranked_by))
        for name in names
    ]


def _usual(groups: list[Group], results: list[str], ranked_by: str | None) -> list[str]:
    """The names of the columns shown without --columns."""
    names = [name for name in ("name", "tags") if any(_said(group, name) for group in groups)]
    names += differing([group.settings for group in groups])
    names += ["n"] if any(len(group.runs) > 1 for group in groups) else []
    if ranked_by:
        names += [VS_BEST, ranked_by] if len(groups) > 1 else [ranked_by]
    names += [name for name in SHOWN if name in results and name != ranked_by]
    return [*names, "status", "folder", *(["reason"] if any(g.reason for g in groups) else [])]


def _cells(groups: list[Group], name: str, results: list[str], ranked_by: str | None) -> list[Cell]:
    if name == VS_BEST:
        return [*standings(groups, ranked_by)] if ranked_by else [""] * len(groups)
    return [_cell(group, name, results) for group in groups]


def result_names(groups: list[Group]) -> list[str]:
    """The results that at least one run has, in the order of RESULTS."""
    runs = [run for group in groups for run in group.runs]
    known = {name for run in runs for name, value in run.results.items() if is_number(value)}
    return [name for name in RESULTS if name in known] + sorted(known - set(RESULTS))


def sort(groups: list[Group], by: str, reverse: bool = False) -> list[Group]:
    """The groups sorted by a column: accuracies and speeds descending, all else ascending.

    Groups without a value come last; before them, where a result sorts, those of which no run has
    completed: what they have reached so far ranks with nothing. Raises UserError for a name that
    no run has.
    """
    (column,) = columns(groups, [by], option="--sort")
    ranked, unfinished, unknown = [], [], []
    for group, cell in zip(groups, column.cells, strict=True):
        key = _key(cell)
        is_unfinished = column.is_result and not group.counted
        part = unknown if key is None else unfinished if is_unfinished else ranked
        part.append((key, group))
    is_descending = is_higher_better(column.name) != reverse
    for part in (ranked, unfinished):
        part.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [group for part in (ranked, unfinished, unknown) for _, group in part]


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


def _said(group: Group, name: str) -> str | None:
    """What people wrote about the runs of a group, each text once, and about how many of them."""
    values = [run.settings.get(name) for run in group.runs]
    texts = [
        " ".join(map(as_typed, v)) if isinstance(v, list) else as_typed(v) for v in values if v
    ]
    of = f" ({len(texts)} of {len(values)})" if texts and len(texts) < len(values) else ""
    return f"{', '.join(dict.fromkeys(texts))}{of}" or None


def _latest(group: Group) -> str | None:
    starts = [run.start for run in group.runs if run.start]
    return max(starts).isoformat(sep=" ", timespec="seconds") if starts else None
