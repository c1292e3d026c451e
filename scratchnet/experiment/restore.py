"""Restore the network that a run has trained."""

import logging
from dataclasses import replace

import numpy as np

from scratchnet.compute import threads
from scratchnet.config import Config, from_plain
from scratchnet.data.images import Splits
from scratchnet.errors import RunError, SettingError
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.layer import Shape
from scratchnet.nn.network import Network
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.inputs import Inputs
from scratchnet.training import checkpoint

logger = logging.getLogger("scratchnet")

CHECKPOINTS = ("best", "last")


def read_config(run: RunFolder) -> Config:
    """The typed config of a run. Raises RunError if config.yaml is invalid."""
    try:
        return from_plain(run.config)
    except SettingError as error:
        raise RunError(f"{run.path / 'config.yaml'}: {error}") from error


def build_network(
    run: RunFolder, config: Config, shape: Shape, classes: int, which: str = "best"
) -> Network:
    """The network of a run, into which `restore` loads the checkpoint `which`.

    Raises RunError if it does not fit the images, or is too large to be that of the checkpoint.
    """
    check_size(run, config, shape, classes, which)
    return config.model.build(shape, classes, config.seed)


def check_size(run: RunFolder, config: Config, shape: Shape, classes: int, which: str) -> None:
    """Raise RunError if the network does not fit the images, or into the checkpoint `which`.

    Call it before a network is built: a few digits of a stranger's config.yaml ask for any amount
    of memory, but a file has the size that it has.
    """
    path = run.checkpoint(which)
    try:
        count = config.model.count_parameters(shape, classes)
    except ValueError as error:
        raise RunError(f"{run.path}: model={config.model.name} does not fit: {error}") from error
    needed = count * np.dtype(config.model.dtype.value).itemsize
    if path.exists() and path.stat().st_size < needed:
        raise RunError(
            f"{path}: does not fit the model of config.yaml, whose {count:,} parameters take "
            f"{needed:,} bytes"
        )


def restore(run: RunFolder, network: Network, which: str = "best") -> int:
    """Load the checkpoint `which` (best or last) into a network and return its epoch.

    This also uses the engine of the run, for the same bits, or NumPy where that is missing. Raises
    RunError if the checkpoint is damaged or belongs to another network.
    """
    threads.use(threads.count())
    taken = recorded_engine(run)
    engine.use(taken if taken is Engine.numpy or engine.works() else Engine.numpy)
    path = run.checkpoint(which)
    state, meta = checkpoint.load(path)
    try:
        network.restore(state)
    except RunError as error:
        raise RunError(f"{path}: {error}") from error
    for name, array in network.state().items():
        if not np.isfinite(array).all():
            raise RunError(f"{path}: its {name} hold numbers that are not finite; train a new run")
    epoch = meta.get("epoch")
    if not isinstance(epoch, int):
        raise RunError(f"{path}: the checkpoint does not say which epoch it is from")
    return epoch


def load_data(run: RunFolder, config: Config) -> tuple[Splits, bool]:
    """The data of a run, as its network saw them, and whether it was trained on these.

    If there are others by now, a warning says so. Then classes, format of the images, mean and
    standard deviation are those of the training.
    """
    dataset = config.dataset.of_a_run()
    splits = dataset.load(config.seed)
    if has_data_of(run, splits):
        return splits, True
    logger.warning("the data is not what the run was trained on; numbers may differ")
    if dataset.specification is not None:  # all of that is fixed
        return splits, False
    inputs = Inputs.from_plain(run.info.get("inputs"))
    splits = dataset.as_seen_by(inputs.classes, inputs.image_format).load(config.seed)
    mean, std = np.array(inputs.mean, np.float32), np.array(inputs.std, np.float32)
    return replace(splits, mean=mean, std=std), False


def has_data_of(run: RunFolder, splits: Splits) -> bool:
    """Whether `splits` are the data that the run was started with."""
    data = run.info.get("data")
    return isinstance(data, dict) and data.get("fingerprint") == splits.fingerprint


def recorded_engine(run: RunFolder) -> Engine:
    """The engine that a run has used. Raises RunError if run.json does not say."""
    name = run.info.get("engine", Engine.numpy.value)  # the only one before there were two
    if name not in (Engine.numpy.value, Engine.compiled.value):
        raise RunError(f"{run.path / 'run.json'}: `engine` must be numpy or compiled")
    return Engine(name)
