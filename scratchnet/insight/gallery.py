"""Which test images a report shows: mistakes, hits that were hardly any, and some of each class."""

from typing import Any

import numpy as np

from scratchnet.runs.predictions import Predictions
from scratchnet.system.text import printable

HITS = 24  # those with the least certain answers
ROW = 10  # images of a class
MOST_ROWS = 150  # images in all rows


def chosen(predictions: Predictions, classes: int, most: int) -> dict[str, list[int]]:
    """Positions by kind: `mistakes`, at most `most` of them, `hits`, and `rows`.

    Mistakes are ordered by the probability of the wrong answer. If there are too many, each pair of
    label and prediction keeps its most confident ones, as many from each as possible.
    """
    right, shares = predictions.are_right, predictions.probabilities
    wrong = np.flatnonzero(~right)
    wrong = wrong[np.argsort(-shares[wrong], kind="stable")]
    hits = np.flatnonzero(right)
    hits = hits[np.argsort(shares[hits], kind="stable")]
    in_turn = np.argsort(_place_in_pair(predictions, wrong, classes), kind="stable")
    return {
        "mistakes": wrong[np.sort(in_turn[:most])].tolist(),
        "hits": hits[:HITS].tolist(),
        "rows": _rows(predictions.labels, classes),
    }


def entries(predictions: Predictions, positions: list[int]) -> list[dict[str, Any]]:
    """What is known of these images."""
    return [
        {
            "image": printable(predictions.images[i]),
            "label": int(predictions.labels[i]),
            "prediction": int(predictions.predictions[i]),
            "label_probability": float(predictions.label_probabilities[i]),
            "probability": float(predictions.probabilities[i]),
            "loss": float(predictions.losses[i]),
        }
        for i in positions
    ]


def _place_in_pair(predictions: Predictions, wrong: np.ndarray, classes: int) -> np.ndarray:
    """For each mistake, how many of the same label and prediction come before it."""
    pairs = predictions.labels[wrong] * classes + predictions.predictions[wrong]
    order = np.argsort(pairs, kind="stable")
    starts = np.searchsorted(pairs[order], pairs[order])
    places = np.empty(len(wrong), np.int64)
    places[order] = np.arange(len(wrong)) - starts
    return places


def _rows(labels: np.ndarray, classes: int) -> list[int]:
    """Some images of each class, evenly spaced over the split."""
    wanted = max(1, min(ROW, MOST_ROWS // classes))
    positions: list[int] = []
    for label in range(min(classes, MOST_ROWS)):
        own = np.flatnonzero(labels == label)
        count = min(wanted, len(own))
        positions += own[np.arange(count) * len(own) // max(count, 1)].tolist()
    return positions
