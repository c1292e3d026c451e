"""Several listeners of one training."""

from scratchnet.training.metrics import EpochMetrics
from scratchnet.training.trainer import Listener


class Listeners:
    """Tells each listener in turn."""

    def __init__(self, listeners: list[Listener]):
        self.listeners = listeners

    def on_batch(
        self, epoch: int, batch: int, batches: int, loss: float, accuracy: float, lr: float
    ) -> None:
        """After each step."""
        for listener in self.listeners:
            listener.on_batch(epoch, batch, batches, loss, accuracy, lr)

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """After each epoch."""
        for listener in self.listeners:
            listener.on_epoch(metrics, is_best)
