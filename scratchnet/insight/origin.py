"""How to reproduce a run: versions, machine, its log, and the runs beside it."""

import os
from bisect import bisect_left
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scratchnet.errors import RunError
from scratchnet.runs.folder import REPORT
from scratchnet.runs.load import Run
from scratchnet.settings.plain import Plain
from scratchnet.settings.wording import as_typed
from scratchnet.system import files
from scratchnet.system.text import printable

LONGEST_LOG = 64 << 10  # bytes of run.log that are shown: its end
LARGEST_LOG = 64 << 20
LARGEST_CONFIG = 64 << 10
MOST_SIBLINGS = 200  # folders that are looked into: those with the nearest names
OWN = ("seed:", "name:", "note:")  # lines of config.yaml in which other seeds may differ


def origin(run: Run, info: Plain) -> dict[str, Any]:
    """Plain values; `info` is the content of run.json."""
    facts = {name: value for name, value in run.origin.items() if not name.startswith("data.")}
    facts |= {"engine": info.get("engine"), "threads": info.get("threads")}
    libraries = info.get("blas")
    for i, one in enumerate(libraries if isinstance(libraries, list) else []):
        if isinstance(one, dict):
            names = ("name", "version", "kernel", "threads")
            said = [f"{name} {as_typed(one.get(name))}" for name in names[1:]]
            facts[f"blas{i or ''}"] = f"{as_typed(one.get('name'))}, {', '.join(said)}"
    return {
        "facts": {printable(name): printable(as_typed(value)) for name, value in facts.items()},
        "log": _log(run.path),
        "siblings": _siblings(run.path),
        "sweep": "../" if (run.path.absolute().parent / "sweep.json").exists() else None,
    }


def _log(path: Path) -> list[str]:
    try:
        text = files.read(path / "run.log", LARGEST_LOG)[-LONGEST_LOG:].decode(errors="replace")
    except RunError as error:
        return [printable(str(error))]
    return [printable(line) for line in text.splitlines()]


def _siblings(path: Path) -> list[dict[str, str]]:
    """The runs beside this one that differ in their seed alone: name and address."""
    own = _without_seed(path)
    if own is None:
        return []
    path = path.absolute()
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:  # it may not be looked into: then none is known
        return []
    first = max(0, bisect_left(beside, path) - MOST_SIBLINGS // 2)
    return [
        {"name": printable(one.name), "address": f"../{quote(os.fsencode(one.name))}/{REPORT}"}
        for one in beside[first : first + MOST_SIBLINGS]
        if one != path and (one / REPORT).exists() and _without_seed(one) == own
    ]


def _without_seed(path: Path) -> list[str] | None:
    """The lines of config.yaml that other seeds share; None if there is no such file."""
    try:
        lines = files.read(path / "config.yaml", LARGEST_CONFIG).decode().splitlines()
    except (RunError, ValueError):
        return None
    return [line for line in lines if not line.startswith(OWN)]
