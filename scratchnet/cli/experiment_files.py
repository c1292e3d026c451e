"""Experiment files, checked before Hydra reads them: what is wrong, in which line, what to write.

Hydra speaks of packages and overrides where a file is wrong, and obeys all that a file sets below
`hydra`: loggers that write to any file, callbacks. A shared experiment may say what to run, and
how to sweep over it; nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from scratchnet.cli.overrides import FOLDERS, OF_A_PLUGIN, PLUGINS
from scratchnet.config import CHOICES
from scratchnet.errors import UserError
from scratchnet.runs.parsing import read_nodes
from scratchnet.settings.suggestions import one_of
from scratchnet.system.places import shown

GROUP = "experiment"
HEADER = "# @package _global_"
HYDRA_SETTINGS = ("hydra.mode", *FOLDERS, *OF_A_PLUGIN)
PARAMS = "hydra.sweeper.params."  # below it, keys are names of settings, with their dots
CHOSEN = (*CHOICES, *PLUGINS)  # what a defaults list can choose


@dataclass(frozen=True)
class ExperimentFile:
    """One file: where it is, and its settings, each with its line."""

    path: Path  # from the current folder, if it is inside
    settings: list[tuple[str, yaml.Node]]  # by dotted name; a group of settings comes before them
    chosen: dict[str, str]  # the option that it chooses in each group

    def place(self, name: str) -> str | None:
        """Where the file sets this, e.g. `conf/experiment/mine.yaml, line 3`; None if it does not.

        A value that holds the setting counts, too.
        """
        lines = [node.start_mark.line for key, node in self.settings if key == name]
        return f"{self.path}, line {lines[-1] + 1}" if lines else None


def read(name: str, folders: Sequence[Path]) -> list[ExperimentFile]:
    """The experiment with this name, and before it those that it builds on; none if there is none.

    `folders` are those that Hydra searches. Raises UserError for what no experiment may hold.
    """
    return list(_read(name, folders, []))


def _read(name: str, folders: Sequence[Path], within: list[str]) -> Iterator[ExperimentFile]:
    paths = [folder / GROUP / f"{name}.yaml" for folder in folders]
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        return
    path = Path(shown(found))
    if name in within:
        raise UserError(f"{path}: builds on itself: {' -> '.join([*within, name])}")
    text, root = read_nodes(path)
    _check_header(path, text)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise _mistake(path, root, "must hold settings, e.g. `seed: 3`")
    chosen: dict[str, str] = {}
    for key, value in root.value:
        if key.value == "defaults":
            for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if parent := _parent(path, item):
                    yield from _read(parent, folders, [*within, name])
                else:
                    chosen |= _choice(item)
    settings = list(_flat(path, root))
    for setting, node in settings:
        _check_setting(path, setting, node)
    yield ExperimentFile(path, settings, chosen)


def _check_header(path: Path, text: str) -> None:
    if text.startswith("\ufeff"):
        problem = "starts with a byte order mark; save it as UTF-8 without one"
    else:
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if re.fullmatch(r"#\s*@package\s+_global_", first):
            return
        problem = f"its first line must be `{HEADER}`"
    raise UserError(f"{path}: {problem}")


def _parent(path: Path, item: yaml.Node) -> str | None:
    """The experiment that an entry of the defaults list names; None for any other entry."""
    if isinstance(item, yaml.ScalarNode):
        return None if item.value == "_self_" else item.value.removesuffix(".yaml")
    if not isinstance(item, yaml.MappingNode) or len(item.value) != 1:
        raise _mistake(path, item, "write one choice for each `-`, e.g. `- override /model: cnn`")
    ((key, option),) = item.value
    _, _, group = key.value.rpartition(" ")
    group = group.removeprefix("/")
    if group == GROUP:
        raise _mistake(path, item, f"write `- {option.value}`, the name of the other experiment")
    if group not in CHOSEN:
        raise _mistake(path, item, f"{group}: {one_of(group, CHOSEN)}")
    if key.value != f"override /{group}":
        raise _mistake(path, item, _how_to_choose(group, option))
    return None


def _choice(item: yaml.Node) -> dict[str, str]:
    """The group and the option of an entry that chooses one."""
    if not isinstance(item, yaml.MappingNode):
        return {}
    return {key.value.removeprefix("override /"): option.value for key, option in item.value}


def _flat(path: Path, root: yaml.MappingNode, prefix: str = "") -> Iterator[tuple[str, yaml.Node]]:
    """All settings and groups of settings below a node, without the defaults list."""
    for key, value in root.value:
        name = f"{prefix}{key.value}"
        if name == "defaults":
            continue
        if key.value == "<<":  # YAML would add these settings to those around them
            raise _mistake(path, key, "`<<` is not read; write the settings themselves")
        if "." in str(key.value) and prefix != PARAMS:
            group, _, setting = key.value.rpartition(".")
            raise _mistake(path, key, f"write `{group}:`, and `{setting}: ...` indented below it")
        yield name, value
        if isinstance(value, yaml.MappingNode):
            yield from _flat(path, value, f"{name}.")


def _check_setting(path: Path, name: str, node: yaml.Node) -> None:
    group, _, setting = name.partition(".")
    if group in CHOICES and (setting == "name" or (not setting and _is_text(node))):
        raise _mistake(path, node, f"below `defaults:`, {_how_to_choose(group, node)}")
    if name == GROUP:
        raise _mistake(path, node, "write the other experiment's name below `defaults:`")
    is_leaf = not isinstance(node, yaml.MappingNode) or not node.value
    if group == "hydra" and is_leaf and not _is_allowed(name):
        allowed = ", ".join([*PLUGINS, *(setting.rstrip(".") for setting in HYDRA_SETTINGS)])
        raise _mistake(path, node, f"{name}: an experiment may set only {allowed}")
    if name.startswith(PARAMS) and not isinstance(node, yaml.ScalarNode):
        setting = name.removeprefix(PARAMS)
        raise _mistake(path, node, f"write the values of {setting} in a line, as in 1e-3,3e-4")
    if name in FOLDERS and str(node.value).startswith("~"):
        raise _mistake(path, node, "~ is not expanded here; write ${oc.env:HOME}/...")


def _is_allowed(name: str) -> bool:
    """Whether an experiment may set this below `hydra`. A target names code to run."""
    return name.startswith(HYDRA_SETTINGS) and "_target_" not in name


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"


def _how_to_choose(group: str, option: yaml.Node) -> str:
    name = option.value if isinstance(option, yaml.ScalarNode) else "OPTION"
    return f"write `- override /{group}: {name}`"


def _mistake(path: Path, node: yaml.Node, problem: str) -> UserError:
    return UserError(f"{path}, line {node.start_mark.line + 1}: {problem}")
