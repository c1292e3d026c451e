"""Read the files of a run folder, which may have been edited, damaged or written by a stranger.

Each function returns the plain values it promises, or raises RunError in one line.
"""

import json
import math
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from scratchnet.errors import RunError
from scratchnet.runs.yaml_loader import Loader
from scratchnet.settings.plain import Plain
from scratchnet.system import files
from scratchnet.system.text import in_plain_words, printable

LARGEST_YAML = 64 << 10  # bytes; a config has about 1 KB, and PyYAML is slow without its C parser
DEEPEST = 20  # levels; a config has 3
MOST_SETTINGS = 1_000  # names in a config, which has about 60
MOST_NAMES = 20_000  # in a JSON file, where each class of a dataset may have some
LARGEST_INT = 256  # bits; Python's integers are unbounded, those of NumPy and of browsers are not
LARGEST_JSON = 1 << 20
LARGEST_RECORD = 64 << 20  # of 10,000 jobs
LARGEST_CSV = 16 << 20  # over 100,000 epochs
BAD_YAML = (  # all that PyYAML raises; those after RecursionError for malformed scalars
    yaml.YAMLError,
    RecursionError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
)


def read_yaml(path: Path) -> Plain:
    """The settings in a YAML file: plain values only, without references of any kind."""
    text = _text(path, LARGEST_YAML)
    try:
        _check_events(yaml.parse(text, Loader=Loader))
        values = yaml.load(text, Loader=Loader)
        _check_plain(values, MOST_SETTINGS)
    except BAD_YAML as error:
        _refuse(path, "settings", error)
    if not isinstance(values, dict):
        _refuse(path, "settings", ValueError("it must map names to values"))
    return values


def read_nodes(path: Path) -> tuple[str, yaml.Node | None]:
    """The text of a YAML file and its nodes, which know their lines; None if it holds nothing.

    References are allowed. Raises RunError, as `read_yaml` does.
    """
    text = _text(path, LARGEST_YAML)
    try:
        _check_events(yaml.parse(text, Loader=Loader))
        yaml.load(text, Loader=Loader)  # refuses what its values cannot be
        return text, yaml.compose(text, Loader=Loader)
    except BAD_YAML as error:
        _refuse(path, "settings", error)


def read_json(path: Path) -> Plain:
    """The object in a JSON file; NaN and infinity are refused, as they are not JSON."""
    values = _json(path, LARGEST_JSON)
    try:
        _check_plain(values, MOST_NAMES)
    except ValueError as error:
        _refuse(path, "JSON", error)
    return values


def read_record(path: Path) -> Plain:
    """Like `read_json`, for the record of a sweep: larger, and with references as typed."""
    return _json(path, LARGEST_RECORD)


def read_csv(
    path: Path, columns: dict[str, type], added: Collection[str] = ()
) -> list[dict[str, int | float]]:
    """The rows of a CSV file with exactly these columns of numbers (int or float).

    Those `added` later are nan where an older file has none of them.
    """
    by_name = read_columns(path, columns, added)
    return [dict(zip(columns, row, strict=True)) for row in zip(*by_name.values(), strict=True)]


def read_columns(
    path: Path, columns: dict[str, type], added: Collection[str] = ()
) -> dict[str, list[int | float]]:
    """The columns of such a file; takes half the time of `read_csv`."""
    header, *lines = _text(path, LARGEST_CSV).split("\n")
    older = {name: kind for name, kind in columns.items() if name not in added}
    present = older if header == ",".join(older) else columns
    if header != ",".join(present):
        _refuse(path, "metrics", ValueError(f"its first line must be {','.join(columns)}"))
    if lines[-1:] != [""]:
        _refuse(path, "metrics", ValueError("its last line is not complete"))
    rows = [line.split(",") for line in lines[:-1]]
    if not rows:
        return {name: [] for name in columns}
    try:
        fields = zip(present.items(), zip(*rows, strict=True), strict=True)
        found = {name: list(map(kind, texts)) for (name, kind), texts in fields}
    except ValueError:
        _refuse(path, "metrics", ValueError(f"line {_first_bad(rows, present)}"))
    return {name: found[name] if name in found else [math.nan] * len(rows) for name in columns}


def _json(path: Path, at_most: int) -> Plain:
    text = _text(path, at_most)
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        _refuse(path, "JSON", error)
    if not isinstance(values, dict):
        _refuse(path, "JSON", ValueError("it must be an object"))
    return values


def _first_bad(rows: list[list[str]], columns: dict[str, type]) -> str:
    """The first line that is not numbers only, and what it should hold."""
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
    """Raise ValueError for anything that no config needs and that lets a small file do harm.

    Aliases expand to a huge value, tags name Python objects, and PyYAML's time grows with the
    square of the depth.
    """
    depth = 0
    for event in events:
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise ValueError("it holds an anchor, an alias or a tag")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")


def _text(path: Path, at_most: int) -> str:
    try:
        return files.read(path, at_most).decode()
    except UnicodeDecodeError as error:
        raise RunError(f"{path}: is not UTF-8 text") from error


def _refuse(path: Path, kind: str, error: Exception) -> NoReturn:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        reason = f"{error.problem}, in line {error.problem_mark.line + 1}"
    else:
        reason = in_plain_words(error)
    reason = printable(reason)[:200] or type(error).__name__
    raise RunError(f"{path}: cannot be read as {kind}: {reason}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _check_plain(value: Plain, most_names: int) -> None:
    """Raise ValueError for anything but plain values, for too many of them or too deep a nesting.

    Whoever reads them may call itself for each level, and compare each name with all others.
    """
    names, to_check = 0, [(value, 1)]
    while to_check:
        value, depth = to_check.pop()
        if not isinstance(value, (dict, list)):
            _check_single(value)
            continue
        if depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        if isinstance(value, dict):
            names += len(value)
            if names > most_names:
                raise ValueError(f"it holds more than {most_names:,} names")
            if odd := [key for key in value if not isinstance(key, str)]:
                raise ValueError(f"the name {odd[0]!r} is not text")
            value = value.values()
        to_check += [(inner, depth + 1) for inner in value]


def _check_single(value: Any) -> None:
    """Raise ValueError for a reference or `???`, and for what is no text, number, bool or None."""
    if isinstance(value, str):
        if "${" in value or value == "???":
            raise ValueError("it holds a reference or ???, not a value")
    elif isinstance(value, int) and value.bit_length() > LARGEST_INT:
        raise ValueError("it holds a whole number that is too large")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    elif not isinstance(value, (bool, int, type(None))):
        raise ValueError(f"it holds a {type(value).__name__}")
