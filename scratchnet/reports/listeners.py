"""Several listeners on one training."""

from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Listener


class Listeners:
    """A Listener that passes each event on to others, in order."""

    def __init__(self, listeners: list[Listener]):
        self.listeners = listeners

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Pass on the metrics of a step."""
        for listener in self.listeners:
            listener.on_batch(metrics)

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Pass on the metrics of an epoch."""
        for listener in self.listeners:
            listener.on_epoch(metrics, is_best)
