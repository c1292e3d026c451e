"""layers.jsonl read back: what each layer did over the epochs, ready to be drawn."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.errors import RunError
from scratchnet.insight.layers import BINS, DECADES, FILE
from scratchnet.system import files
from scratchnet.system.text import in_plain_words, printable

LARGEST = 64 << 20  # bytes
MOST_EPOCHS = 60  # that a histogram shows: of more, evenly spaced ones
DARKEST = 255
BAD = (  # all that lines of another kind can raise
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def layer_history(folder: Path, epochs: int) -> dict[str, Any] | None:
    """Plain values for the looks at the first `epochs` epochs; None if there was none.

    Each map has a column for each of the `epochs` in it, with as many numbers from 0 to DARKEST as
    it has bins, from low to high; the fullest bin of a column has DARKEST. Raises RunError.
    """
    path = folder / FILE
    if not files.is_file(path):
        return None
    try:
        looks = _looks(files.read(path, LARGEST).decode(), epochs)
        return _history(looks) if looks else None
    except BAD as error:
        reason = printable(in_plain_words(error))[:200]
        raise RunError(f"{path}: holds lines that are no looks at layers: {reason}") from error


def _looks(text: str, epochs: int) -> list[dict[str, Any]]:
    """The last look after each epoch: a resumed run may have looked again."""
    by_epoch = {}
    for line in text.splitlines():
        look = json.loads(line, parse_float=_finite, parse_constant=_finite)
        if type(look["epoch"]) is not int:
            raise ValueError("an epoch is no whole number")
        by_epoch[look["epoch"]] = look
    return [by_epoch[epoch] for epoch in sorted(by_epoch) if epoch <= epochs]


def _finite(text: str) -> float:
    """A number that JSON can hold again."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a finite number")
    return value


def _history(looks: list[dict[str, Any]]) -> dict[str, Any]:
    count = min(len(looks), MOST_EPOCHS)
    places = np.arange(count) * (len(looks) - 1) // max(count - 1, 1)
    mapped = [looks[i] for i in places.tolist()]
    last = looks[-1]
    return {
        "epochs": [look["epoch"] for look in looks],
        "mapped": [look["epoch"] for look in mapped],
        "activations": [
            {
                "layer": printable(name),
                **_outputs([look["activations"][name]["values"] for look in mapped]),
                "units": int(last["activations"][name]["units"]),
                "dead": [int(look["activations"][name]["dead"]) for look in looks],
            }
            for name in last["activations"]
        ],
        "decades": [*DECADES],
        "weights": [
            {
                "layer": printable(name),
                "columns": [_darkness(look["weights"][name]["gradients"]) for look in mapped],
                "update": [_ratio(look["weights"][name]["update"]) for look in looks],
            }
            for name in last["weights"]
        ],
    }


def _outputs(histograms: list[dict[str, Any]]) -> dict[str, Any]:
    """Histograms with a range each on bins that they share: of a bin, its parts are taken."""
    low = min(float(one["low"]) for one in histograms)
    high = max(float(one["high"]) for one in histograms)
    edges = np.linspace(low, high, BINS + 1)
    columns = []
    for one in histograms:
        own = np.linspace(one["low"], one["high"], len(one["counts"]) + 1)
        below = np.concatenate([[0], np.cumsum(np.array(one["counts"], np.float64))])
        columns.append(_darkness(np.diff(np.interp(edges, own, below))))
    return {"low": low, "high": high, "columns": columns}


def _darkness(counts: Any) -> list[int]:
    values = np.asarray(counts, np.float64)
    largest = values.max(initial=0)
    return np.rint(DARKEST * values / largest if largest else 0 * values).astype(int).tolist()


def _ratio(value: Any) -> float | None:
    return None if value is None else float(value)
