"""Writes down a training as it goes: metrics and checkpoints."""

from scratchnet.runs.folder import RunFolder
from scratchnet.training import checkpoint
from scratchnet.training.metrics import EpochMetrics
from scratchnet.training.trainer import Training


class Recorder:
    """A Listener that keeps the metrics of each epoch, the last checkpoint and the best one."""

    def __init__(self, run: RunFolder, training: Training):
        self.run = run
        self.training = training

    def on_batch(
        self, epoch: int, batch: int, batches: int, loss: float, accuracy: float, lr: float
    ) -> None:
        """Nothing is written within an epoch."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """The row first: then a checkpoint never knows of an epoch that metrics.csv lacks."""
        self.run.append_metrics(metrics)
        state, meta = self.training.state()
        if is_best:
            checkpoint.save(self.run.best_checkpoint, state, meta)
        checkpoint.save(self.run.last_checkpoint, state, meta)
