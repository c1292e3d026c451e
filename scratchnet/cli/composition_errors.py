"""What Hydra and OmegaConf say when they cannot compose a config, in one line and our words."""

import re
from pathlib import Path
from typing import Any

from hydra import compose
from hydra.errors import MissingConfigException
from omegaconf import OmegaConf
from omegaconf.errors import ConfigAttributeError

from scratchnet.cli.choices import chosen, experiment_files_of, folders
from scratchnet.cli.overrides import OF_A_PLUGIN
from scratchnet.settings.plain import flatten
from scratchnet.settings.suggestions import nearest_setting
from scratchnet.settings.wording import not_an_option
from scratchnet.system.places import shown


def explain(error: Exception, choices: tuple[str, ...], conf: Path) -> str:
    """Why Hydra, initialised with `conf`, cannot compose these choices, and what to do."""
    if isinstance(error, RecursionError):
        return "a file in conf/ names itself in its defaults list"
    if isinstance(error, MissingConfigException) and error.missing_cfg_file and error.options:
        group, _, option = error.missing_cfg_file.rpartition("/")
        for folder in folders(choices, conf):
            if (file := folder / group / f"{option}.yml").is_file():
                return f"{shown(file)}: is not read, as it ends in .yml; rename it to {option}.yaml"
        return not_an_option(group, option, error.options)
    if problem := _of_another_plugin(error.__context__, choices, conf):
        return problem
    if isinstance(error.__cause__, ConfigAttributeError):  # a misspelt hydra.* setting
        plugins = [choice for choice in choices if choice.startswith("hydra/")]
        with_hydra = compose("config", plugins, return_hydra_config=True)
        path = str(error.__cause__.full_key)
        settings: Any = OmegaConf.to_container(with_hydra)
        known = [name for name in flatten(settings) if "._" not in name]
        meant = nearest_setting(path, known)
        return f"{path}: no such setting" + (f"; did you mean {meant}?" if meant else "")
    return in_one_line(error)


def _of_another_plugin(
    error: BaseException | None, choices: tuple[str, ...], conf: Path
) -> str | None:
    """What to do where an experiment file sets what the chosen launcher or sweeper lacks, if so."""
    setting = str(getattr(error, "full_key", None))
    files = experiment_files_of(choices, conf)
    place = next(filter(None, (file.place(setting) for file in reversed(files))), None)
    if place is None or not setting.startswith(OF_A_PLUGIN):
        return None
    group = "/".join(setting.split(".")[:2])
    option = chosen(group, choices)
    if option is None:
        in_files = [file.chosen[group] for file in files if group in file.chosen]
        return f"{place}: {group}={in_files[-1] if in_files else 'basic'} has no setting {setting}"
    return (
        f"{group}={option}: has no setting {setting}, which {place} sets; take that line out, or "
        f"leave out {group}={option}"
    )


def in_one_line(error: Exception) -> str:
    """A message of Hydra, OmegaConf or the YAML reader, without its technical details."""
    text = re.sub(r"\w+ raised while composing config:", "", f"{error}\n{error.__cause__ or ''}")
    text = re.sub(r"full_key: (\S+)", r"(\1)", text)
    details = ("full_key:", "object_type=", "reference_type=", "provider=", "Config search path:")
    lines = [line.strip() for line in text.splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(details))
