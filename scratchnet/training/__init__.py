"""The training loop, and what it needs: evaluation, early stopping, checkpoints."""

from scratchnet.training.early_stopping import EarlyStopping, Metric
from scratchnet.training.evaluation import evaluate
from scratchnet.training.freezing import Freezing
from scratchnet.training.metrics import BatchMetrics, EpochMetrics, Evaluation
from scratchnet.training.range_test import RangeTest
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Diverged, Listener, Trainer
from scratchnet.training.views import Views

__all__ = [
    "BatchMetrics",
    "Diverged",
    "EarlyStopping",
    "EpochMetrics",
    "Evaluation",
    "Freezing",
    "Listener",
    "Metric",
    "RangeTest",
    "Trainer",
    "TrainerSettings",
    "Views",
    "evaluate",
]
