"""Composes the config of every job before Hydra does, so that mistakes are caught early.

Hydra makes the run folder before it calls us, reports a mistake in several lines or a traceback,
and accepts a misspelt `+key`. Here each mistake becomes one line, before anything is on disk.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from scratchnet.cli.choices import experiment_files_of
from scratchnet.cli.composition_errors import explain, in_one_line
from scratchnet.cli.overrides import (
    PLUGINS,
    SEARCH_PATH,
    JobOverrides,
    read,
    typed,
)
from scratchnet.cli.overrides import jobs as overrides_of_jobs
from scratchnet.config import GROUPS, Config, build, chosen_classes, located, to_plain
from scratchnet.errors import SettingError, UserError
from scratchnet.runs import vacancy
from scratchnet.settings.wording import not_an_option
from scratchnet.system.places import shown

_COMPOSITION_ERRORS = (
    *(HydraException, OmegaConfBaseException, YAMLError),
    *(OSError, ValueError, RecursionError),
)


def check(overrides: list[str], conf: Path) -> Config:
    """The config that these overrides make. Raises UserError, in one line, for any mistake."""
    with initialize_config_dir(str(conf), version_base="1.3"):
        (job,) = overrides_of_jobs(overrides, sweep=False)
        return _job_config(job, conf)


def combinations(overrides: list[str], conf: Path) -> list[tuple[list[str], Config]]:
    """Every combination of the values of a sweep: its overrides, and the config they make.

    Raises UserError, in one line, for a mistake in any of them.
    """
    with initialize_config_dir(str(conf), version_base="1.3"):
        jobs = list(overrides_of_jobs(overrides, sweep=True))
        configs = {i: _job_config(jobs[i], conf) for i in _mistakes_first(jobs)}
    texts = [[typed(one) for one in job if _is_for_jobs(one)] for job in jobs]
    return [(text, configs[i]) for i, text in enumerate(texts)]


@dataclass(frozen=True)
class Split:
    """What was typed, by what it is for."""

    hydra: list[str]  # settings of Hydra itself
    plugins: dict[str, object]  # the options chosen for PLUGINS
    fixed: list[str]  # settings with one value
    swept: list[Override]  # settings with several


def split(overrides: list[str], conf: Path) -> Split:
    """Take apart what was typed for a sweep. Raises UserError for what cannot be read."""
    with initialize_config_dir(str(conf), version_base="1.3"):
        given = read(overrides)
    hydra = [one for one in given if one.is_hydra_override()]
    others = [one for one in given if _is_for_jobs(one)]
    return Split(
        hydra=[typed(one) for one in hydra],
        plugins={one.key_or_group: one.value() for one in hydra if one.key_or_group in PLUGINS},
        fixed=[typed(one) for one in others if not one.is_sweep_override()],
        swept=[one for one in others if one.is_sweep_override()],
    )


def _is_for_jobs(override: Override) -> bool:
    """Whether a job of a sweep needs it, too: its own settings, and where their files are."""
    return not override.is_hydra_override() or override.key_or_group == SEARCH_PATH


def check_hydra(overrides: list[str], conf: Path) -> None:
    """Raise UserError for a mistake in settings of Hydra itself."""
    with initialize_config_dir(str(conf), version_base="1.3"):
        _compose_choices(tuple(overrides), conf)


def _mistakes_first(jobs: list[JobOverrides]) -> list[int]:
    """The order in which to check jobs: those that differ least from the first one come first.

    So a wrong value is found after a few jobs, not after all combinations before it.
    """
    lines = [[typed(one) for one in job] for job in jobs]
    settings = [dict.fromkeys(values) for values in zip(*lines, strict=True)]
    ranks = [{value: rank for rank, value in enumerate(values)} for values in settings]
    steps = [sum(map(dict.__getitem__, ranks, line)) for line in lines]
    return sorted(range(len(jobs)), key=steps.__getitem__)


def options(conf: Path) -> dict[str, list[str]]:
    """The options of each group, in alphabetical order."""
    with initialize_config_dir(str(conf), version_base="1.3"):
        return {group: _options(group) for group in GROUPS}


def _options(group: str) -> list[str]:
    return sorted(GlobalHydra.instance().config_loader().get_group_options(group))


def _job_config(job: JobOverrides, conf: Path) -> Config:
    """The config of one job: Hydra composes the choices, then each value is put in."""
    choices = [
        typed(override) for override in job if _is_for_hydra(override) and not _is_run_dir(override)
    ]
    chosen: Any = OmegaConf.to_container(_compose_choices(tuple(choices), conf))
    plain = DictConfig(chosen)
    for override in job:
        if _is_run_dir(override):
            vacancy.check_is_outside_runs(Path(str(override.value())))
        elif not _is_for_hydra(override):
            _apply(override, plain)
    try:
        config = build(located(to_plain(plain)), chosen_classes(chosen))
        if (data := config.dataset.specification) is not None:
            config.check_new(data)
        return config
    except SettingError as error:
        raise _located(error, job, choices, conf) from None


def _located(error: SettingError, job: JobOverrides, choices: list[str], conf: Path) -> UserError:
    """The same error, with the value as it was typed or with the line of the experiment file."""
    for override in reversed(job):  # of several, the last one counts
        if override.key_or_group == error.field:
            is_number = isinstance(override.value(), (int, float))
            _, _, what_is_allowed = error.problem.partition(": ")
            return UserError(f"{typed(override)}: {what_is_allowed}") if is_number else error
    places = [file.place(error.field) for file in experiment_files_of(choices, conf)]
    place = next(filter(None, reversed(places)), None)
    return UserError(f"{error} ({place})") if place else error


def _is_for_hydra(override: Override) -> bool:
    """True for hydra.* and group=option; raises UserError if the option cannot be one."""
    group, value = override.key_or_group, override.value()
    if group not in GROUPS:
        return override.is_hydra_override()
    if override.is_add() or override.is_force_add():
        raise UserError(_needs_no_plus(override))
    if isinstance(value, dict):
        return False  # group={...} changes settings of the chosen option
    if not isinstance(value, str) or _is_path(value):
        raise UserError(not_an_option(group, value, _options(group)))
    return True


def _is_path(option: str) -> bool:
    """True for what Hydra would read as a way to a file rather than as the name of an option."""
    return option.endswith(".yaml") or not {"", ".", ".."}.isdisjoint(option.split("/"))


def _is_run_dir(override: Override) -> bool:
    """True for hydra.run.dir=TEXT. Any text will do, and without it jobs share a composition."""
    return override.key_or_group == "hydra.run.dir" and isinstance(override.value(), str)


def _apply(override: Override, plain: DictConfig) -> None:
    """Set a value, even of an unknown setting: `build` checks whether it exists."""
    name = override.key_or_group
    try:
        if override.is_add() and OmegaConf.select(plain, name) is not None:
            raise UserError(_needs_no_plus(override))
        OmegaConf.update(plain, name, override.value(), merge=True)
    except OmegaConfBaseException as error:
        raise UserError(f"{typed(override)}: {in_one_line(error)}") from None


@lru_cache  # the jobs of a sweep and the trials of a search share most choices
def _compose_choices(choices: tuple[str, ...], conf: Path) -> DictConfig:
    """What Hydra, initialised with `conf`, makes of these choices. Cached: do not modify it."""
    experiment_files_of(choices, conf)
    try:
        composed = compose("config", overrides=list(choices), return_hydra_config=True)
        changes_folder = composed.hydra.job.chdir
    except _COMPOSITION_ERRORS as error:
        raise UserError(explain(error, choices, conf)) from None
    if changes_folder:
        raise UserError(
            f"{shown(conf / 'config.yaml')}: hydra.job.chdir=true: must be false, as paths are "
            "meant from the folder where a run is started"
        )
    with open_dict(composed):
        del composed["hydra"]
    return composed


def _needs_no_plus(override: Override) -> str:
    text = typed(override)
    return f"{text}: {override.key_or_group} already has a value; write {text.lstrip('+')}"
