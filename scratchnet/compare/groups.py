"""Groups of runs that differ in their seed only: one experiment, repeated."""

import math
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from scratchnet.compare import noise
from scratchnet.compare.differences import differing, identity, label, settings_of, short_names
from scratchnet.runs.load import Run, Value

MEASURED = re.compile(r"(?:final_)?(val|test)_(?:tta_)?accuracy")  # on images that were held out


class Spread(NamedTuple):
    """A result over n seeds; std is the sample standard deviation (n - 1), or 0 if n = 1."""

    mean: float
    std: float
    n: int
    interval: noise.Interval | None = None  # 95 %; None where nothing tells how sure it is


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

    @property
    def reason(self) -> str | None:
        """Why runs did not complete: the first reason given, and how many others there are."""
        reasons = list(dict.fromkeys(run.reason for run in self.not_completed if run.reason))
        if len(reasons) < 2:
            return reasons[0] if reasons else None
        return f"{reasons[0]} (and {len(reasons) - 1} other reasons)"

    @property
    def with_results(self) -> list[Run]:
        """The runs that `result` uses: a single run that has not completed shows how far it is."""
        return self.counted or (self.runs if len(self.runs) == 1 else [])

    def values(self, name: str) -> dict[str, float]:
        """A result by the identity of the seed, for the runs that have it."""
        found = ((identity(run.seed), run.results.get(name)) for run in self.with_results)
        return {seed: value for seed, value in found if is_number(value)}

    def result(self, name: str) -> Spread | None:
        """Mean, standard deviation and interval of a result; None if no run has it."""
        values = [*self.values(name).values()]
        if not values:
            return None
        mean, n = statistics.fmean(values), len(values)
        if n > 1:
            std = statistics.stdev(values)
            return Spread(mean, std, n, noise.of_mean(mean, std, n))
        images = self.images_behind(name)
        is_share = images is not None and 0 <= mean <= 1
        return Spread(mean, 0.0, 1, noise.wilson(mean, images) if is_share else None)

    def images_behind(self, name: str) -> int | None:
        """How many images an accuracy was measured on; None for other results, or if unknown."""
        match = MEASURED.fullmatch(name)
        images = self.runs[0].data.get("images")
        count = images.get(match[1]) if match and isinstance(images, dict) else None
        return count if type(count) is int and count > 0 else None


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


def is_number(value: Value) -> bool:
    """Whether a result is a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _start(run: Run) -> float:
    return run.start.timestamp() if run.start else 0.0
