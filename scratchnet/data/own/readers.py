"""Which dataset= reads what is at a path, told by names alone."""

import re
from pathlib import Path

from scratchnet.data.own.walk import is_ignored

_FILES = {
    **dict.fromkeys((".csv", ".tsv", ".csv.gz", ".tsv.gz"), "csv"),
    **dict.fromkeys((".npz", ".npy"), "arrays"),
}
_IDX = re.compile(r"idx[123][-_.](ubyte|int)", re.IGNORECASE)


def hint(path: Path, asked: str) -> str:
    """What to try instead of the dataset `asked` for, after a semicolon; empty if unknown."""
    name = _reader(path)
    kind = "folders" if path.is_dir() else "files"
    return f"; dataset={name} reads such {kind}" if name not in (None, asked) else ""


def _reader(path: Path) -> str | None:
    if not path.is_dir():
        name = path.name.lower()
        return next((reader for end, reader in _FILES.items() if name.endswith(end)), None)
    inside = [one for one in sorted(path.iterdir()) if not is_ignored(one.name)]
    if any(one.suffix.lower() == ".npy" for one in inside):
        return "arrays"
    if any(_IDX.search(one.name) for one in inside):
        return "idx"
    return "folder" if any(one.is_dir() for one in inside) else None
