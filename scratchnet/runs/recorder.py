"""Writes down a training as it goes: metrics and checkpoints."""

from scratchnet import interrupts
from scratchnet.runs.checkpoints import Checkpoints
from scratchnet.runs.folder import RunFolder
from scratchnet.training.metrics import EpochMetrics
from scratchnet.training.trainer import Training


class Recorder:
    """A Listener that keeps the metrics of each epoch, the last checkpoint and the best one."""

    def __init__(self, run: RunFolder, training: Training):
        self.run = run
        self.training = training
        self.checkpoints = Checkpoints(run.checkpoints)

    def on_batch(
        self, epoch: int, batch: int, batches: int, loss: float, accuracy: float, lr: float
    ) -> None:
        """Nothing is written within an epoch; here a run can be stopped."""
        interrupts.check()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """The row first: then a checkpoint never knows of an epoch that metrics.csv lacks."""
        self.run.append_metrics(metrics)
        self.checkpoints.save(*self.training.state(), is_best)
