"""The order of a comparison: by validation, and honest about what cannot be told from the best.

Test figures never decide it: whoever chooses the best of many runs by its test accuracy reports a
number that is too good.
"""

from collections import Counter

from scratchnet.compare import noise
from scratchnet.compare.groups import Group, Spread
from scratchnet.runs.load import is_higher_better

BEST, LIKE_BEST, UNKNOWN, WORSE = "best", "~", "?", ""


def objective(groups: list[Group]) -> str | None:
    """The validation result that most runs chose their best epoch by, which ranks all of them.

    None if no run has validation images: then nothing but the test images could rank them.
    """
    runs = [run for group in groups for run in group.runs]
    counts = Counter(run.metric for run in runs if run.results.get(run.metric) is not None)
    known = sorted(counts, key=lambda name: not is_higher_better(name))
    return max(known, key=counts.__getitem__, default=None)  # in a draw, an accuracy


def standings(groups: list[Group], name: str) -> list[str]:
    """For each group `best`, or `~` if it cannot be told from the best, `?` if nothing tells how
    sure its result is, or nothing: it is worse, has no result, or has not completed.

    Runs with the same seeds are compared in pairs, others by their intervals, at 95 %.
    """
    results = [group.result(name) if group.counted else None for group in groups]
    known = [i for i, result in enumerate(results) if result]
    if len(known) < 2:
        return [WORSE] * len(groups)
    choose = max if is_higher_better(name) else min
    best = choose(known, key=lambda i: results[i].mean)
    found = [WORSE] * len(groups)
    for i in known:
        found[i] = BEST if i == best else _standing(groups[i], groups[best], name)
    return found


def _standing(group: Group, best: Group, name: str) -> str:
    own, others = group.values(name), best.values(name)
    differences = [own[seed] - others[seed] for seed in own if seed in others]
    if len(differences) > 1:
        images = group.images_behind(name)
        is_worse = noise.differ_in_pairs(differences, 1 / images if images else 0.0)
        return WORSE if is_worse else LIKE_BEST
    return _by_intervals(group.result(name), best.result(name))


def _by_intervals(a: Spread, b: Spread) -> str:
    if a.interval is None or b.interval is None:
        return UNKNOWN
    is_worse = noise.can_be_told_apart(a.mean, b.mean, a.interval, b.interval)
    return WORSE if is_worse else LIKE_BEST
