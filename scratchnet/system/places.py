"""Where files are kept that are not the user's own."""

import os
from pathlib import Path

import platformdirs


def data_root(root: str | None = None) -> Path:
    """The folder for data: `root`, else $SCRATCHNET_DATA, else the user's cache folder."""
    chosen = root or os.environ.get("SCRATCHNET_DATA")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("scratchnet"))
