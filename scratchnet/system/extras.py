"""Packages: those that the program always needs, and those that the extras install."""

import importlib.util
import sys

from scratchnet.errors import UserError

CORE = ("numpy", "hydra", "omegaconf", "matplotlib", "rich", "pooch", "threadpoolctl")


def require_core() -> None:
    """End the process in one line if scratchnet was never installed, before imports would fail."""
    missing = [module for module in CORE if not is_installed(module)]
    if missing:
        what = ", ".join(missing)
        print(f"{what}: not installed; install scratchnet first: pip install -e .", file=sys.stderr)
        sys.exit(UserError.exit_code)


def require(what: str, module: str, extra: str) -> None:
    """Raise UserError if the `module` that `what` (as typed) needs is not installed."""
    if not is_installed(module):
        raise UserError(
            f'{what}: needs packages that are not installed; run pip install -e ".[{extra}]"'
        )


def is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent package is not installed either
        return False
