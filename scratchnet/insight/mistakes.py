"""Where a network errs: its confusion matrix, each class, and the pairs it confuses most."""

from typing import Any

import numpy as np

from scratchnet.reports.confusion import confusion
from scratchnet.runs.predictions import Predictions

MOST_PAIRS = 12
MOST_CLASSES = 40  # with more, the matrix has no room for numbers


def mistakes(predictions: Predictions, classes: int) -> dict[str, Any]:
    """Plain values: `counts` by label and prediction, `classes` and `pairs`."""
    counts = confusion(predictions.labels, predictions.predictions, classes)
    return {
        "counts": counts.tolist() if classes <= MOST_CLASSES else None,
        "classes": by_class(counts),
        "pairs": pairs(counts),
    }


def by_class(counts: np.ndarray) -> list[dict[str, Any]]:
    """Support, precision and recall of each class; None for a share of nothing."""
    hits, support, said = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    return [
        {
            "support": int(support[label]),
            "precision": _share(hits[label], said[label]),
            "recall": _share(hits[label], support[label]),
        }
        for label in range(len(counts))
    ]


def pairs(counts: np.ndarray) -> list[dict[str, Any]]:
    """The most frequent mistakes: label, prediction, how often, and the share of that label."""
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_PAIRS]
    places = [divmod(int(place), len(counts)) for place in order if wrong.flat[place]]
    return [
        {
            "label": label,
            "prediction": prediction,
            "count": int(wrong[label, prediction]),
            "share": _share(wrong[label, prediction], counts[label].sum()),
        }
        for label, prediction in places
    ]


def _share(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
