"""Groups of runs that differ in their seed only: one experiment, repeated."""

import math
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from scratchnet.compare.differences import differing, identity, label, settings_of, short_names
from scratchnet.runs.load import Run, Value


class Spread(NamedTuple):
    """A result over n seeds; std is the sample standard deviation (n - 1), or 0 if n = 1."""

    mean: float
    std: float
    n: int


@dataclass
class Group:
    """Runs with the same settings and data but different seeds."""

    settings: dict[str, Value]
    runs: list[Run]  # in the order they were given
    label: str = ""

    @property
    def counted(self) -> list[Run]:
        """The runs that results are taken from: for each seed, the latest completed one.

        A run repeated with the same seed gives the same numbers; counting it twice would make the
        spread look smaller than it is.
        """
        by_seed: dict[str, Run] = {}
        for run in self.runs:
            if run.is_completed:
                other = by_seed.get(identity(run.seed))
                if other is None or _start(run) >= _start(other):
                    by_seed[identity(run.seed)] = run
        return list(by_seed.values())

    @property
    def repeated(self) -> list[Run]:
        """The completed runs that a later one with the same seed replaces."""
        counted = {id(run) for run in self.counted}
        return [run for run in self.runs if run.is_completed and id(run) not in counted]

    @property
    def not_completed(self) -> list[Run]:
        return [run for run in self.runs if not run.is_completed]

    @property
    def status(self) -> str:
        """The status that all runs share, or counts, e.g. `2 completed, 1 diverged`."""
        counts = Counter(run.status for run in self.runs)
        if len(counts) == 1:
            return self.runs[0].status
        return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))

    def result(self, name: str) -> Spread | None:
        """Mean and standard deviation over the counted runs that have it; None if none has.

        For a single run that has not completed, the value it has reached so far.
        """
        runs = self.counted or (self.runs if len(self.runs) == 1 else [])
        values = [run.results[name] for run in runs if _is_number(run.results.get(name))]
        if not values:
            return None
        std = statistics.stdev(values) if len(values) > 1 else 0.0
        return Spread(statistics.fmean(values), std, len(values))


def group(runs: list[Run], by_seed: bool = True) -> list[Group]:
    """The runs in labelled groups; with `by_seed=False`, each run is a group of its own."""
    groups: dict[str, Group] = {}
    for number, run in enumerate(runs):
        settings = settings_of(run) if by_seed else settings_of(run) | {"seed": run.seed}
        key = identity(sorted((name, identity(value)) for name, value in settings.items()))
        key += identity(run.data.get("fingerprint")) + identity(run.data.get("images"))
        group = groups.setdefault(key if by_seed else str(number), Group(settings, []))
        group.runs.append(run)
    _name(list(groups.values()))
    return list(groups.values())


def _name(groups: list[Group]) -> None:
    """Label each group. Equal labels (different data, or a repeated run) are numbered."""
    names = differing([group.settings for group in groups])
    short = short_names(names)
    labels = [label(group.settings, names, short) for group in groups]
    counts, seen = Counter(labels), Counter()
    for group, text in zip(groups, labels, strict=True):
        seen[text] += 1
        group.label = f"{text} ({seen[text]})" if counts[text] > 1 else text


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _start(run: Run) -> float:
    return run.start.timestamp() if run.start else 0.0
