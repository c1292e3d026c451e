"""A run's report: what is collected for it while training, and when it is written."""

import contextlib
from collections.abc import Iterator

from scratchnet.config import Config
from scratchnet.data.images import Images, Splits
from scratchnet.data.splits import stratified
from scratchnet.experiment.measure import evaluation_loader
from scratchnet.insight import report
from scratchnet.insight.layers import SAMPLES, LayerWatch
from scratchnet.insight.payload import Subject
from scratchnet.runs.folder import RunFolder
from scratchnet.training.trainer import Diverged, Trainer


def layer_watch(
    run_folder: RunFolder, config: Config, splits: Splits, trainer: Trainer
) -> LayerWatch:
    """The listener that looks at the layers on a few training images of all classes."""
    train = splits.train
    count = min(SAMPLES, config.trainer.batch_size, len(train))
    chosen = stratified(train.labels, count)
    some = Images(train.take(chosen), train.labels[chosen])
    return LayerWatch(run_folder, trainer, evaluation_loader(config, splits, some))


@contextlib.contextmanager
def reported(
    run_folder: RunFolder, config: Config, splits: Splits, trainer: Trainer
) -> Iterator[None]:
    """Write the report of a run that has completed or diverged, once its folder says so."""

    def write(trained: bool) -> None:
        if config.trainer.insight:
            subject = Subject(config, trainer.network, trained, splits)
            report.write_harmlessly(run_folder, subject)

    try:
        yield
    except Diverged:
        write(trained=False)
        raise
    write(trained=True)
