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

from scratchnet import interrupts, threads
from scratchnet.config import Config, to_config, to_plain
from scratchnet.data.loader import Loader
from scratchnet.data.pictures import Pictures, Splits
from scratchnet.errors import RunError, UserError
from scratchnet.nn.summary import Summary
from scratchnet.reports.listeners import Listeners
from scratchnet.reports.live import LiveWindow
from scratchnet.reports.plots import Plots
from scratchnet.reports.progress import Total, progress
from scratchnet.runs.description import describe
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.log import logging_to
from scratchnet.runs.recorder import Recorder
from scratchnet.text import printable
from scratchnet.training import checkpoint
from scratchnet.training.evaluation import evaluate
from scratchnet.training.trainer import Diverged, Training

logger = logging.getLogger("scratchnet")


def run(composed: DictConfig, folder: Path, overrides: list[str]) -> None:
    """Train what the config says and leave everything about it in `folder`. Raises UserError."""
    start = time.perf_counter()
    config = to_config(composed)
    splits = config.dataset.load(config.seed)
    training = prepare(config, splits)
    plan = threads.plan(config.trainer.threads, small_products=training.network.small_products)
    threads.use(plan)
    training.network.calibrate(training.train.sample)  # after `use`: it computes
    description = describe(splits, config.seed, plan)
    with RunFolder.locked(folder):
        run_folder = RunFolder.create(folder, to_plain(composed), overrides, description)
        train(config, training, splits, plan, run_folder, start)


def train(
    config: Config,
    training: Training,
    splits: Splits,
    plan: threads.ThreadPlan,
    run_folder: RunFolder,
    start: float,
) -> None:
    """From where the training stands to the final numbers and plots, all in its run folder."""
    with interrupts.deferred(), logging_to(run_folder.log), _status_of(run_folder):
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
            try:
                training.fit(Listeners(listeners))
            finally:
                plots.draw_curves()  # of all epochs, however it ended
        _conclude(config, training, splits, run_folder, plots, start)


def prepare(config: Config, splits: Splits) -> Training:
    """The training that a config describes, before its first step."""
    network = config.model.build(splits.shape, len(splits.classes), config.seed)
    train = Loader(
        splits.train,
        config.trainer.batch_size,
        mean=splits.mean,
        std=splits.std,
        seed=config.seed,
        augmentation=config.dataset.augmentation if config.dataset.augment else None,
        shuffle=True,
    )
    schedule = config.schedule.build(config.optimizer.lr, len(train), config.trainer.epochs)
    val = evaluation_loader(config, splits, splits.val)
    return Training(config.trainer, network, config.optimizer, schedule, train, val)


def evaluation_loader(config: Config, splits: Splits, pictures: Pictures) -> Loader:
    """The pictures of a split in order and unchanged, in batches of the training's size."""
    return Loader(
        pictures, config.trainer.batch_size, mean=splits.mean, std=splits.std, seed=config.seed
    )


def _announce(config: Config, layers: Summary, splits: Splits, plan: threads.ThreadPlan) -> None:
    line = (
        f"{config.dataset.name}: {len(splits.train):,} training, {len(splits.val):,} validation, "
        f"{len(splits.test):,} test pictures; {config.model.name} with "
        f"{layers.headline()}; threads: {plan}"
    )
    print(line, flush=True)
    logger.info(line)


def _conclude(
    config: Config,
    training: Training,
    splits: Splits,
    run_folder: RunFolder,
    plots: Plots,
    start: float,
) -> None:
    """Measure the best network, once, on the test split; write the final numbers and plots."""
    state, meta = checkpoint.load(run_folder.best_checkpoint)
    training.network.restore(state)
    val = evaluate(training.network, evaluation_loader(config, splits, splits.val))
    test = evaluate(training.network, evaluation_loader(config, splits, splits.test))
    summary = {
        "best_epoch": meta["epoch"],
        "epochs": training.epoch,
        "val_loss": val.loss,
        "val_accuracy": val.accuracy,
        "test_loss": test.loss,
        "test_accuracy": test.accuracy,
        "parameters": training.network.parameters.size,
        "seconds": time.perf_counter() - start,
    }
    run_folder.write_summary(summary)
    logger.info("completed: %s", summary)
    plots.draw_test(test, splits.test, splits.classes)
    print(
        f"test accuracy {100 * test.accuracy:.2f}%, loss {test.loss:.4f} "
        f"(best epoch {meta['epoch']}, validation {100 * val.accuracy:.2f}%)"
    )
    print(os.path.relpath(run_folder.path), flush=True)


@contextlib.contextmanager
def _status_of(run_folder: RunFolder) -> Iterator[None]:
    """Write into the run folder how the run ended, whatever the end is."""
    try:
        yield
    except BaseException as error:
        status = _end(error)
        is_bug = status is Status.failed and not isinstance(error, UserError)
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
