"""The training loop."""

import math
import time
from typing import Any, NamedTuple, Protocol

import numpy as np

from scratchnet.data.loader import Loader
from scratchnet.errors import RunError, UserError
from scratchnet.nn.network import Network
from scratchnet.optim.averaging import NoAveraging
from scratchnet.optim.clipping import clip_scale, global_norm
from scratchnet.optim.optimizer import Optimizer
from scratchnet.optim.schedules import ScheduleFunction
from scratchnet.training.early_stopping import BestEpoch, LastEpoch
from scratchnet.training.evaluation import evaluate
from scratchnet.training.metrics import BatchMetrics, EpochMetrics, RunningMean, classes_of
from scratchnet.training.settings import TrainerSettings


class Diverged(UserError):
    """The loss, the gradient or a weight is no longer a finite number."""

    exit_code = 3


class Listener(Protocol):
    """Follows a training: progress bars, run folders, plots."""

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Called after each step. Must be quick."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Called after each epoch and its evaluation."""


class StepResult(NamedTuple):
    """The results of one step."""

    loss: float
    logits: np.ndarray  # (batch, classes); the next step overwrites them
    grad_norm: float  # before clipping


class Trainer:
    """One training from start to end: network, optimizer, and the progress made."""

    def __init__(
        self,
        settings: TrainerSettings,
        network: Network,
        optimizer: Optimizer,
        schedule: ScheduleFunction,
        train: Loader,
        val: Loader | None,
        averaging: NoAveraging | None = None,
    ):
        self.settings = settings
        self.network = network
        self.optimizer = optimizer.build(network.parameters)
        self.schedule = schedule
        self.train = train
        self.val = val
        (classes,) = network.output_shape
        self.loss = settings.loss(train.images.labels, classes)
        self.best = BestEpoch(settings.early_stopping) if val else LastEpoch()
        self.epoch = 0  # finished epochs
        self.step = 0  # finished steps
        total_steps = settings.epochs * len(train)
        self.average = (averaging or NoAveraging()).build(network.state(), total_steps)

    def fit(self, listener: Listener) -> None:
        """Train until the last epoch, or until early stopping ends it. Raises Diverged."""
        if self.step == 0:
            self.average.begin()
        while not self.is_over:
            with np.errstate(over="ignore", invalid="ignore"):  # overflows are found below
                metrics = self._run_epoch(self.epoch + 1, listener)
            self.epoch += 1
            listener.on_epoch(metrics, is_best=self.best.update(metrics))

    @property
    def is_over(self) -> bool:
        """True once the last epoch is done or early stopping has ended the training."""
        return self.epoch >= self.settings.epochs or self.best.is_over

    def _run_epoch(self, epoch: int, listener: Listener) -> EpochMetrics:
        losses, accuracies, norms = RunningMean(), RunningMean(), RunningMean()
        self.begin_epoch(epoch)
        start = time.perf_counter()

        for batch, (x, labels) in enumerate(self.train.batches(epoch), 1):
            lr = self.schedule(self.step)
            step = self.take_step(x, labels, lr)
            losses.add(step.loss, len(labels))
            hits = int(np.count_nonzero(step.logits.argmax(axis=1) == classes_of(labels)))
            accuracies.add(hits / len(labels), len(labels))
            norms.add(step.grad_norm)
            listener.on_batch(
                BatchMetrics(epoch, batch, len(self.train), losses.value, accuracies.value, lr)
            )

        seconds = time.perf_counter() - start
        with self.average.in_use():
            validation = self._validate()
        val_loss = {"validation": validation["val_loss"]} if self.val else {}
        self._check_finite(epoch, **val_loss, **self._largest_values())
        return EpochMetrics(
            epoch=epoch,
            step=self.step,
            lr=lr,
            train_loss=losses.value,
            train_accuracy=accuracies.value,
            seconds=seconds,
            samples_per_second=losses.weight / seconds,
            grad_norm=norms.value,
            **validation,
        )

    def begin_epoch(self, epoch: int) -> None:
        """Start the random streams of an epoch, and freeze what is frozen in it."""
        self.network.begin_epoch(epoch)
        frozen = self.settings.freezing.frozen_in(epoch, self.network.layers)
        self.optimizer.plan(self.network.train_all_but(frozen))

    def take_step(self, x: np.ndarray, labels: np.ndarray, lr: float) -> StepResult:
        """One batch forward and backward, and one update of the network."""
        epoch = self.epoch + 1
        logits = self.network.forward(x, train=True)
        loss, dlogits = self.loss(logits, labels)
        self.network.backward(dlogits)
        norm = global_norm(self.network.parameters.grads)
        self._check_finite(epoch, loss=loss, gradient=norm)
        try:
            self.optimizer.step(lr, clip_scale(norm, self.settings.clip_norm))
        except FloatingPointError as error:
            raise self._diverged(epoch, f"weights: {error}") from error
        self.average.after_step(self.step + 1)
        self.step += 1
        return StepResult(loss, logits, norm)

    def _validate(self) -> dict[str, float]:
        """What EpochMetrics says of the validation images; nan if there are none."""
        if not self.val:
            return dict.fromkeys(("val_loss", "val_accuracy", "val_balanced_accuracy"), math.nan)
        found = evaluate(self.network, self.val)
        return {
            "val_loss": found.loss,
            "val_accuracy": found.accuracy,
            "val_balanced_accuracy": found.balanced_accuracy,
        }

    def _check_finite(self, epoch: int, **values: float) -> None:
        found = [f"{name} {value:g}" for name, value in values.items() if not math.isfinite(value)]
        if found:
            raise self._diverged(epoch, ", ".join(found))

    def _diverged(self, epoch: int, found: str) -> Diverged:
        return Diverged(
            f"training diverged in epoch {epoch}, step {self.step} ({found}); try a lower "
            "optimizer.lr, a longer warm-up or trainer.clip_norm=1"
        )

    def _largest_values(self) -> dict[str, float]:
        """The largest magnitude in each array of a checkpoint: none may be infinite or NaN."""
        arrays, _ = self.state()
        return {name: float(np.abs(array).max(initial=0)) for name, array in arrays.items()}

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """What a checkpoint holds: arrays by name, and plain values. The arrays are not copies.

        Those of the network are the ones its evaluation used.
        """
        arrays = dict(self.average.stored())
        arrays |= {f"optimizer/{name}": array for name, array in self.optimizer.state.items()}
        meta = {
            "epoch": self.epoch,
            "step": self.step,
            "optimizer_steps": self.optimizer.steps,
            "best": self.best.state(),
        }
        return arrays, meta

    def restore(self, arrays: dict[str, np.ndarray], meta: dict[str, Any]) -> None:
        """Resume from the `state()` of a training with the same settings, except `epochs`.

        Raises RunError if it comes from a different training.
        """
        self.network.restore(arrays)
        self.average.begin()
        self.network.restore(self.average.training_state(arrays))
        for name, vector in self.optimizer.state.items():
            stored = arrays.get(f"optimizer/{name}")
            if stored is None or stored.shape != vector.shape:
                raise RunError(f"the checkpoint does not fit this optimizer: {name} is different")
            vector[...] = stored
        try:
            self.epoch, self.step = int(meta["epoch"]), int(meta["step"])
            self.optimizer.steps = int(meta["optimizer_steps"])
            self.best.restore(meta["best"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise RunError("the checkpoint does not say how far the training got") from error
        if not 1 <= self.epoch * len(self.train) == self.step == self.optimizer.steps:
            raise RunError("the checkpoint is from another number of steps per epoch")
