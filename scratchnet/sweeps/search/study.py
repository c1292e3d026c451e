"""Optuna's study of a search, kept in a file so that a killed search can be resumed.

Each trial is drawn with a generator of its own, from (seed, number of the trial). So, with one
trial at a time, a search that was killed and resumed draws the same trials as one that was not.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.errors import RunError
from scratchnet.sweeps.search.settings import Pruner, Sampler, SearchSettings
from scratchnet.sweeps.search.space import Dimension
from scratchnet.system import files
from scratchnet.system.text import printable

if TYPE_CHECKING:
    import optuna

FILE = "study.log"
LARGEST = 1 << 30  # bytes; a trial has about 1 KB


class Study:
    """The trials of a search so far, and the next ones.

    Raises RunError if the file that holds the trials is damaged.
    """

    def __init__(self, folder: Path, settings: SearchSettings, space: list[Dimension], epochs: int):
        import optuna  # here and below, as only a search needs it
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        _repair(folder / FILE)
        self.settings = settings
        self.space = {dimension.key: dimension for dimension in space}
        try:
            self.study = optuna.create_study(
                storage=JournalStorage(JournalFileBackend(str(folder / FILE))),
                pruner=_pruner(settings, epochs),
                study_name="search",
                direction="maximize" if settings.metric.is_higher_better else "minimize",
                load_if_exists=True,
            )
        except Exception as error:  # Optuna raises anything at all on a damaged file
            reason = f"{type(error).__name__}: {error}"
            raise RunError(printable(f"{folder / FILE}: cannot be read ({reason})")) from error

    def unfinished(self) -> "list[optuna.trial.Trial]":
        """The trials that were running when the search was stopped."""
        from optuna.trial import Trial, TrialState

        trials = []
        for found in self.study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if found.params.keys() == self.space.keys():
                trials.append(Trial(self.study, found._trial_id))
            else:  # stopped while it was being drawn
                self.study.tell(found.number, state=TrialState.FAIL)
        return trials

    def next(self) -> "optuna.trial.Trial":
        """A new trial, with its parameters."""
        from optuna.samplers import RandomSampler, TPESampler

        number = len(self.study.get_trials(deepcopy=False))
        seed = int(np.random.SeedSequence([self.settings.seed, number]).generate_state(1)[0])
        if self.settings.sampler is Sampler.random:
            self.study.sampler = RandomSampler(seed=seed)
        else:
            startup = self.settings.startup_trials
            self.study.sampler = TPESampler(n_startup_trials=startup, seed=seed)
        return self.study.ask({key: one.distribution for key, one in self.space.items()})

    def overrides(self, params: dict[str, float | int | str]) -> list[str]:
        """The parameters of a trial as overrides."""
        return [self.space[key].override(params[key]) for key in self.space if key in params]

    def in_short(self, params: dict[str, float | int | str]) -> list[str]:
        """The same, shortened to four digits for people."""
        return [
            f"{key}={value:.4g}" if isinstance(value, float) else f"{key}={value}"
            for key, value in params.items()
        ]

    @property
    def finished(self) -> int:
        """The number of trials with a result: completed, pruned or diverged."""
        from optuna.trial import TrialState

        states = (TrialState.COMPLETE, TrialState.PRUNED)
        return len(self.study.get_trials(deepcopy=False, states=states))

    @property
    def best(self) -> "optuna.trial.FrozenTrial | None":
        """The trial with the best result so far, if any has completed."""
        try:
            return self.study.best_trial
        except ValueError:  # none has completed
            return None


def _pruner(settings: SearchSettings, epochs: int) -> "optuna.pruners.BasePruner":
    from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner

    if settings.pruner is Pruner.median:
        return MedianPruner(settings.startup_trials, n_warmup_steps=settings.warmup_epochs)
    if settings.pruner is Pruner.hyperband:
        return HyperbandPruner(max(1, settings.warmup_epochs), max_resource=epochs)
    return NopPruner()


def _repair(path: Path) -> None:
    """Remove what a process killed in the middle of writing leaves: its lock and half a line."""
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    if path.exists() or path.is_symlink():
        content = files.read(path, LARGEST, follow=False)  # Optuna appends to it
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            files.write_atomic(path, whole)
