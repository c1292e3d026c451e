"""Completion with TAB in bash, zsh and fish, by Hydra: names, options and values."""

from collections.abc import Sequence
from pathlib import Path

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra

from scratchnet.errors import UserError

COMMANDS = ("install", "uninstall", "query")
SHELLS = ("bash", "zsh", "fish")


def run(typed: Sequence[str], conf: Path) -> None:
    """Print the script for a shell (`install=bash`), or what may follow in a line (`query=bash`).

    Raises UserError for anything else.
    """
    command, _, shell = typed[0].partition("=") if len(typed) == 1 else ("", "", "")
    if command not in COMMANDS or shell not in SHELLS:
        raise UserError(
            'for completion with TAB, type: eval "$(python run.py -sc install=SHELL)", where SHELL '
            f"is one of {', '.join(SHELLS)}"
        )
    with initialize_config_dir(str(conf), version_base="1.3"):
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        hydra.shell_completion("config", list(typed))
