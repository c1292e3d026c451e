"""Hydra's override syntax, read and checked, and the jobs that a sweep expands to."""

import contextlib
import itertools
import math
import re
import shlex
import typing
from collections.abc import Iterable

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException

from scratchnet.config import types_of
from scratchnet.errors import UserError
from scratchnet.settings.suggestions import nearest
from scratchnet.system.text import in_plain_words

MAX_JOBS = 10_000  # of one sweep; more is surely a typo

PLUGINS = ("hydra/launcher", "hydra/sweeper")
OF_A_PLUGIN = ("hydra.launcher.", "hydra.sweeper.")  # their settings
OF_A_SWEEP = (*PLUGINS, *OF_A_PLUGIN, "hydra.sweep.")
FOLDERS = ("hydra.run.dir", "hydra.sweep.dir")
SEARCH_PATH = "hydra.searchpath"

JobOverrides = tuple[Override, ...]  # each with a single value


def jobs(texts: list[str], sweep: bool) -> Iterable[JobOverrides]:
    """The overrides of each job: every combination of the values of a sweep, else just one job.

    Hydra must be initialised: it knows the options that `glob(...)` stands for. Raises UserError
    for what cannot be read, and for Hydra syntax that has no use here.
    """
    overrides = read(texts)
    for override in overrides:
        _check_values(override, sweep)
    alternatives = [_alternatives(override) for override in overrides]
    count = math.prod(len(values) for values in alternatives)
    if not 1 <= count <= MAX_JOBS:
        number = "no" if count == 0 else f"more than {MAX_JOBS}"
        raise UserError(f"this sweep has {number} jobs; give each setting a few values")
    return itertools.product(*[[parse(text) for text in values] for values in alternatives])


def read(texts: list[str]) -> list[Override]:
    """The overrides that were typed. Raises UserError for what cannot be read or has no use."""
    overrides = [parse(text) for text in texts]
    for override in overrides:
        _check_form(override)
    _check_swept_once(overrides)
    return overrides


def typed(override: Override) -> str:
    """An override as it was typed."""
    assert override.input_line is not None  # None only for overrides made by hand
    return override.input_line


def parse(text: str) -> Override:
    """One override. Hydra must be initialised. Raises UserError for what cannot be read."""
    try:
        return _parser().parse_overrides([text])[0]
    except (HydraException, ValueError) as error:
        raise UserError(f"'{text}' cannot be read: {_what_to_write(text, error)}") from None


def _parser() -> OverridesParser:
    return OverridesParser.create(GlobalHydra.instance().config_loader())


def _what_to_write(text: str, error: Exception) -> str:
    """The form that works, for an override that cannot be read."""
    if (words := in_plain_words(error)) != str(error):
        return words
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        return "write setting=value or group=option, without blanks around ="
    if name != name.strip() or value.startswith(" "):
        return f"write {name.strip()}={value.strip()}, without blanks around ="
    if value.endswith(",") or value.count("[") > value.count("]"):
        return f"put quotes around all of it, or leave out the blank after the comma: {name}=[1,2]"
    quoted = f'{name}="{value}"'
    with contextlib.suppress(HydraException):
        if _parser().parse_overrides([quoted])[0].value() == value:
            return (
                f"a text with special characters needs two pairs of quotes: {shlex.quote(quoted)}"
            )
    return "write setting=value or group=option; see `python run.py --help`"


def _check_form(override: Override) -> None:
    text, name = typed(override), override.key_or_group
    if override.is_delete():
        raise UserError(f"{text}: a setting cannot be removed; give it a value: {name}=...")
    if override.package is not None:
        raise UserError(f"{text}: a group cannot be moved; write {name}=...")
    if override.is_hydra_override():
        _check_hydra_setting(override)
    if override.is_sweep_override() and override.is_hydra_override():
        raise UserError(f"{text}: takes only one value")


def _check_hydra_setting(override: Override) -> None:
    """Raise UserError for settings of Hydra that a run does not obey, or must not."""
    text, name = typed(override), override.key_or_group
    if name == "hydra.mode":
        raise UserError(f"{text}: write -m to run a sweep")
    if name == "hydra.sweep.subdir":
        raise UserError(f"{text}: is fixed: the folder of a job is its number")
    if name.startswith("hydra.sweeper.params"):
        raise UserError(f"{text}: on the command line, write the settings themselves after -m")
    if name in FOLDERS and override.value() in ("", None):
        raise UserError(f"{text}: must be a folder, e.g. {name}=outputs/mine")
    if name in FOLDERS and str(override.value()).startswith("~"):
        raise UserError(f"{text}: ~ is not expanded in quotes; write {name}=~/...")
    known = (*FOLDERS, SEARCH_PATH, *PLUGINS)
    if name not in known and not name.startswith(OF_A_PLUGIN):
        meant = nearest(name, known)
        hint = f" (did you mean {meant}?)" if meant else ""
        raise UserError(f"{text}: of Hydra's settings, only {', '.join(known)} can be set{hint}")


def _check_swept_once(overrides: list[Override]) -> None:
    names = [override.key_or_group for override in overrides]
    for override in overrides:
        if override.is_sweep_override() and names.count(override.key_or_group) > 1:
            raise UserError(f"{typed(override)}: {override.key_or_group} is given twice")


def _check_values(override: Override, sweep: bool) -> None:
    text, name = typed(override), override.key_or_group
    if name.startswith(OF_A_SWEEP) and not sweep:
        raise UserError(f"{text}: only applies to a sweep; add -m")
    if name == "hydra.run.dir" and sweep:
        raise UserError(f"{text}: with -m, write hydra.sweep.dir=FOLDER")
    if override.is_interval_sweep():
        raise UserError(
            f"{text}: an interval cannot be enumerated; list values, {name}=a,b,c, or search it "
            "with -m hydra/sweeper=optuna"
        )
    if override.is_sweep_override() and not sweep:
        raise UserError(f"{text}: several values; add -m to run each{_if_one_is_meant(override)}")


def _if_one_is_meant(override: Override) -> str:
    """What to write where the values are surely one: a list, or a number with a decimal comma."""
    name, equals, value = typed(override).partition("=")
    kinds = types_of(override.key_or_group)
    if kinds and all(typing.get_origin(kind) is list for kind in kinds):
        return f", or write a list: {name}{equals}[{value}]"
    if float in kinds and re.fullmatch(r"-?\d+,\d+", value):
        return f", or write a decimal point: {name}{equals}{value.replace(',', '.')}"
    return ""


def _alternatives(override: Override) -> list[str]:
    """The override once for each of its values."""
    if not override.is_sweep_override():
        return [typed(override)]
    key = override.get_key_element()
    try:
        values = list(itertools.islice(override.sweep_string_iterator(), MAX_JOBS + 1))
    except (HydraException, ValueError) as error:
        raise UserError(f"{typed(override)}: {error}") from None
    texts = [f"{key}={value}" for value in values]
    seen: set[str] = set()
    for text, value in zip(texts, values, strict=True):
        meant = repr(parse(text).value())  # 1e-3 and 0.001 are the same
        if meant in seen:
            raise UserError(f"{typed(override)}: has {value} twice")
        seen.add(meant)
    return texts
