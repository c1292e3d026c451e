"""What a reader of a comparison has to know, each in one line that says how many runs it is about,
with the details for whoever unfolds it."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from scratchnet.compare import ranking
from scratchnet.compare.groups import Group
from scratchnet.settings.wording import as_typed

FEW_IMAGES = 1000  # below, a single image changes what a table shows


class Note(NamedTuple):
    """A remark about the runs of a comparison."""

    text: str  # one line
    details: Sequence[str] = ()


def not_completed(groups: list[Group]) -> list[Note]:
    """How many runs did not complete, and for each the status and the reason."""
    bad = [(group, run) for group in groups for run in group.not_completed]
    if not bad:
        return []
    count = sum(len(group.runs) for group in groups)
    statuses = Counter(run.status for _, run in bad)
    kinds = ", ".join(f"{n} {status}" for status, n in statuses.items())
    details = [
        f"{run.status}: {run.path} ({group.label}){f': {run.reason}' if run.reason else ''}"
        for group, run in bad
    ]
    return [Note(f"not completed: {len(bad)} of {count} runs ({kinds})", details)]


def repeated(groups: list[Group]) -> list[Note]:
    """How many runs are left out of the means because their seed was run again."""
    again = [(group, run) for group in groups for run in group.repeated]
    if not again:
        return []
    details = [
        f"{run.path} ({group.label}): seed={as_typed(run.seed)} was run again later"
        for group, run in again
    ]
    runs = "1 run whose seed was" if len(again) == 1 else f"{len(again)} runs whose seeds were"
    return [Note(f"not counted: {runs} run again later", details)]


def selection(groups: list[Group]) -> list[Note]:
    """A line if nothing but the test images could rank the runs, or if they were not all selected
    by the same result."""
    name = ranking.objective(groups)
    runs = [run for group in groups for run in group.runs if run.results]
    if name is None:
        return [Note("not ranked: no run has validation images")] if runs else []
    others = [run for run in runs if run.metric != name]
    if not others:
        return []
    details = [f"{run.path}: {run.metric}" for run in others]
    return [Note(f"ranked by {name}, but {len(others)} of {len(runs)} runs were not", details)]


def resolution(groups: list[Group]) -> list[Note]:
    """What one image is worth, where that shows: `1 image = 0.28 points`."""
    counts = {split: _images(groups, split) for split in ("val", "test")}
    parts = [
        f"{' or '.join(f'{100 / count:.2f}' for count in sorted(found))} points of {split}_accuracy"
        for split, found in counts.items()
        if found and min(found) < FEW_IMAGES
    ]
    return [Note(f"1 image is {', '.join(parts)}")] if parts else []


def undecided(groups: list[Group], name: str | None) -> list[Note]:
    """How many rows cannot be told from the best one, and how that was found."""
    standings = ranking.standings(groups, name) if name else []
    notes = []
    if like := standings.count(ranking.LIKE_BEST):
        rows = "1 row" if like == 1 else f"{like} rows"
        notes.append(
            Note(f"{ranking.LIKE_BEST} {rows} cannot be told from the best by {name} (95 %)")
        )
    if unknown := standings.count(ranking.UNKNOWN):
        rows = "1 row" if unknown == 1 else f"{unknown} rows"
        notes.append(
            Note(f"{ranking.UNKNOWN} {rows}: how sure {name} is, only several seeds can tell")
        )
    return notes


def _images(groups: list[Group], split: str) -> set[int]:
    found = {group.images_behind(f"{split}_accuracy") for group in groups}
    return {count for count in found if count}
