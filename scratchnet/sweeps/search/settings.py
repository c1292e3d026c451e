"""The settings of a search: `hydra/sweeper=optuna hydra.sweeper.n_trials=50`."""

from dataclasses import dataclass
from enum import Enum

from hydra.core.config_store import ConfigStore

from scratchnet.settings import MOST_EPOCHS, Settings, setting
from scratchnet.training.early_stopping import Metric


class Sampler(Enum):
    """How the next trial is drawn."""

    tpe = "tpe"
    random = "random"


class Pruner(Enum):
    """How a trial is judged by its epochs so far, and ended if it is not promising."""

    median = "median"  # worse than the median of the other trials at the same epoch
    hyperband = "hyperband"  # successive halving with several budgets of epochs
    none = "none"


@dataclass
class SearchSettings(Settings):
    """A search, with Optuna, for the settings with the best validation result.

    TPE: Bergstra et al., Algorithms for Hyper-Parameter Optimization, 2011, section 4.
    Hyperband: Li et al., Hyperband, 2018, algorithm 1.
    """

    n_trials: int = setting(30, "trials in all", unit="trials", at_least=1)
    n_jobs: int = setting(1, "trials at a time, which share the cores", unit="trials", at_least=1)
    metric: Metric = setting(Metric.val_accuracy, "what is optimised, at the best epoch")
    sampler: Sampler = setting(Sampler.tpe, "how the next trial is drawn")
    pruner: Pruner = setting(Pruner.median, "ends unpromising trials early")
    startup_trials: int = setting(
        8, "drawn at random before the sampler and the pruner take over", unit="trials", at_least=1
    )
    warmup_epochs: int = setting(
        3,
        "epochs of each trial before it may be pruned",
        unit="epochs",
        at_least=0,
        at_most=MOST_EPOCHS,
    )
    seed: int = setting(0, "seed of the sampler", at_least=0, at_most=2**32 - 1)
    params: dict[str, str] = setting({}, "settings with their ranges, in an experiment file")


def register() -> None:
    """Give Hydra the schema of conf/hydra/sweeper/optuna.yaml."""
    ConfigStore.instance().store(
        group="schema/sweeper", name="optuna", node=SearchSettings, package="hydra.sweeper"
    )
