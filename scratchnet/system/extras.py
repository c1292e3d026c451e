"""Optional packages, which the extras in pyproject.toml install."""

import importlib.util

from scratchnet.errors import UserError


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
