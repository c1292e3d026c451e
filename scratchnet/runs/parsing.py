"""The files of a run folder, read back. They may have been edited, damaged or made by a stranger:
each function returns what the file promises or raises RunError in one line."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from scratchnet.errors import RunError
from scratchnet.runs.yaml_loader import Loader
from scratchnet.settings.plain import Plain
from scratchnet.system import files
from scratchnet.system.text import printable

LARGEST_YAML = 64 << 10  # bytes; a config has about 1 KB, and PyYAML is slow where it has no C
DEEPEST_YAML = 20
LARGEST_INT = 256  # bits; Python's have no end, but those of all who calculate with them do
LARGEST_JSON = 1 << 20
LARGEST_RECORD = 64 << 20  # of 10,000 jobs
LARGEST_CSV = 16 << 20  # over 100,000 epochs
# what PyYAML raises beside YAMLError for odd scalars
ODD_SCALARS = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def read_yaml(path: Path) -> Plain:
    """The settings of a YAML file: plain values only, with no references of any kind."""
    text = _text(path, LARGEST_YAML)
    try:
        _check_events(yaml.parse(text, Loader=Loader))
        values = yaml.load(text, Loader=Loader)
        _check_plain(values)
    except (yaml.YAMLError, RecursionError, *ODD_SCALARS) as error:
        _refuse(path, "settings", error)
    if not isinstance(values, dict):
        _refuse(path, "settings", ValueError("it has no names"))
    return values


def read_json(path: Path) -> Plain:
    """The values of a JSON file with an object at the top; NaN and infinity are not JSON."""
    values = _json(path, LARGEST_JSON)
    try:
        _check_plain(values)
    except (ValueError, RecursionError) as error:
        _refuse(path, "JSON", error)
    return values


def read_record(path: Path) -> Plain:
    """The same for the record of a sweep: it may be larger, and hold references as typed."""
    return _json(path, LARGEST_RECORD)


def read_csv(path: Path, columns: dict[str, type]) -> list[dict[str, int | float]]:
    """The rows of a CSV file with exactly these columns of numbers (int or float)."""
    by_name = read_columns(path, columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*by_name.values(), strict=True)]


def read_columns(path: Path, columns: dict[str, type]) -> dict[str, list[int | float]]:
    """The same by columns, which takes half the time."""
    header, *lines = _text(path, LARGEST_CSV).split("\n")
    if header != ",".join(columns):
        _refuse(path, "metrics", ValueError(f"its first line must be {','.join(columns)}"))
    if lines[-1:] != [""]:
        _refuse(path, "metrics", ValueError("its last line is not complete"))
    rows = [line.split(",") for line in lines[:-1]]
    if not rows:
        return {name: [] for name in columns}
    try:
        fields = zip(columns.items(), zip(*rows, strict=True), strict=True)
        return {name: list(map(kind, texts)) for (name, kind), texts in fields}
    except ValueError:
        _refuse(path, "metrics", ValueError(f"line {_first_bad(rows, columns)}"))


def _json(path: Path, at_most: int) -> Plain:
    text = _text(path, at_most)
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        _refuse(path, "JSON", error)
    if not isinstance(values, dict):
        _refuse(path, "JSON", ValueError("it has no names"))
    return values


def _first_bad(rows: list[list[str]], columns: dict[str, type]) -> str:
    """The number of the first line with anything but numbers, and what it should have been."""
    number = next(i for i, row in enumerate(rows, 2) if not _fits(row, columns))
    return f"{number} is not {len(columns)} numbers"


def _fits(row: list[str], columns: dict[str, type]) -> bool:
    try:
        for kind, text in zip(columns.values(), row, strict=True):
            kind(text)
    except ValueError:
        return False
    return True


def _check_events(events: Iterator[yaml.Event]) -> None:
    """Raise ValueError for what no config holds and a small file can do harm with: aliases make
    it huge, tags name objects, and PyYAML's time grows with the square of the depth."""
    depth = 0
    for event in events:
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise ValueError("it holds an anchor, an alias or a tag")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_YAML:
            raise ValueError(f"it is nested more than {DEEPEST_YAML} levels deep")


def _text(path: Path, at_most: int) -> str:
    try:
        return files.read(path, at_most).decode()
    except UnicodeDecodeError as error:
        raise RunError(f"{path}: is not text in UTF-8") from error


def _refuse(path: Path, kind: str, error: Exception) -> NoReturn:
    reason = printable(str(error))[:200] or type(error).__name__
    raise RunError(f"{path}: cannot be read as {kind}: {reason}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _check_plain(value: Any) -> None:
    """Raise ValueError for anything but plain values, and for a reference or a blank in a text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the name {key!r} is not a text")
            _check_plain(item)
    elif isinstance(value, list):
        for item in value:
            _check_plain(item)
    elif isinstance(value, str):
        if "${" in value or value == "???":
            raise ValueError("it holds a reference or a blank, not a value")
    elif isinstance(value, int) and value.bit_length() > LARGEST_INT:
        raise ValueError("it holds a whole number that is too large")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    elif not isinstance(value, (bool, int, type(None))):
        raise ValueError(f"it holds a {type(value).__name__}")
