"""All that report.html shows, as plain values."""

import itertools
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.config import Config
from scratchnet.data.images import Splits
from scratchnet.errors import RunError
from scratchnet.insight import gallery
from scratchnet.insight.calibration import calibration
from scratchnet.insight.choices import choices
from scratchnet.insight.dataset import dataset
from scratchnet.insight.filters import filters
from scratchnet.insight.head import head
from scratchnet.insight.layer_history import layer_history
from scratchnet.insight.mistakes import mistakes
from scratchnet.insight.network import network_table
from scratchnet.insight.origin import origin
from scratchnet.insight.sheet import reduced_size, sheet
from scratchnet.nn.network import Network
from scratchnet.runs.folder import COLUMNS, RunFolder
from scratchnet.runs.inputs import Inputs
from scratchnet.runs.load import Run, read_run
from scratchnet.runs.predictions import FILE, Predictions
from scratchnet.system import files
from scratchnet.system.text import printable

DIGITS = 6  # significant digits of a point of a curve
MOST_BYTES = 1 << 20  # of the pixels of the gallery


@dataclass(frozen=True)
class Subject:
    """What a report shows beside the files of the run folder."""

    config: Config
    network: Network
    trained: bool  # whether the network has the weights of the best epoch
    splits: Splits | None  # None: the data cannot be loaded
    missing: str = ""  # why not


def payload(folder: RunFolder, subject: Subject) -> dict[str, Any]:
    """Plain values for JSON. Raises RunError if a file of the run is damaged."""
    run, info = read_run(folder.path), folder.info
    inputs = Inputs.from_plain(info.get("inputs"))
    predictions = _predictions(folder, inputs.classes)
    return {
        "made": datetime.now().astimezone().isoformat(sep=" ", timespec="minutes"),
        "head": head(run, info),
        "choices": choices(folder.config),
        "curves": curves(run),
        "classes": [printable(name) for name in inputs.classes],
        "vectors": inputs.are_vectors,
        "missing": printable(subject.missing),
        "network": network_table(subject.network),
        "filters": filters(subject.network) if subject.trained else None,
        "layers": layer_history(folder.path, len(run.curves["epoch"])),
        "data": dataset(run, subject.config, subject.splits),
        "origin": origin(run, info),
        "test": None
        if predictions is None
        else _test(predictions, inputs, subject.splits, folder.path / FILE),
    }


def curves(run: Run) -> dict[str, Any]:
    """Every point of every column of metrics.csv that has some; None stands for no number."""
    columns = {name: run.curves[name] for name in COLUMNS if name != "seconds"}
    columns["elapsed"] = [*itertools.accumulate(run.curves["seconds"])]
    return {
        "best": run.results.get("best_epoch"),
        "columns": {
            name: [_number(value) for value in values]
            for name, values in columns.items()
            if any(map(math.isfinite, values))
        },
    }


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _predictions(folder: RunFolder, classes: list[str]) -> Predictions | None:
    path = folder.path / FILE
    return Predictions.read(path, classes) if files.is_file(path) else None


def _test(
    predictions: Predictions, inputs: Inputs, splits: Splits | None, path: Path
) -> dict[str, Any]:
    """What the test images tell: mistakes, calibration, and the images themselves.

    Raises RunError if the predictions, from the file `path`, are about other images.
    """
    if splits and not np.array_equal(splits.test.labels, predictions.labels):
        raise RunError(f"{path}: is about other images than the test split has now")
    classes = len(inputs.classes)
    height, width, channels = inputs.shape
    rows, columns = reduced_size(height, width)
    most = max(gallery.HITS, MOST_BYTES // max(1, rows * columns * channels))
    chosen = gallery.chosen(predictions, classes, most)
    positions = sorted({*itertools.chain(*chosen.values())})
    place = {position: i for i, position in enumerate(positions)}
    return {
        "mistakes": mistakes(predictions, classes),
        "calibration": calibration(predictions),
        "wrong": int((~predictions.are_right).sum()),
        "images": len(predictions),
        "gallery": {
            "entries": gallery.entries(predictions, positions),
            "kinds": {kind: [place[i] for i in some] for kind, some in chosen.items()},
            "sheet": _sheet(positions, splits),
        },
    }


def _sheet(positions: list[int], splits: Splits | None) -> dict[str, Any] | None:
    """The test images at these positions."""
    if splits is None or splits.are_vectors:
        return None
    return sheet(splits.test.take(np.array(positions, np.int64)), max(1, splits.pixel_max))
