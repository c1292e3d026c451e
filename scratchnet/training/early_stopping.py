"""Which epoch is best, and when to stop waiting for a better one."""

from dataclasses import dataclass
from enum import Enum

from scratchnet.settings import MOST_EPOCHS, Settings, setting
from scratchnet.training.metrics import EpochMetrics


class Metric(Enum):
    """What the best epoch is chosen by: the lowest loss or the highest accuracy on validation.

    In the balanced accuracy all classes count the same, however rare they are.
    """

    val_loss = "val_loss"
    val_accuracy = "val_accuracy"
    val_balanced_accuracy = "val_balanced_accuracy"

    @property
    def is_higher_better(self) -> bool:
        """Whether a higher value is better: true for accuracies."""
        return self is not Metric.val_loss

    def score(self, metrics: EpochMetrics) -> float:
        """The metric, negated where lower is better: a higher score is always better."""
        value = float(getattr(metrics, self.value))
        return value if self.is_higher_better else -value


@dataclass
class EarlyStopping(Settings):
    """Stop when `metric` has not improved by more than `min_delta` for `patience` epochs."""

    metric: Metric = setting(Metric.val_accuracy, "what the best epoch is chosen by")
    patience: int | None = setting(
        None,
        "epochs without improvement before stopping; null: never",
        at_least=1,
        at_most=MOST_EPOCHS,
    )
    min_delta: float = setting(0.0, "an improvement is more than this", at_least=0)


class BestEpoch:
    """Tracks a run: the best epoch so far, and how long ago the score last improved."""

    def __init__(self, settings: EarlyStopping):
        self.settings = settings
        self.epoch = 0  # of the highest score
        self.score = float("-inf")
        self.waiting = 0  # epochs since the score was last beaten by more than min_delta
        self._reference = float("-inf")

    def update(self, metrics: EpochMetrics) -> bool:
        """Add an epoch; True if it is the best so far.

        The last of equals is best: with few validation images ties are common, and later weights
        have learned longer.
        """
        score = self.settings.metric.score(metrics)
        if score > self._reference + self.settings.min_delta:
            self._reference = score
            self.waiting = 0
        else:
            self.waiting += 1
        is_best = score >= self.score
        if is_best:
            self.epoch, self.score = metrics.epoch, score
        return is_best

    @property
    def is_over(self) -> bool:
        """True when patience has run out."""
        return self.settings.patience is not None and self.waiting >= self.settings.patience

    def state(self) -> dict[str, float]:
        """What a checkpoint stores."""
        return {
            "epoch": self.epoch,
            "score": self.score,
            "waiting": self.waiting,
            "reference": self._reference,
        }

    def restore(self, state: dict[str, float]) -> None:
        """Resume from the `state()` of another run."""
        self.epoch = int(state["epoch"])
        self.score = float(state["score"])
        self.waiting = int(state["waiting"])
        self._reference = float(state["reference"])


class LastEpoch:
    """Replaces `BestEpoch` where there are no validation images: the last epoch is the result,
    so each epoch is the best so far."""

    is_over = False  # without validation there is nothing to judge by

    def __init__(self) -> None:
        self.epoch = 0

    def update(self, metrics: EpochMetrics) -> bool:
        """Add an epoch; always True."""
        self.epoch = metrics.epoch
        return True

    def state(self) -> dict[str, float]:
        """What a checkpoint stores."""
        return {"epoch": self.epoch}

    def restore(self, state: dict[str, float]) -> None:
        """Resume from the `state()` of another run."""
        self.epoch = int(state["epoch"])
