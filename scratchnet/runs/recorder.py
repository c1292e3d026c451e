"""Records a training in its run folder: metrics and checkpoints."""

from scratchnet.kernels import engine
from scratchnet.runs.checkpoint_folder import CheckpointFolder
from scratchnet.runs.folder import RunFolder
from scratchnet.system import interrupts
from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Trainer


class Recorder:
    """A Listener that saves the metrics of each epoch, the last checkpoint and the best one.

    A checkpoint also holds the names of the classes: it means nothing without them.
    """

    def __init__(self, run: RunFolder, trainer: Trainer, classes: list[str]):
        self.run = run
        self.trainer = trainer
        self.classes = classes
        self.checkpoints = CheckpointFolder(run.checkpoints)
        self.engine = engine.in_use()

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Stop here if a signal asked for it; nothing is written within an epoch."""
        interrupts.check()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Write the row first, so that metrics.csv always covers the epochs of the checkpoint."""
        if engine.in_use() is not self.engine:  # a kernel could not be compiled
            self.engine = engine.in_use()
            self.run.change_engine(self.engine.value)
        self.run.append_metrics(metrics)
        arrays, meta = self.trainer.state()
        self.checkpoints.save(arrays, meta | {"classes": self.classes}, is_best)
