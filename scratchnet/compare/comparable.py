"""Whether the results of runs can be compared at all."""

from collections.abc import Callable

from scratchnet.compare.groups import Group
from scratchnet.runs.load import Run
from scratchnet.settings.wording import as_typed


def warnings(groups: list[Group]) -> list[str]:
    """One line for each reason why the runs are not comparable.

    The reasons: different datasets or, within one dataset, different images (by fingerprint),
    different sizes of the splits, or different validation protocols.
    """
    by_dataset: dict[str, list[Run]] = {}
    for run in (run for group in groups for run in group.runs):
        by_dataset.setdefault(as_typed(run.settings.get("dataset.name")), []).append(run)
    lines = []
    if len(by_dataset) > 1:
        lines.append(f"not comparable: the runs are on {_listed(list(by_dataset))}")
    for dataset, runs in by_dataset.items():
        for what, property_of in PROPERTIES.items():
            lines += _disagreement(dataset, what, runs, property_of)
    return lines


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
) -> list[str]:
    """One line if the runs disagree in a property, with an example of each value."""
    examples: dict[str, list[Run]] = {}
    for run in runs:
        examples.setdefault(property_of(run), []).append(run)
    if len(examples) < 2:
        return []
    kinds = [
        f"{value} ({len(some)} {'run' if len(some) == 1 else 'runs'}, e.g. {some[0].path})"
        for value, some in examples.items()
    ]
    return [f"not comparable: {what} on {dataset}: {_listed(kinds)}"]


def _listed(texts: list[str]) -> str:
    shown = texts if len(texts) <= 4 else [*texts[:3], f"{len(texts) - 3} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]])
