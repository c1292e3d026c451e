"""Settings as plain values: what YAML and JSON can hold, and nothing else."""

from typing import Any

Plain = dict[str, Any]  # nested dicts, lists, numbers, texts and None


def flatten(plain: Plain, path: str = "") -> dict[str, Any]:
    """Settings by their dotted names, e.g. `{"optimizer": {"lr": 0.1}}` as `{"optimizer.lr": 0.1}`.

    A dict without entries has no settings; lists are values.
    """
    settings: Plain = {}
    for key, value in plain.items():
        here = f"{path}.{key}" if path else key
        settings |= flatten(value, here) if isinstance(value, dict) else {here: value}
    return settings
