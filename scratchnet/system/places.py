"""Where files are: those that are not the user's own, and as seen from the current folder."""

import os
from pathlib import Path

import platformdirs

CACHE = "own"  # the folder of a data root for decoded images


def data_root(root: str | None = None) -> Path:
    """The folder for data: `root`, else $SCRATCHNET_DATA, else the user's cache folder."""
    chosen = root or os.environ.get("SCRATCHNET_DATA")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("scratchnet"))


def shown(path: Path) -> str:
    """A path as the user would type it: from the current folder, if it is inside."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative
