"""One run as plain values, for the data of the HTML report."""

import itertools
import math
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scratchnet.runs.folder import COLUMNS, REPORT
from scratchnet.runs.load import Run, Value
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

LEFT_OUT = ("epoch", "seconds")  # of the columns of metrics.csv; `elapsed` takes their place
CURVES = (*(name for name in COLUMNS if name not in LEFT_OUT), "elapsed")
DIGITS = 5  # significant digits of a point


def about_run(run: Run, report: Path) -> dict[str, Any]:
    """Where a run is, how it ended, and what people wrote about it."""
    folder = _link(run.path, report)
    return {
        "folder": printable(str(run.path)),
        "link": folder,
        "report": f"{folder}/{REPORT}" if (run.path / REPORT).is_file() else None,
        "images": [[printable(name), f"{folder}/plots/{_quoted(name)}"] for name in _images(run)],
        "status": run.status,
        "reason": printable(run.reason or ""),
        "start": run.start.isoformat(sep=" ", timespec="minutes") if run.start else None,
        "seed": plain_setting(run.seed),
        "name": _said(run, "name"),
        "note": _said(run, "note"),
        "tags": _tags(run),
        "sizes": _sizes(run),
    }


def values_of(
    run: Run, settings: list[str], results: list[str], curves: list[str], points: int
) -> dict[str, Any]:
    """The values of these settings, results and curves, each curve of at most so many points."""
    known, kept = run.settings, thinned(len(run.curves["epoch"]), points)
    return {
        "settings": [plain_setting(known[name]) if name in known else None for name in settings],
        "results": [_number(run.results.get(name)) for name in results],
        "epochs": [run.curves["epoch"][i] for i in kept],
        "curves": [_joined(_curve(run, name), kept) for name in curves],
    }


def _curve(run: Run, name: str) -> list[float]:
    """A column of metrics.csv, or the time since the start of the run, in seconds."""
    if name == "elapsed":
        return list(itertools.accumulate(run.curves["seconds"]))
    return run.curves[name]


def has_curve(runs: list[Run], name: str) -> bool:
    """Whether any run has a number in this curve."""
    return any(math.isfinite(value) for run in runs for value in _curve(run, name))


def _said(run: Run, name: str) -> str:
    """What was written for people: `name` or `note`, if it is a text."""
    value = run.settings.get(name)
    return printable(value) if isinstance(value, str) else ""


def _tags(run: Run) -> list[str]:
    tags = run.settings.get("tags")
    return [printable(as_typed(tag)) for tag in tags] if isinstance(tags, list) else []


def _sizes(run: Run) -> dict[str, int]:
    """The number of images in each split, where it is known."""
    sizes = run.data.get("images")
    known = sizes.items() if isinstance(sizes, dict) else ()
    return {printable(name): size for name, size in known if type(size) is int and size > 0}


def thinned(count: int, most: int) -> list[int]:
    """At most `most` (>= 2) indices below `count`, evenly spaced, both ends included."""
    if count <= most:
        return list(range(count))
    return [round(i * (count - 1) / (most - 1)) for i in range(most)]


def plain_setting(value: Value) -> float | int | str:
    """A number as a number, which plots can use; anything else as one would type it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return printable(as_typed(value))


def _number(value: Value) -> float | int | None:
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def _joined(values: list[float], kept: list[int]) -> str:
    """A curve as one text: faster to write than a list, and parsed only when it is shown."""
    return ",".join([f"{values[i]:.{DIGITS}g}" for i in kept])


def _images(run: Run) -> list[str]:
    try:
        return sorted(path.name for path in (run.path / "plots").iterdir() if path.suffix == ".png")
    except OSError:  # a run without plots
        return []


def _link(folder: Path, report: Path) -> str:
    """A relative address, or an absolute one if there is none (on another drive)."""
    try:
        relative = os.path.relpath(folder.absolute(), report.absolute().parent)
    except ValueError:
        return folder.absolute().as_uri()
    return _quoted(Path(relative).as_posix()) if relative != "." else "."


def _quoted(path: str) -> str:
    return quote(os.fsencode(path))  # a name may hold any bytes
