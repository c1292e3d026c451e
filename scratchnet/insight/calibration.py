"""Whether a network's probabilities mean what they say."""

from typing import Any

import numpy as np

from scratchnet.runs.predictions import Predictions

BINS = 15


def calibration(predictions: Predictions) -> dict[str, Any]:
    """The reliability diagram and the expected calibration error, as plain values.

    The images are put into BINS by the probability p of the predicted class, bin i holding those
    with i / BINS < p <= (i + 1) / BINS. The error is the mean distance, over all images, between
    the accuracy of a bin and its mean p. Guo et al. 2017, "On Calibration of Modern Neural
    Networks", eq. 3.
    """
    shares, right = predictions.probabilities, predictions.are_right
    places = np.clip(np.ceil(shares * BINS).astype(int) - 1, 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    confidence = np.bincount(places, weights=shares, minlength=BINS)
    hits = np.bincount(places, weights=right, minlength=BINS)
    return {
        "error": float(np.abs(hits - confidence).sum() / len(predictions)),
        "confidence": float(shares.mean()),
        "accuracy": float(right.mean()),
        "bins": [
            {
                "count": int(counts[i]),
                "confidence": float(confidence[i] / counts[i]) if counts[i] else None,
                "accuracy": float(hits[i] / counts[i]) if counts[i] else None,
            }
            for i in range(BINS)
        ],
    }
