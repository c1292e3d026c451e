"""What is chosen among overrides, and the files of the chosen experiment."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scratchnet.cli import experiment_files
from scratchnet.cli.experiment_files import ExperimentFile
from scratchnet.cli.overrides import SEARCH_PATH, parse


def experiment_files_of(choices: Sequence[str], conf: Path) -> list[ExperimentFile]:
    """The files of the chosen experiment, checked. Raises UserError."""
    name = chosen("experiment", choices)
    return experiment_files.read(name, folders(choices, conf)) if isinstance(name, str) else []


def folders(choices: Sequence[str], conf: Path) -> list[Path]:
    """Where Hydra looks for options: in conf/, and where the user adds."""
    added: Any = chosen(SEARCH_PATH, choices) or []
    return [conf, *(Path(str(one).removeprefix("file://")) for one in added)]


def chosen(name: str, choices: Sequence[str]) -> object:
    """What is chosen; None if nothing is."""
    values = [one.value() for one in map(parse, choices) if one.key_or_group == name]
    return values[-1] if values else None
