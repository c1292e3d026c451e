"""What lies where a dataset's files are missing, and what to do with it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from scratchnet.data.own.walk import IMAGE_SUFFIXES, is_ignored
from scratchnet.system.places import CACHE

DEPTH = 3  # levels of folders below the data root: archives unpack to several
MOST = 2000  # files and folders that are looked at: a data root may be a home folder
SHOWN = 4  # names in a message

_READERS = {  # how a name ends: the dataset that reads such a file
    **dict.fromkeys((".csv", ".csv.gz"), "csv"),
    ".npz": "arrays",
    **dict.fromkeys(("-ubyte", "-ubyte.gz"), "idx"),
}


def of_another(folder: str, dataset: str) -> bool:
    """Whether a folder's name starts like another dataset's, whose files may have the same names.

    So do those of Fashion-MNIST, KMNIST, EMNIST and QMNIST.
    """
    known = re.match(r"(?:fashion|[keq])?mnist|cifar\d*", re.sub(r"[\W_]", "", folder.lower()))
    return known is not None and known[0] != dataset.replace("_", "")


def look(root: Path, dataset: str) -> list[Path]:
    """The files and folders below a data root, the nearest first, without other datasets'."""
    return [] if of_another(root.name, dataset) else list(_look(root, dataset))


def in_words(root: Path, found: list[Path]) -> str:
    """What lies in a data root, and which dataset reads it; empty if there is nothing."""
    for path in found:
        name = path.name.lower()
        for suffix, reader in _READERS.items():
            if name.endswith(suffix) and path.is_file():
                source = path.parent if reader == "idx" else path
                return f"{path} is there: dataset={reader} dataset.path={source} reads it"
        if path.suffix[1:].lower() in IMAGE_SUFFIXES and path.parent != root:
            source = path.parent.parent
            return f"{path} is there: dataset=folder dataset.path={source} reads class folders"
    files = [path for path in found if path.is_file()]
    if not files:
        return ""
    folder = files[0].parent
    return f"{folder} holds {shown([path.name for path in files if path.parent == folder])}"


def shown(names: list[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _look(root: Path, dataset: str) -> Iterator[Path]:
    level, left = [root], MOST
    for _ in range(DEPTH + 1):
        below: list[Path] = []
        for folder in level:
            for name in _names(folder)[:left]:
                left -= 1
                path = folder / name
                if path.is_dir():
                    if name == CACHE or of_another(name, dataset):
                        continue
                    below.append(path)
                yield path
        level = below


def _names(folder: Path) -> list[str]:
    """The names in a folder, in order; none if it is missing or may not be read."""
    if not os.access(folder, os.R_OK | os.X_OK):
        return []
    try:
        return sorted(name for name in os.listdir(folder) if not is_ignored(name))  # noqa: PTH208
    except OSError:  # a file, or gone: the missing files are what to speak of
        return []
