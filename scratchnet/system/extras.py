"""Packages that only some things need, each installed by an extra of pyproject.toml."""

import importlib.util

from scratchnet.errors import UserError


def require(what: str, module: str, extra: str) -> None:
    """Raise UserError where `what`, as it was typed, needs a module that is not installed."""
    if not _is_installed(module):
        raise UserError(
            f'{what}: needs packages that are not installed; pip install -e ".[{extra}]" does that'
        )


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # nor is what it would be a part of
        return False
