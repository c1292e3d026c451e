"""The files of a run folder, read back. They may have been edited, damaged or made by a stranger:
each function returns what the file promises or raises RunError in one line."""

import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from scratchnet import files
from scratchnet.errors import RunError
from scratchnet.text import printable

LARGEST_YAML = 64 << 10  # bytes; a config has about 1 KB, and parsing YAML is slow
DEEPEST_YAML = 20
LARGEST_JSON = 1 << 20
LARGEST_CSV = 16 << 20  # over 100,000 epochs

Plain = dict[str, Any]  # nested dicts, lists, texts, numbers and None


def read_yaml(path: Path) -> Plain:
    """The settings of a YAML file: plain values only, with no references of any kind."""
    text = _text(path, LARGEST_YAML)
    try:
        _check_events(yaml.parse(text, Loader=yaml.SafeLoader))
        values = OmegaConf.to_container(OmegaConf.load(io.StringIO(text)), resolve=False)
        _check_plain(values)
    except (
        *(yaml.YAMLError, OmegaConfBaseException, OSError, RecursionError),
        *(ValueError, TypeError, KeyError, IndexError, AttributeError),  # PyYAML: odd scalars
    ) as error:
        _refuse(path, "settings", error)
    if not isinstance(values, dict):
        _refuse(path, "settings", ValueError("it has no names"))
    return values


def read_json(path: Path) -> Plain:
    """The values of a JSON file with an object at the top; NaN and infinity are not JSON."""
    text = _text(path, LARGEST_JSON)
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
        _check_plain(values)
    except (ValueError, RecursionError) as error:
        _refuse(path, "JSON", error)
    if not isinstance(values, dict):
        _refuse(path, "JSON", ValueError("it has no names"))
    return values


def read_csv(path: Path, columns: dict[str, type]) -> list[dict[str, int | float]]:
    """The rows of a CSV file with exactly these columns of numbers (int or float)."""
    header, *lines = _text(path, LARGEST_CSV).split("\n")
    if header != ",".join(columns):
        _refuse(path, "metrics", ValueError(f"its first line must be {','.join(columns)}"))
    if lines[-1:] != [""]:
        _refuse(path, "metrics", ValueError("its last line is not complete"))
    rows = []
    for number, line in enumerate(lines[:-1], 2):
        try:
            fields = zip(columns.items(), line.split(","), strict=True)
            rows.append({name: kind(text) for (name, kind), text in fields})
        except ValueError:
            _refuse(path, "metrics", ValueError(f"line {number} is not {len(columns)} numbers"))
    return rows


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
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    elif not isinstance(value, (bool, int, type(None))):
        raise ValueError(f"it holds a {type(value).__name__}")
