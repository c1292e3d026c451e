"""Settings in words, for error messages and help."""

import contextlib
import dataclasses
import types
import typing
from collections.abc import Iterable
from enum import Enum
from typing import Any

from scratchnet.settings.settings import Settings, describe_range, in_brackets
from scratchnet.settings.suggestions import nearest, one_of

EXACT = 2.0**53  # below it, a float is exactly one whole number

_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def type_in_words(annotation: Any) -> str:
    """A field's type in words, e.g. `a list of whole numbers or null`."""
    if len(options := _options(annotation)) > 1:
        return " or ".join(map(type_in_words, options))
    if typing.get_origin(annotation) is list:
        (element,) = typing.get_args(annotation)
        return f"a list of {type_in_words(element).removeprefix('a ')}s"
    if annotation is types.NoneType:
        return "null"
    if _is_enum(annotation):
        return "one of " + ", ".join(option.name for option in annotation)
    return _WORDS[annotation]


def wrong_type(settings: type[Settings], name: str, value: Any) -> str:
    """Why a setting cannot have a value, e.g. `=abc: must be a whole number >= 1 (epochs)`."""
    fields: dict[str, dataclasses.Field] = vars(settings)["__dataclass_fields__"]
    metadata = fields[name].metadata
    annotation = typing.get_type_hints(settings)[name]
    allowed = " ".join(filter(None, [type_in_words(annotation), describe_range(metadata)]))
    problem = f"={as_typed(value)}: must be {allowed}{in_brackets(metadata)}"
    if _is_enum(annotation) and (meant := nearest(str(value), [o.name for o in annotation])):
        problem += f" (did you mean {meant}?)"
    return problem


def as_whole(value: Any, annotation: Any) -> Any:
    """A value for a field of this type, where 10.0 and 1e1 are whole numbers, too."""
    if typing.get_origin(annotation) is list and isinstance(value, list):
        return [as_whole(element, *typing.get_args(annotation)) for element in value]
    if not is_whole(annotation):
        return value
    number = value
    if isinstance(value, str) and str not in _options(annotation):  # typed for resume=, or quoted
        with contextlib.suppress(ValueError):
            number = float(value)
    if isinstance(number, float) and number.is_integer() and abs(number) < EXACT:
        return int(number)
    return value


def is_whole(annotation: Any) -> bool:
    """Whether the only numbers that a field of this type takes are whole ones."""
    return int in _options(annotation) and float not in _options(annotation)


def _options(annotation: Any) -> tuple[Any, ...]:
    """The types that `annotation` allows, e.g. int and None."""
    is_union = typing.get_origin(annotation) in (types.UnionType, typing.Union)
    return typing.get_args(annotation) if is_union else (annotation,)


def as_typed(value: Any) -> str:
    """A value as typed on the command line, e.g. `[256,128]`, `null`, `1e-05`."""
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(as_typed(element) for element in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{as_typed(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def not_an_option(name: str, value: object, known: Iterable[str]) -> str:
    """Why an option is refused, e.g. `optimizer=adamm: must be one of adam, sgd (...)`."""
    return f"{name}={as_typed(value)}: {one_of(value, sorted(known))}"


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)
