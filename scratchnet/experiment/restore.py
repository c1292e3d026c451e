"""Restore the network that a run has trained."""

from scratchnet.compute import threads
from scratchnet.compute.threads import ThreadPlan
from scratchnet.config import Config, from_plain
from scratchnet.data.images import Splits
from scratchnet.errors import RunError, SettingError
from scratchnet.nn.network import Network
from scratchnet.runs.folder import RunFolder
from scratchnet.training import checkpoint

CHECKPOINTS = ("best", "last")
MOST_THREADS = 1024


def read_config(run: RunFolder) -> Config:
    """The typed config of a run. Raises RunError if config.yaml is invalid."""
    try:
        return from_plain(run.config)
    except SettingError as error:
        raise RunError(f"{run.path / 'config.yaml'}: {error}") from error


def restore(run: RunFolder, network: Network, which: str = "best") -> int:
    """Load the checkpoint `which` (best or last) into a network and return its epoch.

    This also sets the thread counts of the run, as the order of summation depends on them. Raises
    RunError if the checkpoint is damaged or belongs to another network.
    """
    threads.use(recorded_plan(run))
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


def recorded_plan(run: RunFolder) -> ThreadPlan:
    """The thread counts of a run. Raises RunError if run.json does not hold them."""
    counts = run.info.get("threads")
    try:
        plan = ThreadPlan(**counts)
        fits = all(type(n) is int and 1 <= n <= MOST_THREADS for n in (plan.blas, plan.own))
    except TypeError:
        fits = False
    if not fits:
        raise RunError(f"{run.path / 'run.json'}: `threads` must hold two counts, blas and own")
    return plan
