"""best.yaml: the best settings of a search, as an experiment that can be run."""

from pathlib import Path

from omegaconf import OmegaConf

from scratchnet.cli import composition
from scratchnet.config import CHOICES, Plain, to_plain
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files

FILE = "best.yaml"


def write_best(folder: Path, run: Path, conf: Path, metric: str, value: float) -> Path:
    """Write what the best run has different from what its choices come with."""
    config = RunFolder.open(run).config
    chosen = {group: config[group]["name"] for group in CHOICES}
    usual = to_plain(composition.check([f"{group}={name}" for group, name in chosen.items()], conf))
    text = (
        "# @package _global_\n"
        f"# The best of a search: {metric} {value:.4f} (job {run.name}).\n"
        "defaults:\n"
        + "".join(f"  - override /{group}: {name}\n" for group, name in chosen.items())
    )
    if changes := differences(config, usual):
        text += "\n" + OmegaConf.to_yaml(OmegaConf.create(changes))
    files.write_atomic(folder / FILE, text.encode())
    return folder / FILE


def differences(config: Plain, usual: Plain) -> Plain:
    """The settings of `config` that are not as in `usual`."""
    changes = {}
    for name, value in config.items():
        if isinstance(value, dict):
            if inner := differences(value, usual[name]):
                changes[name] = inner
        elif value != usual[name]:
            changes[name] = value
    return changes
