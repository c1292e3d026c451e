"""The settings of a search: `hydra/sweeper=optuna hydra.sweeper.n_trials=50`."""

from dataclasses import dataclass
from enum import Enum

from scratchnet.settings import Settings, setting
from scratchnet.training.early_stopping import Metric


class Sampler(Enum):
    """How the settings of the next trial are chosen."""

    tpe = "tpe"
    random = "random"


class Pruner(Enum):
    """How it is decided from its epochs so far that a trial is not promising."""

    median = "median"  # worse than the median of the other trials at the same epoch
    hyperband = "hyperband"  # successive halving with several budgets of epochs
    none = "none"


@dataclass
class SearchSettings(Settings):
    """A search with Optuna for the settings with the best validation result.

    TPE: Bergstra et al., Algorithms for Hyper-Parameter Optimization, 2011, section 4.
    Hyperband: Li et al., Hyperband, 2018, algorithm 1.
    """

    n_trials: int = setting(30, "trials of the whole search", unit="trials", at_least=1)
    n_jobs: int = setting(1, "trials at a time; they share the cores", unit="trials", at_least=1)
    metric: Metric = setting(Metric.val_accuracy, "what is optimised, at the best epoch")
    sampler: Sampler = setting(Sampler.tpe, "how the next settings are chosen")
    pruner: Pruner = setting(Pruner.median, "ends trials that are not promising")
    startup_trials: int = setting(
        8, "drawn at random, before anything is judged", unit="trials", at_least=1
    )
    warmup_epochs: int = setting(
        3, "of each trial, before it may be pruned", unit="epochs", at_least=0
    )
    seed: int = setting(0, "seed of the sampler", at_least=0, at_most=2**32 - 1)
