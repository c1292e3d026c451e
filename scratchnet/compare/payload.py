"""The data of the HTML report: all runs as plain values, compact enough for thousands."""

import itertools
import math
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scratchnet.compare import noise
from scratchnet.compare.differences import FOR_PEOPLE, derived, differing, identity, short_names
from scratchnet.compare.groups import MEASURED, Group
from scratchnet.compare.names import short_ids
from scratchnet.compare.notes import Note
from scratchnet.compare.table import ABOUT, result_names
from scratchnet.runs.folder import COLUMNS
from scratchnet.runs.load import Run, Skipped, Value
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

LEFT_OUT = ("epoch", "seconds")  # of the columns of metrics.csv; `elapsed` takes their place
CURVES = (*(name for name in COLUMNS if name not in LEFT_OUT), "elapsed")
MOST_POINTS = 600_000  # of all curves together: about 4 MB
FEWEST_POINTS = 20  # of one curve
DIGITS = 5  # significant digits of a point


@dataclass
class View:
    """What the report shows when it opens."""

    columns: list[str] | None  # columns of the table, by name; None: the default ones
    ranked_by: str | None  # the result; None: nothing but the test images could rank the runs
    sort: str  # the column to sort by, best first
    reverse: bool
    reload: int | None = None  # seconds after which the page loads itself again; None: never


def payload(
    groups: list[Group], notes: list[Note], skipped: list[Skipped], report: Path, view: View
) -> dict[str, Any]:
    """Plain values for JSON; links are relative, so the report can move with its runs."""
    runs = [run for group in groups for run in group.runs]
    settings = [
        {name: value for name, value in run.settings.items() if name not in FOR_PEOPLE}
        for run in runs
    ]
    names = dict.fromkeys(name for one in settings for name in one)
    everywhere = [name for name in names if len(_values(name, settings)) > 1]
    shown = differing([group.settings for group in groups])
    results = result_names(groups)
    short = short_names(everywhere, others=[*results, *ABOUT])
    curves = [name for name in CURVES if any(_has(run, name) for run in runs)]
    most = max(FEWEST_POINTS, MOST_POINTS // max(1, len(curves) * len(runs)))
    numbers = {id(run): number for number, run in enumerate(runs)}
    ids = short_ids([run.path for run in runs])
    origins = {identity(run.origin): run.origin for run in runs}
    origin_of = {key: number for number, key in enumerate(origins)}
    return {
        "made": datetime.now().astimezone().isoformat(sep=" ", timespec="minutes"),
        "settings": [{"name": _text(name), "short": _text(short[name])} for name in everywhere],
        "shown": [everywhere.index(name) for name in shown],
        "derived": [everywhere.index(name) for name in derived(shown, settings)],
        "common": {_text(name): _setting(settings[0][name]) for name in names if name not in short},
        "view": asdict(view),
        "results": [_text(name) for name in results],
        "splits": [match[1] if (match := MEASURED.fullmatch(name)) else None for name in results],
        "noise": {
            "z": noise.Z,
            "student": [noise.student(k) for k in range(1, max(len(g.runs) for g in groups))],
        },
        "origins": [
            {_text(name): _setting(value) for name, value in origin.items()}
            for origin in origins.values()
        ],
        "curves": curves,
        "runs": [
            _run(run, everywhere, results, curves, most, report)
            | {"id": _text(one), "origin": origin_of[identity(run.origin)]}
            for run, one in zip(runs, ids, strict=True)
        ],
        "groups": [
            {
                "label": _text(group.label),
                "runs": [numbers[id(run)] for run in group.runs],
                "counted": [numbers[id(run)] for run in group.with_results],
                "status": group.status,
                "reason": _text(group.reason or ""),
            }
            for group in groups
        ],
        "notes": [[_text(note.text), [*map(_text, note.details)]] for note in notes],
        "skipped": [[_text(str(one.path)), _text(one.reason)] for one in skipped],
    }


def _values(name: str, settings: list[dict[str, Value]]) -> set[str | None]:
    return {identity(one[name]) if name in one else None for one in settings}


def _curve(run: Run, name: str) -> list[float]:
    """A column of metrics.csv, or the time since the start of the run, in seconds."""
    if name == "elapsed":
        return list(itertools.accumulate(run.curves["seconds"]))
    return run.curves[name]


def _has(run: Run, name: str) -> bool:
    return any(math.isfinite(value) for value in _curve(run, name))


def _run(
    run: Run, settings: list[str], results: list[str], curves: list[str], most: int, report: Path
) -> dict[str, Any]:
    kept = thinned(len(run.curves["epoch"]), most)
    folder = _link(run.path, report)
    return {
        "folder": _text(str(run.path)),
        "link": folder,
        "images": [[_text(name), f"{folder}/plots/{_quoted(name)}"] for name in _images(run)],
        "status": run.status,
        "reason": _text(run.reason or ""),
        "start": run.start.isoformat(sep=" ", timespec="minutes") if run.start else None,
        "seed": _setting(run.seed),
        "name": _said(run, "name"),
        "note": _said(run, "note"),
        "tags": _tags(run),
        "sizes": _sizes(run),
        "settings": [_setting(run.settings[n]) if n in run.settings else None for n in settings],
        "results": [_number(run.results.get(name)) for name in results],
        "epochs": [run.curves["epoch"][i] for i in kept],
        "curves": [_joined(_curve(run, name), kept) for name in curves],
    }


def _said(run: Run, name: str) -> str:
    """What was written for people: `name` or `note`, if it is a text."""
    value = run.settings.get(name)
    return _text(value) if isinstance(value, str) else ""


def _tags(run: Run) -> list[str]:
    tags = run.settings.get("tags")
    return [_text(as_typed(tag)) for tag in tags] if isinstance(tags, list) else []


def _sizes(run: Run) -> dict[str, int]:
    """The number of images in each split, where it is known."""
    sizes = run.data.get("images")
    known = sizes.items() if isinstance(sizes, dict) else ()
    return {_text(name): size for name, size in known if type(size) is int and size > 0}


def thinned(count: int, most: int) -> list[int]:
    """At most `most` (>= 2) indices below `count`, evenly spaced, both ends included."""
    if count <= most:
        return list(range(count))
    return [round(i * (count - 1) / (most - 1)) for i in range(most)]


def _setting(value: Value) -> float | int | str:
    """A number as a number, which plots can use; anything else as one would type it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return _text(as_typed(value))


def _number(value: Value) -> float | int | None:
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def _joined(values: list[float], kept: list[int]) -> str:
    """A curve as one text: faster to write than a list, and parsed only when it is shown."""
    return ",".join([f"{values[i]:.{DIGITS}g}" for i in kept])


def _text(text: str) -> str:
    return printable(text)


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
