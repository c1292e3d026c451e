"""The sweep that an experiment file may hold: `hydra.sweeper.params`, `hydra.mode`, its launcher.

    # conf/experiment/mine.yaml
    hydra:
      mode: MULTIRUN  # sweep without -m, too
      sweeper:
        params:
          optimizer.lr: 1e-3,3e-4

is as if `optimizer.lr=1e-3,3e-4` had been typed after -m; what is typed for the same setting wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra import initialize_config_dir
from hydra.core.override_parser.types import Override

from scratchnet.cli.choices import experiment_files_of
from scratchnet.cli.experiment_files import GROUP, PARAMS, ExperimentFile
from scratchnet.cli.overrides import PLUGINS, read, typed
from scratchnet.errors import UserError

RUN_DIR = "hydra.run.dir"


@dataclass(frozen=True)
class ExperimentSweep:
    """What an experiment says about sweeping over it."""

    choice: list[str]  # the override that chose the experiment; none if there is none
    params: list[str]  # as overrides, without those that were typed
    plugins: dict[str, object]  # the options chosen for PLUGINS
    is_multirun: bool  # whether the experiment is a sweep even without -m


def find(overrides: list[str], conf: Path) -> ExperimentSweep:
    """The sweep of the experiment among these overrides. Raises UserError."""
    if not any(GROUP in text for text in overrides):  # the usual case, and Hydra takes its time
        return ExperimentSweep([], [], {}, is_multirun=False)
    with initialize_config_dir(str(conf), version_base="1.3"):
        given = read(overrides)
        chosen = [one for one in given if one.key_or_group == GROUP]
        if any(one.is_sweep_override() for one in chosen):
            _check_holds_no_sweep(chosen[0], overrides, conf)
            return ExperimentSweep([], [], {}, is_multirun=False)
        files = experiment_files_of(overrides, conf)
    names = {one.key_or_group for one in given}
    values = _hydra_values(files)
    params = {
        name.removeprefix(PARAMS): value
        for name, value in values.items()
        if name.startswith(PARAMS)
    }
    return ExperimentSweep(
        choice=[typed(one) for one in chosen],
        params=[f"{name}={value}" for name, value in params.items() if name not in names],
        plugins=_plugins(files),
        is_multirun=values.get("hydra.mode", "").upper() == "MULTIRUN" and RUN_DIR not in names,
    )


def _hydra_values(files: Sequence[ExperimentFile]) -> dict[str, str]:
    """The plain values below `hydra` in these files, as written; a later file wins."""
    return {
        name: node.value
        for file in files
        for name, node in file.settings
        if name.startswith("hydra.") and isinstance(node.value, str)
    }


def _plugins(files: Sequence[ExperimentFile]) -> dict[str, object]:
    return {
        group: option for file in files for group, option in file.chosen.items() if group in PLUGINS
    }


def _check_holds_no_sweep(override: Override, overrides: list[str], conf: Path) -> None:
    """Raise UserError if one of several experiments is a sweep itself."""
    others = [text for text in overrides if text != typed(override)]
    for value in override.sweep_string_iterator():
        files = experiment_files_of([*others, f"{GROUP}={value}"], conf)
        if _hydra_values(files) or _plugins(files):
            raise UserError(
                f"{typed(override)}: {files[-1].path} has settings of a sweep below `hydra`, which "
                "apply only if it is the one experiment"
            )
