"""Made-up predictions on many images, some of them wrong."""

import numpy as np

from scratchnet.nn.loss import softmax
from scratchnet.runs.predictions import Predictions


def answers(count: int = 500, classes: int = 5, seed: int = 0) -> Predictions:
    """What a network of some skill would say."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count)
    logits = rng.normal(0, 1.5, (count, classes))
    logits[np.arange(count), labels] += 2
    shares = softmax(logits)
    of_label = shares[np.arange(count), labels]
    return Predictions(
        images=[f"{i}.png" for i in range(count)],
        labels=labels,
        predictions=shares.argmax(axis=1),
        label_probabilities=of_label,
        probabilities=shares.max(axis=1),
        losses=-np.log(of_label),
    )
