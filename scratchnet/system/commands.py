"""Commands to print, which work as they are where the user stands: copied into the same shell."""

import shlex
import sys
from pathlib import Path

from scratchnet.system.places import shown
from scratchnet.system.text import printable

RUN_PY = Path(__file__).resolve().parents[2] / "run.py"


def run_py(*words: str) -> str:
    """The command that calls run.py: with the same Python, and where the user has found it."""
    typed = sys.argv[0]
    is_it = bool(typed) and Path(typed).resolve() == RUN_PY
    return _in_shell(_python(), typed if is_it else shown(RUN_PY), *words)


def scratchnet(*words: str) -> str:
    """The command that calls `python -m scratchnet`, with the same Python."""
    return _in_shell(_python(), "-m", "scratchnet", *words)


def copy_to_experiments(file: str) -> str:
    """The command that makes a file an experiment."""
    return _in_shell("cp", file, f"{shown(RUN_PY.parent / 'conf' / 'experiment')}/")


def argument(word: str) -> str:
    """A word as a shell reads it."""
    return shlex.quote(printable(word))


def _python() -> str:
    """This Python, as the user has called it."""
    return sys.orig_argv[0] if sys.orig_argv else "python"


def _in_shell(*words: str) -> str:
    """Words as a shell reads them."""
    return " ".join(map(argument, words))
