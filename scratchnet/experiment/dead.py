"""A network whose ReLUs are all 0 no longer looks at its input, and no gradient will revive it."""

import logging

import numpy as np

from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Trainer

logger = logging.getLogger("scratchnet")

SAMPLES = 64  # training images that a living network tells apart


class DeathWatch:
    """A Listener that warns, once, of a network that gives all images the same logits."""

    def __init__(self, trainer: Trainer):
        self.trainer = trainer
        self._has_warned = False

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Nothing is checked within an epoch."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Look at the logits of a few training images."""
        if self._has_warned:
            return
        count = min(SAMPLES, max(self.trainer.train.batch_size, 2))
        logits = self.trainer.network.forward(self.trainer.train.sample(count))
        if len(logits) > 1 and not np.ptp(logits, axis=0).any():
            self._has_warned = True
            logger.warning(
                "the network answers the same to every image: its hidden units are all 0, and will "
                "stay so; try a lower optimizer.lr, a longer warm-up, or model.activation=gelu"
            )
