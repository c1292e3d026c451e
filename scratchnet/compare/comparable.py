"""Whether the results of runs can be compared at all."""

from collections.abc import Callable

from scratchnet.compare.groups import Group
from scratchnet.compare.notes import Note
from scratchnet.runs.load import Run
from scratchnet.settings.wording import as_typed


def warnings(groups: list[Group]) -> list[Note]:
    """One note for each reason why the runs are not comparable.

    The reasons: different datasets or, within one dataset, different images (by fingerprint),
    different sizes of the splits, or different validation protocols.
    """
    by_dataset: dict[str, list[Run]] = {}
    for run in (run for group in groups for run in group.runs):
        by_dataset.setdefault(as_typed(run.settings.get("dataset.name")), []).append(run)
    notes = []
    if len(by_dataset) > 1:
        kinds = [_kind(dataset, runs) for dataset, runs in by_dataset.items()]
        notes.append(Note(f"not comparable: the runs are on {_listed(kinds)}"))
    for dataset, runs in by_dataset.items():
        for what, property_of in PROPERTIES.items():
            notes += _disagreement(dataset, what, runs, property_of)
    return notes


def _fingerprint(run: Run) -> str:
    return as_typed(run.data.get("fingerprint"))[:8]


def _sizes(run: Run) -> str:
    return as_typed(run.data.get("images"))


def _protocol(run: Run) -> str:
    return as_typed(run.data.get("protocol"))


PROPERTIES: dict[str, Callable[[Run], str]] = {
    "different data": _fingerprint,
    "different splits": _sizes,
    "different validation protocols": _protocol,
}


def _disagreement(
    dataset: str, what: str, runs: list[Run], property_of: Callable[[Run], str]
) -> list[Note]:
    """A note if the runs disagree in a property, with an example of each value."""
    by_value: dict[str, list[Run]] = {}
    for run in runs:
        by_value.setdefault(property_of(run), []).append(run)
    if len(by_value) < 2:
        return []
    kinds = [_kind(value, some) for value, some in by_value.items()]
    examples = [f"{value}: e.g. {some[0].path}" for value, some in by_value.items()]
    return [Note(f"not comparable: {what} on {dataset}: {_listed(kinds)}", examples)]


def _kind(value: str, runs: list[Run]) -> str:
    return f"{value} ({len(runs)} {'run' if len(runs) == 1 else 'runs'})"


def _listed(texts: list[str]) -> str:
    shown = texts if len(texts) <= 4 else [*texts[:3], f"{len(texts) - 3} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]])
