"""What a search will do: read from the command line, and checked before anything is on disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf

from scratchnet.config import Config, to_plain
from scratchnet.errors import SettingError, UserError
from scratchnet.experiment.train import require
from scratchnet.settings.plain import Plain
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.search.settings import SearchSettings
from scratchnet.sweeps.search.space import Dimension
from scratchnet.system import extras

Compose = Callable[[list[str]], Config]  # from overrides to a config; raises UserError


@dataclass(frozen=True)
class SearchPlan:
    """The space of a search, and how it is searched."""

    typed: list[str]  # everything after -m
    fixed: list[str]  # overrides shared by all trials
    space: list[Dimension]  # one for each setting that is searched
    settings: SearchSettings
    compose: Compose

    @classmethod
    def read(
        cls,
        typed: list[str],
        fixed: list[str],
        swept: Sequence[Override],
        launcher: Launcher,
        compose: Compose,
    ) -> "SearchPlan":
        """From the overrides with one value (`fixed`) and with several. Raises UserError."""
        extras.require("hydra/sweeper=optuna", "optuna", "sweep")
        space = [Dimension(override) for override in swept]
        plan = cls(typed, fixed, space, _settings(launcher), compose)
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
        """What has to be the same for the results of trials to be comparable."""
        ranges = [dimension.typed for dimension in self.space]
        return [*ranges, *self.fixed, f"metric={self.metric}"]

    @cached_property
    def most_epochs(self) -> int:
        """Of any trial. Raises UserError if an end of a range is no value for its setting."""
        first = [dimension.override(dimension.extremes[0]) for dimension in self.space]
        samples = [first]
        for i, dimension in enumerate(self.space):
            for value in dimension.extremes[1:]:
                samples.append([*first[:i], dimension.override(value), *first[i + 1 :]])
        return max(self.config(texts)["trainer"]["epochs"] for texts in samples)

    def config(self, texts: list[str]) -> Plain:
        """The config of a trial with these overrides. Raises UserError."""
        config = self.compose([*self.fixed, *texts])
        require(config)
        return to_plain(config)


def _settings(launcher: Launcher) -> SearchSettings:
    if not launcher.is_sequential:
        raise UserError(
            f"hydra/launcher={launcher.name}: a search starts its trials itself; to run several at "
            "a time, write hydra.sweeper.n_jobs=2 instead"
        )
    try:
        settings = OmegaConf.to_object(launcher.settings.sweeper)
    except SettingError as error:
        raise error.under("hydra.sweeper") from None
    assert isinstance(settings, SearchSettings)  # its schema, see search.settings.register
    return settings
