"""`python run.py resume=RUN`: continue a run that was stopped, in its own folder.

All randomness depends on the seed and the epoch alone, so the checkpoint of the last epoch suffices
to end with the same bits as a run that was never stopped.
"""

import copy
import logging
import time
from pathlib import Path
from typing import Any

from scratchnet.config import Config, from_plain, to_plain
from scratchnet.errors import RunError, UserError
from scratchnet.experiment.restore import check_size, has_data_of, read_config, recorded_engine
from scratchnet.experiment.train import require, set_up, train
from scratchnet.kernels import engine
from scratchnet.runs.checkpoint_folder import CheckpointFolder
from scratchnet.runs.description import describe
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.log import logging_to
from scratchnet.system import files, interrupts
from scratchnet.training.trainer import Trainer

logger = logging.getLogger("scratchnet")

EPOCHS = "trainer.epochs"  # the one setting that may change


def run(folder: Path, overrides: list[str]) -> None:
    """Train a run from its last checkpoint to the end. Raises UserError."""
    start = time.perf_counter()
    RunFolder.open(folder)  # before locking, which would create a folder
    with RunFolder.locked(folder):
        run_folder = RunFolder.open(folder)
        info = run_folder.info
        if info["status"] == Status.diverged.value:
            raise RunError(
                f"{folder}: diverged and would diverge again; start a new run with a lower "
                "optimizer.lr, a longer warm-up or trainer.clip_norm=1"
            )
        before = read_config(run_folder)
        config = _with_epochs(before, overrides)
        require(config)
        taken = recorded_engine(run_folder)
        engine.require(taken, f"{folder}: was started with trainer.engine={taken.value}, which")
        splits = config.dataset.load(config.seed)
        if not has_data_of(run_folder, splits):
            raise RunError(
                f"{folder}: the run was started with different data than "
                f"dataset={config.dataset.name} has now; restore them, or start a new run"
            )
        check_size(run_folder, config, splits.shape, len(splits.classes), "last")
        experiment = set_up(config, splits, taken)
        trainer = experiment.trainer
        with logging_to(run_folder.log):
            _warn_of_changes(info, describe(splits, config.seed))
            _restore(run_folder, trainer)
            if info["status"] == Status.completed.value and trainer.is_over:
                raise RunError(_nothing_to_do(folder, trainer))
        with interrupts.deferred():
            with logging_to(run_folder.log):
                raised_from = _raised_from(before, trainer, config)
                run_folder.resume(trainer.epoch, to_plain(config), overrides, raised_from)
                logger.info("resumed after epoch %d", trainer.epoch)
            train(experiment, run_folder, start)


def _with_epochs(config: Config, overrides: list[str]) -> Config:
    """The config of the run, with more epochs if the overrides ask for them."""
    plain = copy.deepcopy(to_plain(config))
    for override in overrides:
        name, equals, value = override.partition("=")
        if name != EPOCHS or not equals:
            raise UserError(
                f"{override}: a run resumes with its own settings; only {EPOCHS} may be raised"
            )
        plain["trainer"]["epochs"] = value
    changed = from_plain(plain)
    if changed.trainer.epochs < config.trainer.epochs:
        raise UserError(
            f"{EPOCHS}={changed.trainer.epochs}: must be >= {config.trainer.epochs}, the number of "
            "epochs the run was started with"
        )
    return changed


def _raised_from(before: Config, trainer: Trainer, config: Config) -> int | None:
    """The number of epochs before it was raised, None if that makes no difference; warns of it.

    It makes one where the past would have been another, had the number been known from the start.
    """
    old, new = before.trainer.epochs, config.trainer.epochs
    depends_on_end = config.schedule.depends_on_end or config.averaging.depends_on_end
    if old == new or trainer.epoch == 0 or not depends_on_end:
        return None
    schedule = before.schedule.build(before.optimizer.lr, len(trainer.train), old)
    logger.warning(
        "%s was raised from %d to %d after epoch %d: schedule=%s is stretched to the new end, and "
        "the learning rate goes from %.2g to %.2g; the result is not that of a run of %d epochs",
        *(EPOCHS, old, new, trainer.epoch, config.schedule.name),
        *(schedule(trainer.step - 1), trainer.schedule(trainer.step), new),
    )
    return old


def _warn_of_changes(info: dict[str, Any], now: dict[str, Any]) -> None:
    """Warn of changed software or hardware: bitwise equal results need the same of both."""
    for name in ("versions", "blas", "machine", "git"):
        if info.get(name) != now[name]:
            logger.warning(
                "%s: changed since the run was started (see run.json); the results may differ from "
                "those of a run that was not stopped",
                name,
            )


def _restore(run_folder: RunFolder, trainer: Trainer) -> None:
    """Put the trainer where the run stopped; it stays at the start if no epoch was saved.

    Raises RunError if a checkpoint was saved but has been removed since.
    """
    files.make_inner_folder(run_folder.checkpoints)
    found = CheckpointFolder(run_folder.checkpoints).latest()
    if found is None:
        # The row of an epoch is written before its checkpoint: one row alone may be a crash.
        if len(run_folder.metrics) > 1 or run_folder.info["status"] == Status.completed.value:
            raise RunError(f"{run_folder.last_checkpoint}: is missing; start the run again")
        line = "no epoch was saved: the run starts again at epoch 1"
        print(line, flush=True)
        logger.info(line)
        return
    try:
        trainer.restore(*found)
    except RunError as error:
        raise RunError(f"{run_folder.last_checkpoint}: {error}") from error


def _nothing_to_do(folder: Path, trainer: Trainer) -> str:
    if trainer.best.is_over:
        return f"{folder}: early stopping ended this run after epoch {trainer.epoch}"
    epochs = trainer.settings.epochs
    return f"{folder}: is completed; to train longer, raise {EPOCHS}, e.g. {EPOCHS}={2 * epochs}"
