"""Train one experiment, from its config to a complete run folder; `run` lists all the steps."""

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from scratchnet.compute import threads
from scratchnet.config import Config, to_config, to_plain
from scratchnet.data.images import Splits
from scratchnet.data.loader import Loader
from scratchnet.errors import RunError
from scratchnet.experiment import free_memory
from scratchnet.experiment.dead import DeathWatch
from scratchnet.experiment.ending import recorded
from scratchnet.experiment.measure import evaluation_loader, measure
from scratchnet.experiment.reporting import layer_watch, reported
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.summary import Summary
from scratchnet.reports import numbers, tensorboard
from scratchnet.reports.listeners import Listeners
from scratchnet.reports.live import LiveWindow
from scratchnet.reports.plots import Plots
from scratchnet.reports.progress import Total, progress
from scratchnet.reports.tensorboard import TensorBoard
from scratchnet.runs import history, vacancy
from scratchnet.runs.description import describe
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.log import logging_to
from scratchnet.runs.predictions import Predictions
from scratchnet.runs.recorder import Recorder
from scratchnet.system import extras, interrupts
from scratchnet.system.text import printable
from scratchnet.training import checkpoint
from scratchnet.training.class_weights import ClassWeights
from scratchnet.training.early_stopping import Metric
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Listener, Trainer
from scratchnet.training.views import Views

logger = logging.getLogger("scratchnet")


@dataclass(frozen=True)
class Experiment:
    """A config and everything it describes, built and ready to train."""

    config: Config
    splits: Splits
    trainer: Trainer
    missed: str = ""  # why the run has no compiled kernels, though it would gain from them


def run(composed: DictConfig, folder: Path, overrides: list[str]) -> None:
    """Train what the config describes and record it in `folder`. Raises UserError."""
    start = time.perf_counter()
    vacancy.check(folder)
    config = to_config(composed)
    require(config)
    splits = config.dataset.load(config.seed)
    experiment = set_up(config, splits)
    description = describe(splits, config.seed)
    with RunFolder.locked(folder), interrupts.deferred():
        plain, found = to_plain(config), splits.findings.record
        run_folder = RunFolder.create(folder, plain, overrides, description, found)
        train(experiment, run_folder, start)


def require(config: Config) -> None:
    """Raise UserError if a run with this config needs packages or data that are not there."""
    engine.require(config.trainer.engine, f"trainer.engine={config.trainer.engine.value}")
    if config.trainer.tensorboard:
        tensorboard.require()
    config.dataset.check_source()


def set_up(config: Config, splits: Splits, taken: Engine | None = None) -> Experiment:
    """Build everything a config describes, set threads and engine; writes nothing to disk.

    A resumed run passes the engine it has `taken`; otherwise one is chosen for the network.
    """
    if config.dataset.specification is None:  # only now is it known what has to fit
        config.check_data(splits.specification)
    if taken is None:
        config.check_new(splits.specification)
    with _within_memory(config, splits):
        trainer = _build(config, splits)
        threads.use(threads.count(config.trainer.threads))
        flops = _flops(config, trainer)
        engine.use(taken or engine.choose(config.trainer.engine, flops))
        trainer.network.calibrate(trainer.train.sample)
    missed = "" if taken else engine.missed(config.trainer.engine, flops)
    return Experiment(config, splits, trainer, missed)


@contextlib.contextmanager
def _within_memory(config: Config, splits: Splits) -> Iterator[None]:
    """Turn a failed allocation into a RunError of one line that says how large the model is."""
    try:
        yield
    except MemoryError as error:
        count = config.model.count_parameters(splits.shape, len(splits.classes))
        raise RunError(
            f"out of memory: model={config.model.name} has {count:,} parameters and "
            f"trainer.batch_size={config.trainer.batch_size}; choose a smaller model or batch"
        ) from error


def _flops(config: Config, trainer: Trainer) -> float:
    """Of a whole run: forward, gradient of the weights, gradient of the input."""
    samples = len(trainer.train.images) * config.trainer.epochs
    return 3.0 * Summary(trainer.network).flops * samples


def _build(config: Config, splits: Splits) -> Trainer:
    """A trainer with network, batches, optimizer and schedule, before the first step."""
    network = config.model.build(splits.shape, len(splits.classes), config.seed)
    train = Loader(
        splits.train,
        config.trainer.batch_size,
        mean=splits.mean,
        std=splits.std,
        seed=config.seed,
        augmentation=config.dataset.augmentation if config.dataset.augment else None,
        classes=len(splits.classes),
        shuffle=True,
    )
    schedule = config.schedule.build(config.optimizer.lr, len(train), config.trainer.epochs)
    val = evaluation_loader(config, splits, splits.val) if splits.val else None
    return Trainer(
        config.trainer, network, config.optimizer, schedule, train, val, config.averaging
    )


