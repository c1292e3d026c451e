"""Follows a trial by its epochs, so that one that is not promising can be ended."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.errors import RunError
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.sweeps.outcome import Outcome

if TYPE_CHECKING:
    import optuna


class Follower:
    """Reads the epochs of a running trial as they come, and says when it is to be stopped."""

    def __init__(
        self,
        trial: "optuna.trial.Trial",
        folder: Path,
        metric: str,
        is_stopping: Callable[[], bool],
    ):
        self.trial = trial
        self.folder = folder
        self.metric = metric
        self.is_stopping = is_stopping
        values = trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values
        self.epoch = max(values, default=0)  # the last that the study knows of

    def __call__(self) -> Outcome | None:
        """The `stop` of a job."""
        if self.is_stopping():
            return Outcome(Status.interrupted.value)
        value = self.report()
        if value is not None and self.trial.should_prune():
            reason = f"{self.metric} {value:.4f} after epoch {self.epoch} was not promising"
            return Outcome(Status.pruned.value, reason)
        return None

    def report(self) -> float | None:
        """Tell the study of new epochs; the metric of the last one, None where there is none."""
        value = None
        for row in self._rows()[self.epoch :]:
            self.epoch, value = row["epoch"], row[self.metric]
            self.trial.report(value, self.epoch)
        return value

    def _rows(self) -> list[dict[str, int | float]]:
        with contextlib.suppress(RunError):  # it has not begun
            return RunFolder.open(self.folder).metrics
        return []
