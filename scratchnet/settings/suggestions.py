"""Did you mean ...? The name that was most likely meant by a mistyped one."""

import difflib
from collections.abc import Iterable, Sequence

_ALIKE = 0.65  # as difflib measures it: above 0.6, so that numba is not taken for numpy


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The likeliest of `names` if `name` is a typo; None if nothing is close."""
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=_ALIKE)), None)


def one_of(value: object, known: Sequence[str]) -> str:
    """What is allowed in place of a value, e.g. `must be one of adam, sgd (did you mean adam?)`."""
    meant = nearest(str(value), known)
    hint = f" (did you mean {meant}?)" if meant else ""
    return f"must be one of {', '.join(known)}{hint}"


def nearest_setting(path: str, paths: Iterable[str]) -> str | None:
    """The likeliest of `paths` for a mistyped one: by the same last name, then by spelling."""
    paths = list(paths)
    leaf = _leaf(path)
    namesakes = [known for known in paths if _leaf(known) == leaf]
    if namesakes:
        return difflib.get_close_matches(path, namesakes, n=1, cutoff=0)[0]
    by_leaf = nearest(leaf, [_leaf(known) for known in paths])
    return nearest(path, paths) or next((p for p in paths if _leaf(p) == by_leaf), None)


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]
