"""One experiment, from a config to a filled run folder."""

import contextlib
import logging
import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from omegaconf import DictConfig

from scratchnet.compute import threads
from scratchnet.config import Config, to_config, to_plain
from scratchnet.data.images import Splits
from scratchnet.data.loader import Loader
from scratchnet.errors import RunError, UserError
from scratchnet.experiment.measure import evaluation_loader, measure
from scratchnet.nn.summary import Summary
from scratchnet.reports import tensorboard
from scratchnet.reports.listeners import Listeners
from scratchnet.reports.live import LiveWindow
from scratchnet.reports.plots import Plots
from scratchnet.reports.progress import Total, progress
from scratchnet.reports.tensorboard import TensorBoard
from scratchnet.runs.description import describe
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.log import logging_to, quieten
from scratchnet.runs.recorder import Recorder
from scratchnet.system import interrupts
from scratchnet.system.text import printable
from scratchnet.training import checkpoint
from scratchnet.training.trainer import Diverged, Trainer
from scratchnet.training.views import Views

logger = logging.getLogger("scratchnet")


def run(composed: DictConfig, folder: Path, overrides: list[str]) -> None:
    """Train what the config says and leave everything about it in `folder`. Raises UserError."""
    start = time.perf_counter()
    config = to_config(composed)
    require_extras(config)
    splits = config.dataset.load(config.seed)
    training, plan = start_training(config, splits)
    description = describe(splits, config.seed, plan)
    with RunFolder.locked(folder), interrupts.deferred():
        run_folder = RunFolder.create(folder, to_plain(composed), overrides, description)
        train(config, training, splits, plan, run_folder, start)


def require_extras(config: Config) -> None:
    """Raise UserError if a run with this config needs packages that are not installed."""
    if config.trainer.tensorboard:
        tensorboard.require()


def start_training(config: Config, splits: Splits) -> tuple[Trainer, threads.ThreadPlan]:
    """A new training, ready for its first step, and the threads that are now in use for it."""
    training = prepare(config, splits)
    plan = threads.plan(config.trainer.threads, small_products=training.network.small_products)
    threads.use(plan)
    training.network.calibrate(training.train.sample)  # after `use`: it computes
    return training, plan


def train(
    config: Config,
    training: Trainer,
    splits: Splits,
    plan: threads.ThreadPlan,
    run_folder: RunFolder,
    start: float,
) -> None:
    """From where the training stands to the final numbers and plots, all in its run folder.

    Call it with `interrupts.deferred`, from where the folder says that the run is running.
    """
    with logging_to(run_folder.log), _status_of(run_folder):
        layers = Summary(training.network)
        run_folder.write_layers(layers.table())
        _announce(config, layers, splits, plan)
        plots = Plots(run_folder, training.best)
        bars = progress(Total(config.trainer.epochs, len(splits.train), training.epoch))
        with contextlib.ExitStack() as stack:
            stack.enter_context(bars)
            listeners = [Recorder(run_folder, training), plots, bars]
            if config.trainer.live:
                listeners.append(stack.enter_context(LiveWindow(config.trainer.epochs)))
            if config.trainer.tensorboard:
                board = TensorBoard(run_folder.events, first_epoch=training.epoch + 1)
                listeners.append(stack.enter_context(board))
            try:
                training.fit(Listeners(listeners))
            finally:
                if not isinstance(sys.exception(), RunError):  # on a full disk
                    plots.draw_curves()  # of all epochs, however it ended
        _conclude(config, training, splits, run_folder, plots, start)


def prepare(config: Config, splits: Splits) -> Trainer:
    """The training that a config describes, before its first step."""
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


def _announce(config: Config, layers: Summary, splits: Splits, plan: threads.ThreadPlan) -> None:
    line = (
        f"{config.dataset.name}: {len(splits.train):,} training, "
        f"{len(splits.val) if splits.val else 0:,} validation, "
        f"{len(splits.test):,} test images; {config.model.name} with "
        f"{layers.headline()}; threads: {plan}"
    )
    print(line, flush=True)
    logger.info(line)


def _conclude(
    config: Config,
    training: Trainer,
    splits: Splits,
    run_folder: RunFolder,
    plots: Plots,
    start: float,
) -> None:
    """Measure the best network, once, on the test split; write the final numbers and plots."""
    state, meta = checkpoint.load(run_folder.best_checkpoint)
    training.network.restore(state)
    results, test = measure(config, splits, training.network)
    summary = {
        "best_epoch": meta["epoch"],
        "epochs": training.epoch,
        **results,
        "parameters": training.network.parameters.size,
        "seconds": time.perf_counter() - start,
    }
    run_folder.write_summary(summary)
    logger.info("completed: %s", summary)
    plots.draw_test(test, splits.test, splits.classes)
    print(_told(summary, config.trainer.test_time_augmentation))
    print(os.path.relpath(run_folder.path), flush=True)


def _told(summary: dict[str, float], views: Views) -> str:
    """The result, as it is printed."""
    chosen = "last epoch, nothing held out for validation"
    if "val_accuracy" in summary:
        chosen = f"best epoch {summary['best_epoch']}, validation {_percent(summary, 'val')}"
    line = f"test accuracy {_percent(summary, 'test')}, loss {summary['test_loss']:.4f} ({chosen})"
    if views is Views.none:
        return line
    return (
        f"{line}\nwith test-time augmentation ({views.value}): test accuracy "
        f"{_percent(summary, 'test_tta')}, loss {summary['test_tta_loss']:.4f}"
    )


def _percent(summary: dict[str, float], name: str) -> str:
    return f"{100 * summary[f'{name}_accuracy']:.2f}%"


@contextlib.contextmanager
def _status_of(run_folder: RunFolder) -> Iterator[None]:
    """Write into the run folder how the run ended, whatever the end is."""
    try:
        yield
    except BaseException as error:
        status = _end(error)
        is_bug = status is Status.failed and not isinstance(error, UserError)
        if isinstance(error, RunError):
            quieten()  # of a full disk, one line is enough
        logger.info("%s: %s", status.value, error, exc_info=is_bug)
        try:
            run_folder.finish(status, printable(f"{error}" or type(error).__name__))
        except RunError as second:  # the first error is the one to report
            logger.warning("the status %s could not be written: %s", status.value, second)
        if status is Status.interrupted:
            path = shlex.quote(os.path.relpath(run_folder.path))
            print(f"to go on: python run.py resume={path}", file=sys.stderr)
        raise
    run_folder.finish(Status.completed)


def _end(error: BaseException) -> Status:
    if isinstance(error, KeyboardInterrupt):
        return Status.interrupted
    return Status.diverged if isinstance(error, Diverged) else Status.failed
