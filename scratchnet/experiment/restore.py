"""From a run folder back to the network that was trained."""

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
    """The typed config of a run. Raises RunError if config.yaml is not one."""
    try:
        return from_plain(run.config)
    except SettingError as error:
        raise RunError(f"{run.path / 'config.yaml'}: {error}") from error


def restore(run: RunFolder, network: Network, which: str = "best") -> int:
    """Give a network the values of a checkpoint; returns the epoch that they are from.

    Also takes up the run's thread counts, as the order of summation depends on them.
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
    """Whether the dataset that was loaded is the one that the run was started with."""
    data = run.info.get("data")
    return isinstance(data, dict) and data.get("fingerprint") == splits.fingerprint


def recorded_plan(run: RunFolder) -> ThreadPlan:
    """The thread counts that a run has used. Raises RunError if run.json does not tell."""
    counts = run.info.get("threads")
    try:
        plan = ThreadPlan(**counts)
        fits = all(type(n) is int and 1 <= n <= MOST_THREADS for n in (plan.blas, plan.own))
    except TypeError:
        fits = False
    if not fits:
        raise RunError(f"{run.path / 'run.json'}: `threads` must hold two counts, blas and own")
    return plan
