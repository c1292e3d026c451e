"""Two runs, image by image: which test images only one of them gets right, and if that is luck."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scratchnet.compare.groups import Group
from scratchnet.compare.names import short_ids
from scratchnet.compare.noise import CONFIDENCE
from scratchnet.compare.notes import Note
from scratchnet.errors import RunError
from scratchnet.runs import predictions
from scratchnet.runs.load import Run
from scratchnet.runs.predictions import read_answers
from scratchnet.system import files

NAMED = 5  # images in one line


@dataclass(frozen=True)
class Pair:
    """The test images that only one of two runs gets right: name and label of each."""

    first: Sequence[tuple[str, str]]
    second: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, first: Run, second: Run) -> "Pair | None":
        """None unless both have predictions of the same images. Raises RunError."""
        paths = [run.path / predictions.FILE for run in (first, second)]
        if not all(files.is_file(path) for path in paths):
            return None
        ours, theirs = map(read_answers, paths)
        if {image: label for image, (label, _) in ours.items()} != {
            image: label for image, (label, _) in theirs.items()
        }:
            return None
        unlike = [
            (image, label) for image, (label, right) in ours.items() if right != theirs[image][1]
        ]
        return cls(
            first=[one for one in unlike if ours[one[0]][1]],
            second=[one for one in unlike if theirs[one[0]][1]],
        )

    @property
    def p(self) -> float:
        """How likely so unequal numbers are if neither run is better."""
        return mcnemar(len(self.first), len(self.second))


def mcnemar(first: int, second: int) -> float:
    """The p-value of McNemar's exact test: of these images, heads or tails decides whose each is.

    p = 2 P(X <= min(first, second)), X binomial with n = first + second and 1/2. McNemar, Note on
    the sampling error of the difference between correlated proportions or percentages, 1947.
    """
    n = first + second
    log_half = n * math.log(2)
    terms = (
        math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - log_half)
        for k in range(min(first, second) + 1)
    )
    return min(1.0, 2 * math.fsum(terms))


def notes(groups: list[Group]) -> list[Note]:
    """Of exactly two runs, the images that only one gets right."""
    runs = [run for group in groups for run in group.runs]
    if len(runs) != 2 or runs[0].data.get("fingerprint") != runs[1].data.get("fingerprint"):
        return []
    try:
        pair = Pair.of(*runs)
    except RunError as error:
        return [Note(f"not compared image by image: {error}")]
    if pair is None:
        return []
    first, second = short_ids([run.path for run in runs])
    differ = pair.p < 1 - CONFIDENCE
    verdict = "they differ" if differ else "they cannot be told apart"
    test = Note(
        f"test images that only one run gets right: {len(pair.first)} and {len(pair.second)}; "
        f"McNemar's test: p = {pair.p:.2g}, {verdict}"
    )
    return [test, *_only(first, pair.first), *_only(second, pair.second)]


def _only(name: str, images: Sequence[tuple[str, str]]) -> list[Note]:
    if not images:
        return []
    described = [f"{image} ({label})" for image, label in images]
    more = f" and {len(images) - NAMED} more" if len(images) > NAMED else ""
    return [Note(f"only {name} is right: {', '.join(described[:NAMED])}{more}", described)]
