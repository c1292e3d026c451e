"""What `python run.py -m` does: a sweep over all combinations, or a search."""

from pathlib import Path

from scratchnet.cli import composition
from scratchnet.cli.arguments import Arguments
from scratchnet.sweeps import grid as sweep
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.search import search


def run(typed: Arguments, conf: Path) -> int:
    """Do what was typed after `-m`; the exit code. Raises UserError and Interrupted."""
    split = composition.split(typed.overrides, conf)
    launcher = Launcher(split.hydra, conf)
    if launcher.is_for_search:
        return search.run(typed, split, launcher)
    return sweep.run(typed, launcher)
