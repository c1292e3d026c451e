"""The data of the HTML report: all runs as plain values, compact enough for thousands."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scratchnet.compare import noise
from scratchnet.compare.differences import FOR_PEOPLE, derived, differing, identity, short_names
from scratchnet.compare.groups import MEASURED, Group
from scratchnet.compare.names import short_ids
from scratchnet.compare.notes import Note
from scratchnet.compare.payload_run import CURVES, about_run, has_curve, plain_setting, values_of
from scratchnet.compare.table import ABOUT, result_names
from scratchnet.runs.load import Run, Skipped, Value
from scratchnet.system.text import printable

MOST_POINTS = 600_000  # of all curves together: about 4 MB
FEWEST_POINTS = 15  # of one curve


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
    results = result_names(groups)
    names = _names([_settings_of(run) for run in runs])
    return {
        "made": datetime.now().astimezone().isoformat(sep=" ", timespec="minutes"),
        "view": asdict(view),
        **_about_settings(groups, runs, names, results),
        **_about_results(groups, results),
        **_about_runs(runs, names, results, report),
        "groups": _about_groups(groups, runs),
        "notes": [[printable(note.text), [*map(printable, note.details)]] for note in notes],
        "skipped": [[printable(str(one.path)), printable(one.reason)] for one in skipped],
    }


def _settings_of(run: Run) -> dict[str, Value]:
    return {name: value for name, value in run.settings.items() if name not in FOR_PEOPLE}


def _names(settings: list[dict[str, Value]]) -> list[str]:
    """The settings that are not the same in all runs."""
    names = dict.fromkeys(name for one in settings for name in one)
    return [name for name in names if len(_values(name, settings)) > 1]


def _values(name: str, settings: list[dict[str, Value]]) -> set[str | None]:
    return {identity(one[name]) if name in one else None for one in settings}


def _about_settings(
    groups: list[Group], runs: list[Run], names: list[str], results: list[str]
) -> dict[str, Any]:
    """The settings that differ (`shown`: between groups), and those that all runs share."""
    settings = [_settings_of(run) for run in runs]
    short = short_names(names, others=[*results, *ABOUT])
    shown = differing([group.settings for group in groups])
    common = {name: value for name, value in settings[0].items() if name not in short}
    return {
        "settings": [{"name": printable(name), "short": printable(short[name])} for name in names],
        "shown": [names.index(name) for name in shown],
        "derived": [names.index(name) for name in derived(shown, settings)],
        "common": {printable(name): plain_setting(value) for name, value in common.items()},
    }


def _about_results(groups: list[Group], results: list[str]) -> dict[str, Any]:
    """The results, which split of the images is behind each, and what intervals need."""
    seeds = max(len(group.runs) for group in groups)
    return {
        "results": [printable(name) for name in results],
        "splits": [match[1] if (match := MEASURED.fullmatch(name)) else None for name in results],
        "noise": {"z": noise.Z, "student": [noise.student(k) for k in range(1, seeds)]},
    }


def _about_runs(
    runs: list[Run], names: list[str], results: list[str], report: Path
) -> dict[str, Any]:
    """All runs; what they ran on (`origins`) is written once for all that share it."""
    curves = [name for name in CURVES if has_curve(runs, name)]
    points = max(FEWEST_POINTS, MOST_POINTS // max(1, len(curves) * len(runs)))
    keys = [identity(run.origin) for run in runs]
    origins = dict(zip(keys, (run.origin for run in runs), strict=True))
    places = {key: place for place, key in enumerate(origins)}
    about = [
        {
            "id": printable(one),
            "origin": places[key],
            **about_run(run, report),
            **values_of(run, names, results, curves, points),
        }
        for run, one, key in zip(runs, short_ids([run.path for run in runs]), keys, strict=True)
    ]
    return {
        "curves": curves,
        "origins": [
            {printable(name): plain_setting(value) for name, value in origin.items()}
            for origin in origins.values()
        ],
        "runs": about,
    }


def _about_groups(groups: list[Group], runs: list[Run]) -> list[dict[str, Any]]:
    """The groups; their runs by place in `runs`."""
    places = {id(run): place for place, run in enumerate(runs)}
    return [
        {
            "label": printable(group.label),
            "runs": [places[id(run)] for run in group.runs],
            "counted": [places[id(run)] for run in group.with_results],
            "status": group.status,
            "reason": printable(group.reason or ""),
        }
        for group in groups
    ]
