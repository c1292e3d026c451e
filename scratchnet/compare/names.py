"""Short names for runs: what one calls them when talking about a table of two hundred."""

from collections import Counter
from pathlib import Path

LETTERS = 6  # of a folder's name: those that are random


def short_ids(paths: list[Path]) -> list[str]:
    """`#137` for a job of a sweep, `3f9a1c` for other runs; longer where that is ambiguous.

    The id of a job is preceded by that of its sweep (`81b2d0#137`) if there are several sweeps.
    """
    ids = [_id(path) for path in paths]
    counts = Counter(ids)
    within = [
        f"{_end(path.absolute().parent)}{one if one.startswith('#') else f'/{one}'}"
        for path, one in zip(paths, ids, strict=True)
    ]
    ids = [longer if counts[one] > 1 else one for one, longer in zip(ids, within, strict=True)]
    counts = Counter(ids)
    return [str(path) if counts[one] > 1 else one for one, path in zip(ids, paths, strict=True)]


def _id(path: Path) -> str:
    name = path.absolute().name
    return f"#{name}" if name.isascii() and name.isdecimal() else _end(path.absolute())


def _end(path: Path) -> str:
    """The last letters of a folder's name: the name itself, if it is short."""
    return path.name[-LETTERS:]
