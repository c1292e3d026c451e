"""Several listeners of one training."""

from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Listener


class Listeners:
    """Tells each listener in turn."""

    def __init__(self, listeners: list[Listener]):
        self.listeners = listeners

    def on_batch(self, metrics: BatchMetrics) -> None:
        """After each step."""
        for listener in self.listeners:
            listener.on_batch(metrics)

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """After each epoch."""
        for listener in self.listeners:
            listener.on_epoch(metrics, is_best)
