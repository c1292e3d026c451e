"""What was read of many runs, kept in the user's cache: the next `compare` is quick.

An entry counts only as long as none of the run's files has changed. Whoever deletes the index
loses nothing but time.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from scratchnet.errors import RunError
from scratchnet.runs import load
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.load import KEPT, Run, read_run
from scratchnet.system import files

FILES = ("config.yaml", "run.json", "metrics.csv", "summary.json", KEPT)  # all that is read
REWRITTEN = 0.05  # of the runs: with fewer new ones, writing would take longer than it saves
LARGEST = 512 << 20  # bytes
FIELDS = [field.name for field in dataclasses.fields(Run)]

Signature = list[list[int] | None]  # time of the last change, size and number of each file


class RunIndex:
    """The index of these run folders."""

    def __init__(self, folders: Sequence[Path]):
        self._file = _file(folders)
        self._known = self._load()
        self._found: dict[str, list[Any]] = {}
        self._new = 0

    def read(self, path: Path) -> Run:
        """Like `load.read_run`."""
        key, signature = str(path), _signature(path)
        entry = self._known.get(key)
        if entry is not None and entry[0] == signature:
            self._found[key] = entry
            return _run(path, entry[1])
        run = read_run(path)
        if _is_settled(run):
            self._found[key] = [signature, _plain(run)]
            self._new += 1
        return run

    def save(self) -> None:
        """Write what was read, if there is much that was not known."""
        if self._new <= REWRITTEN * len(self._found):
            return
        content = json.dumps({"reader": _reader(), "runs": self._found}).encode()
        with contextlib.suppress(OSError, RunError):  # without an index, reading takes longer
            self._file.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomic(self._file, content)

    def _load(self) -> dict[str, list[Any]]:
        """The entries of the file; none if it is missing, damaged, or of another version."""
        try:
            content = json.loads(files.read(self._file, LARGEST))
            if content["reader"] != _reader():
                return {}
            return {key: entry for key, entry in content["runs"].items() if _is_entry(entry)}
        except (OSError, RunError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}


def _file(folders: Sequence[Path]) -> Path:
    """One file for all runs below the folder that these have in common."""
    common = os.path.commonpath([folder.absolute() for folder in folders])
    name = hashlib.sha256(os.fsencode(f"{common} {Path.cwd()}")).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("scratchnet")) / "runs" / f"{name}.json"


def _reader() -> str:
    """Identifies the code that reads runs: another version may read them differently."""
    return hashlib.sha256(Path(load.__file__).read_bytes()).hexdigest()


def _signature(path: Path) -> Signature:
    found: Signature = []
    for name in FILES:
        try:
            status = (path / name).stat()
            found.append([status.st_mtime_ns, status.st_size, status.st_ino])
        except OSError:
            found.append(None)
    return found


def _is_settled(run: Run) -> bool:
    """Whether its files alone say how it ended: of a killed run, a lock says it."""
    if run.status == Status.interrupted.value:
        return RunFolder.open(run.path).info["status"] == run.status
    return run.status != Status.running.value


def _plain(run: Run) -> dict[str, Any]:
    values = {name: getattr(run, name) for name in FIELDS if name != "path"}
    return values | {"start": run.start.isoformat() if run.start else None}


def _run(path: Path, values: dict[str, Any]) -> Run:
    start = values["start"]
    return Run(path=path, **values | {"start": datetime.fromisoformat(start) if start else None})


def _is_entry(entry: Any) -> bool:
    """Whether it is a signature and the fields of a run."""
    return len(entry) == 2 and set(entry[1]) == set(FIELDS) - {"path"}