def train(experiment: Experiment, run_folder: RunFolder, start: float) -> None:
    """Train from the current epoch to the end; write metrics, final numbers and plots.

    `start` is the `time.perf_counter` from which this process counts. Call it inside
    `interrupts.deferred`, right after the folder's status has become `running`.
    """
    before = history.seconds_before(run_folder.info)

    def seconds() -> float:
        return before + time.perf_counter() - start

    config, splits, trainer = experiment.config, experiment.splits, experiment.trainer
    with logging_to(run_folder.log), _live_window(config.trainer) as window:
        end = recorded(run_folder, seconds)
        with reported(run_folder, config, splits, trainer), end, _within_memory(config, splits):
            layers = Summary(trainer.network)
            run_folder.write_layers(layers.table())
            _announce(experiment, layers)
            free_memory.warn_if_short(trainer, layers)
            if experiment.missed:  # a plain install is no reason to warn
                level = logging.WARNING if extras.is_installed("numba") else logging.INFO
                logger.log(level, experiment.missed)
            plots = Plots(run_folder, trainer.best)
            _fit(experiment, run_folder, plots, window)
            _announce_early_end(trainer)
            _conclude(experiment, run_folder, plots, seconds)
        if window:
            window.stay()
    interrupts.work_is_over()


def _live_window(settings: TrainerSettings) -> contextlib.AbstractContextManager[LiveWindow | None]:
    return LiveWindow(settings.epochs) if settings.live else contextlib.nullcontext()


def _announce(experiment: Experiment, layers: Summary) -> None:
    config, splits = experiment.config, experiment.splits
    headline = (
        f"{config.dataset.name}: {len(splits.train):,} training, "
        f"{len(splits.val) if splits.val else 0:,} validation, "
        f"{len(splits.test):,} test {'vectors' if splits.are_vectors else 'images'}; "
        f"{config.model.name} with "
        f"{layers.headline()}; threads: {threads.in_use()}; engine: {engine.in_use().value}"
    )
    for line in (headline, *splits.findings.notes):
        print(printable(line), flush=True)
        logger.info(line)
    for warning in splits.findings.warnings:
        logger.warning(warning)


def _fit(
    experiment: Experiment, run_folder: RunFolder, plots: Plots, window: LiveWindow | None
) -> None:
    """Train to the end, with all listeners attached."""
    settings, trainer = experiment.config.trainer, experiment.trainer
    total = Total(settings.epochs, len(experiment.splits.train), finished=trainer.epoch)
    with contextlib.ExitStack() as stack:
        bars = stack.enter_context(progress(total))
        recorder = Recorder(run_folder, trainer, experiment.splits.classes)
        listeners: list[Listener] = [recorder, plots, bars, DeathWatch(trainer)]
        if settings.insight:
            listeners.append(layer_watch(run_folder, experiment.config, experiment.splits, trainer))
        if window:
            listeners.append(window)
        if settings.tensorboard:
            board = TensorBoard(run_folder.events, run_folder.config, trainer.epoch + 1)
            listeners.append(stack.enter_context(board))
        try:
            trainer.fit(Listeners(listeners))
        finally:
            if not isinstance(sys.exception(), RunError):  # such as a full disk
                plots.draw_curves()  # with all epochs, however the training ended


def _announce_early_end(trainer: Trainer) -> None:
    """Say so where early stopping has ended the training."""
    if trainer.epoch < trainer.settings.epochs:
        stopping = trainer.settings.early_stopping
        text = (
            f"stopped early, after epoch {trainer.epoch}: {stopping.metric.value} has not improved "
            f"for {stopping.patience} epoch{'' if stopping.patience == 1 else 's'}"
        )
        print(text, flush=True)
        logger.info(text)


def _conclude(
    experiment: Experiment, run_folder: RunFolder, plots: Plots, seconds: Callable[[], float]
) -> None:
    """Measure the best network once on the test split; write the final numbers and plots."""
    trainer, splits = experiment.trainer, experiment.splits
    state, meta = checkpoint.load(run_folder.best_checkpoint)
    trainer.network.restore(state)
    results, test = measure(experiment.config, splits, trainer.network)
    summary = {
        "best_epoch": meta["epoch"],
        "epochs": trainer.epoch,
        **results,
        "parameters": trainer.network.parameters.size,
        "seconds": seconds(),
    }
    predictions = Predictions.of(test, splits.test)
    run_folder.write_predictions(predictions.to_csv(splits.classes))
    run_folder.write_summary(summary)
    logger.info("completed: %s", summary)
    plots.draw_test(test, splits)
    print(_result(summary, experiment.config.trainer))
    print(os.path.relpath(run_folder.path), flush=True)


def _result(summary: dict[str, Any], settings: TrainerSettings) -> str:
    """The lines printed at the end: test accuracy and loss."""
    test = numbers.percent(summary["test_accuracy"])
    is_balanced = settings.class_weights is ClassWeights.balanced
    if is_balanced or settings.early_stopping.metric is Metric.val_balanced_accuracy:
        test += f" (balanced: {numbers.percent(summary['test_balanced_accuracy'])})"
    views = settings.test_time_augmentation
    chosen = "last epoch, no validation split"
    if "val_accuracy" in summary:
        validation = numbers.percent(summary["val_accuracy"])
        chosen = f"best epoch {summary['best_epoch']}, validation {validation}"
    line = f"test accuracy {test}, loss {summary['test_loss']:.4f} ({chosen})"
    if views is Views.none:
        return line
    augmented = numbers.percent(summary["test_tta_accuracy"])
    return (
        f"{line}\nwith test-time augmentation ({views.value}): test accuracy {augmented}, "
        f"loss {summary['test_tta_loss']:.4f}"
    )
