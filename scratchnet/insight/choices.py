"""What was chosen for a run: the settings that differ from the defaults of their choice."""

from typing import Any

from scratchnet.compare.differences import FOR_PEOPLE, identity
from scratchnet.config import CHOICES, defaults_of
from scratchnet.runs.load import Value
from scratchnet.settings.plain import Plain, flatten
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable


def choices(config: Plain) -> dict[str, Any]:
    """For the content of config.yaml.

    `chosen` has name, value and default of each, `all` name and value of every setting. An option
    itself, such as `model.name`, is always among those that were chosen.
    """
    settings = {name: value for name, value in flatten(config).items() if name not in FOR_PEOPLE}
    defaults = defaults_of({group: settings.get(f"{group}.name") for group in CHOICES})
    return {
        "chosen": [
            [printable(name), _text(value), _default(name, defaults)]
            for name, value in settings.items()
            if _is_option(name)
            or (name in defaults and identity(value) != identity(defaults[name]))
        ],
        "all": [[printable(name), _text(value)] for name, value in settings.items()],
    }


def _is_option(name: str) -> bool:
    group, _, rest = name.partition(".")
    return group in CHOICES and rest == "name"


def _default(name: str, defaults: dict[str, Any]) -> str:
    if _is_option(name) or defaults.get(name, "???") == "???":
        return ""
    return _text(defaults[name])


def _text(value: Value) -> str:
    return printable(as_typed(value))
