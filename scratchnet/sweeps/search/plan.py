"""What a search is to do: read from what was typed, and checked before anything is on disk."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from omegaconf import OmegaConf

from scratchnet.cli import composition
from scratchnet.cli.arguments import Arguments
from scratchnet.cli.composition import Split
from scratchnet.config import Plain, to_plain
from scratchnet.errors import SettingError, UserError
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.search.settings import SearchSettings
from scratchnet.sweeps.search.space import Dimension
from scratchnet.system import extras


@dataclass(frozen=True)
class SearchPlan:
    """The space of a search, and how it is searched."""

    conf: Path
    typed: list[str]  # all that stood after -m
    fixed: list[str]  # overrides that all trials have
    space: list[Dimension]  # one for each setting that is searched
    settings: SearchSettings

    @classmethod
    def read(cls, typed: Arguments, split: Split, launcher: Launcher) -> "SearchPlan":
        """From the command line. Raises UserError for what is wrong with any of it."""
        extras.require("hydra/sweeper=optuna", "optuna", "sweep")
        space = [Dimension(override) for override in split.swept]
        plan = cls(launcher.conf, typed.overrides, split.fixed, space, _settings(launcher))
        if not space:
            raise UserError(
                'a search needs settings with ranges, as in "model.dropout=interval(0,0.5)"'
            )
        _ = plan.most_epochs  # composes the extremes, and so checks them
        return plan

    @property
    def metric(self) -> str:
        """What is optimised, e.g. `val_accuracy`."""
        return self.settings.metric.value

    @property
    def identity(self) -> list[str]:
        """What has to be the same for the results of trials to be compared."""
        ranges = [dimension.typed for dimension in self.space]
        return [*ranges, *self.fixed, f"metric={self.metric}"]

    @cached_property
    def most_epochs(self) -> int:
        """Of any trial. Raises UserError where an end of a range is no value for its setting."""
        first = [dimension.override(dimension.extremes[0]) for dimension in self.space]
        samples = [first]
        for i, dimension in enumerate(self.space):
            for value in dimension.extremes[1:]:
                samples.append([*first[:i], dimension.override(value), *first[i + 1 :]])
        return max(self.config(texts)["trainer"]["epochs"] for texts in samples)

    def config(self, texts: list[str]) -> Plain:
        """The config of a trial with these overrides. Raises UserError."""
        return to_plain(composition.check([*self.fixed, *texts], self.conf))


def _settings(launcher: Launcher) -> SearchSettings:
    if not launcher.is_sequential:
        raise UserError(
            f"hydra/launcher={launcher.name}: a search starts its trials itself; for several at a "
            "time write hydra.sweeper.n_jobs=2 instead"
        )
    try:
        return OmegaConf.to_object(launcher.settings.sweeper)
    except SettingError as error:
        raise error.under("hydra.sweeper") from None
