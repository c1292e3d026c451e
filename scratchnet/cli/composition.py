"""Composes the config of every job before Hydra does, so that mistakes are found in time.

Hydra makes the run folder before it calls us, answers a mistake with several lines or a traceback,
and lets a misspelt `+key` pass. Here each mistake becomes one line, before anything is on disk.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigAttributeError, OmegaConfBaseException
from yaml import YAMLError

from scratchnet.cli.overrides import JobOverrides, read
from scratchnet.cli.overrides import jobs as overrides_of_jobs
from scratchnet.config import GROUPS, Config, Plain, build, chosen_classes, setting_paths, to_plain
from scratchnet.errors import UserError
from scratchnet.reports import tensorboard
from scratchnet.settings.wording import as_typed, nearest, nearest_setting
from scratchnet.sweeps import launchers
from scratchnet.sweeps.record import Job

PLUGINS = {"hydra/sweeper": ("basic", "optuna"), "hydra/launcher": launchers.LAUNCHERS}
_COMPOSITION_ERRORS = (HydraException, OmegaConfBaseException, YAMLError, OSError, ValueError)


def check(overrides: list[str], conf: Path) -> Config:
    """The config that these overrides make.

    Raises UserError, in one line, for whatever is wrong with them.
    """
    with initialize_config_dir(str(conf), version_base="1.3"):
        (job,) = overrides_of_jobs(overrides, sweep=False)
        return _job_config(job, conf)


@dataclass(frozen=True)
class Split:
    """What was typed, by what it is for."""

    hydra: list[str]  # settings of Hydra itself
    fixed: list[str]  # settings with one value
    swept: list[Override]  # settings with several


def split(overrides: list[str], conf: Path) -> Split:
    """Take apart what was typed for a sweep. Raises UserError for what Hydra cannot take."""
    with initialize_config_dir(str(conf), version_base="1.3"):
        typed = read(overrides)
        hydra = [one for one in typed if one.is_hydra_override()]
        others = [one for one in typed if one not in hydra]
        texts = [one.input_line for one in hydra if _is_for_hydra(one)]
        _compose_choices(tuple(texts), conf)
    return Split(
        texts,
        [one.input_line for one in others if not one.is_sweep_override()],
        [one for one in others if one.is_sweep_override()],
    )


def sweep(overrides: list[str], conf: Path) -> list[Job]:
    """The jobs that these overrides make: every combination of their values.

    Raises UserError for whatever is wrong with any of them.
    """
    with initialize_config_dir(str(conf), version_base="1.3"):
        jobs = list(overrides_of_jobs(overrides, sweep=True))
        configs: list[Plain] = [{}] * len(jobs)
        for i in _mistakes_first(jobs):
            configs[i] = to_plain(_job_config(jobs[i], conf))
    texts = [[one.input_line for one in job if not one.is_hydra_override()] for job in jobs]
    varying = [i for i, values in enumerate(zip(*texts, strict=True)) if len(set(values)) > 1]
    return [
        Job(number, text, [text[i] for i in varying], config)
        for number, (text, config) in enumerate(zip(texts, configs, strict=True))
    ]


def _mistakes_first(jobs: list[JobOverrides]) -> list[int]:
    """The order in which to check jobs: from the first one outwards, in all settings alike. So a
    wrong value is met when a few jobs are composed, not when all combinations before it are."""
    lines = [[one.input_line for one in job] for job in jobs]
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
    """The config of one job: Hydra composes the choices, the values are put in one by one."""
    choices = [override.input_line for override in job if _is_for_hydra(override)]
    composed = _compose_choices(tuple(choices), conf)
    plain = OmegaConf.create(OmegaConf.to_container(composed, enum_to_str=True))
    for override in job:
        if not _is_for_hydra(override):
            _apply(override, plain)
    config = build(to_plain(plain), chosen_classes(composed))
    if config.trainer.tensorboard:
        tensorboard.require()
    return config


def _is_for_hydra(override: Override) -> bool:
    """True for hydra.* and group=option; raises UserError where the option cannot be one."""
    group, value = override.key_or_group, override.value()
    if group in PLUGINS and value not in PLUGINS[group]:
        raise UserError(_not_an_option(group, value, PLUGINS[group]))
    if group == "hydra/launcher":
        launchers.require(value)
    if group not in GROUPS:
        return override.is_hydra_override()
    if override.is_add() or override.is_force_add():
        raise UserError(_has_a_value(override))
    if isinstance(value, dict):
        return False  # group={...} changes settings of the option that is chosen
    if not isinstance(value, str):
        raise UserError(_not_an_option(group, value, _options(group)))
    return True


def _apply(override: Override, plain: DictConfig) -> None:
    """Put a value in, wherever it says; `build` finds out whether it belongs there."""
    name = override.key_or_group
    try:
        if override.is_add() and OmegaConf.select(plain, name) is not None:
            raise UserError(_has_a_value(override))
        OmegaConf.update(plain, name, override.value(), merge=True)
    except OmegaConfBaseException as error:
        raise UserError(f"{override.input_line}: {_in_one_line(error)}") from None


@lru_cache  # the jobs of a sweep and the trials of a search share most choices
def _compose_choices(choices: tuple[str, ...], conf: Path) -> DictConfig:
    """What Hydra makes of them, from the files in `conf`, to which it is set; not to be changed."""
    try:
        return compose("config", overrides=list(choices))
    except _COMPOSITION_ERRORS as error:
        raise UserError(_explain(error, choices)) from None


def _explain(error: Exception, choices: tuple[str, ...]) -> str:
    if isinstance(error, MissingConfigException) and error.options:
        group, _, option = error.missing_cfg_file.rpartition("/")
        return _not_an_option(group, option, error.options)
    if isinstance(error.__cause__, ConfigAttributeError):  # a misspelt hydra.* setting
        plugins = [choice for choice in choices if choice.startswith("hydra/")]
        with_hydra = compose("config", plugins, return_hydra_config=True)
        path = error.__cause__.full_key
        known = setting_paths(OmegaConf.to_container(with_hydra))
        meant = nearest_setting(path, [name for name in known if "._" not in name])
        return f"{path}: no such setting" + (f"; did you mean {meant}?" if meant else "")
    return _in_one_line(error)


def _not_an_option(group: str, option: object, known: Iterable[str]) -> str:
    meant = nearest(str(option), known)
    hint = f" (did you mean {meant}?)" if meant else ""
    return f"{group}={as_typed(option)}: must be one of {', '.join(sorted(known))}{hint}"


def _has_a_value(override: Override) -> str:
    text = override.input_line
    return f"{text}: {override.key_or_group} has a value already; write {text.lstrip('+')}"


def _in_one_line(error: Exception) -> str:
    """What a message of Hydra, OmegaConf or the YAML reader says, without its technical details."""
    text = re.sub(r"\w+ raised while composing config:", "", f"{error}\n{error.__cause__ or ''}")
    text = re.sub(r"full_key: (\S+)", r"(\1)", text)
    details = ("full_key:", "object_type=", "reference_type=", "provider=", "Config search path:")
    lines = [line.strip() for line in text.splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(details))
