"""What is measured in each epoch, and over a whole split."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BatchMetrics:
    """Where an epoch stands after a batch."""

    epoch: int  # 1, 2, ...
    batch: int  # of this epoch: 1, 2, ..., batches
    batches: int  # in an epoch
    loss: float  # mean over the epoch's samples so far
    accuracy: float  # the same, between 0 and 1
    lr: float  # of the batch's step

    @property
    def progress(self) -> float:
        """Epochs trained so far, with the share of this one."""
        return self.epoch - 1 + self.batch / self.batches


@dataclass(frozen=True)
class EpochMetrics:
    """One row of metrics.csv."""

    epoch: int  # 1, 2, ...
    step: int  # optimizer steps taken since the start of the run
    lr: float  # of the last step
    train_loss: float  # mean over the epoch's samples, with dropout and augmentation, as trained
    train_accuracy: float  # the same, between 0 and 1; of mixed labels the larger counts
    val_loss: float  # nan where there are no validation images
    val_accuracy: float  # the same
    seconds: float  # of the epoch's training, without evaluation
    samples_per_second: float  # in training
    grad_norm: float  # mean over the epoch's steps, before clipping
    val_balanced_accuracy: float = math.nan  # the mean over the classes of their accuracies


@dataclass(frozen=True)
class Evaluation:
    """A network's results on a split, image by image."""

    loss: float  # mean cross-entropy, without label smoothing
    accuracy: float  # between 0 and 1
    predictions: np.ndarray  # int64 (n,): the most probable class
    losses: np.ndarray  # float32 (n,)
    probabilities: np.ndarray  # float32 (n,): of the predicted class
    class_accuracies: np.ndarray  # float64 (classes,): of the images of each; nan if there are none

    @property
    def balanced_accuracy(self) -> float:
        """The mean of `class_accuracies`, over the classes that have images."""
        return float(np.nanmean(self.class_accuracies))


class RunningMean:
    """The mean of values with weights, exact over unequal batches."""

    def __init__(self) -> None:
        self.total = 0.0
        self.weight = 0

    def add(self, value: float, weight: int = 1) -> None:
        """Add the mean of a batch of `weight` samples."""
        self.total += value * weight
        self.weight += weight

    @property
    def value(self) -> float:
        return self.total / self.weight


def classes_of(labels: np.ndarray) -> np.ndarray:
    """The labels (b,) themselves; for targets (b, classes), the class with the largest share."""
    return labels if labels.ndim == 1 else labels.argmax(axis=1)
