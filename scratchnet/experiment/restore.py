"""Restore the network that a run has trained."""

from scratchnet.compute import threads
from scratchnet.config import Config, from_plain
from scratchnet.data.images import Splits
from scratchnet.errors import RunError, SettingError
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.network import Network
from scratchnet.runs.folder import RunFolder
from scratchnet.training import checkpoint

CHECKPOINTS = ("best", "last")


def read_config(run: RunFolder) -> Config:
    """The typed config of a run. Raises RunError if config.yaml is invalid."""
    try:
        return from_plain(run.config)
    except SettingError as error:
        raise RunError(f"{run.path / 'config.yaml'}: {error}") from error


def restore(run: RunFolder, network: Network, which: str = "best") -> int:
    """Load the checkpoint `which` (best or last) into a network and return its epoch.

    This also uses the engine of the run, for the same bits, or NumPy where that is missing. Raises
    RunError if the checkpoint is damaged or belongs to another network.
    """
    threads.use(threads.count())
    taken = recorded_engine(run)
    engine.use(taken if taken is Engine.numpy or engine.works() else Engine.numpy)
    path = run.best_checkpoint if which == "best" else run.last_checkpoint
    state, meta = checkpoint.load(path)
    try:
        network.restore(state)
    except RunError as error:
        raise RunError(f"{path}: {error}") from error
    epoch = meta.get("epoch")
    if not isinstance(epoch, int):
        raise RunError(f"{path}: the checkpoint does not say which epoch it is from")
    return epoch


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
