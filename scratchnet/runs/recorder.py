"""Writes down a training as it goes: metrics and checkpoints."""

from scratchnet.runs.checkpoint_folder import CheckpointFolder
from scratchnet.runs.folder import RunFolder
from scratchnet.system import interrupts
from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Trainer


class Recorder:
    """A Listener that keeps the metrics of each epoch, the last checkpoint and the best one."""

    def __init__(self, run: RunFolder, trainer: Trainer):
        self.run = run
        self.trainer = trainer
        self.checkpoints = CheckpointFolder(run.checkpoints)

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Nothing is written within an epoch; here a run can be stopped."""
        interrupts.check()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """The row first: then a checkpoint never knows of an epoch that metrics.csv lacks."""
        self.run.append_metrics(metrics)
        self.checkpoints.save(*self.trainer.state(), is_best)
