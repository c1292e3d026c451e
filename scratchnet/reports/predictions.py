"""Predictions: for the terminal, and as CSV."""

import csv
import io
import sys
from pathlib import Path

import numpy as np
from rich.table import Table
from rich.text import Text

from scratchnet.reports import numbers
from scratchnet.reports.terminal import new_table
from scratchnet.system import output
from scratchnet.system.text import for_spreadsheet, printable

KAGGLE = "Label"  # the column of answers that Kaggle's "Digit Recognizer" wants
BAR = 40  # characters for a probability of 1


def bars(classes: list[str], probabilities: np.ndarray, top: int | None = None) -> str:
    """A line per class, most probable first: name, probability, bar; or only `top` of them."""
    block = "█" if (sys.stdout.encoding or "").lower().startswith("utf") else "#"
    names = [printable(name) for name in classes]
    width = max(map(len, names))
    return "\n".join(
        f"{names[i]:{width}}  {numbers.percent(probabilities[i]):>8}  "
        f"{block * round(BAR * float(probabilities[i]))}".rstrip()
        for i in _ranked(probabilities)[:top]
    )


def table(names: list[str], classes: list[str], probabilities: np.ndarray, top: int) -> Table:
    """A line per file: its name, and its `top` classes, each with its probability.

    `probabilities` is (files, classes).
    """
    drawn = new_table()
    drawn.add_column("file", no_wrap=True)
    for place in range(1, min(top, len(classes)) + 1):
        drawn.add_column("class" if place == 1 else f"{place}.", no_wrap=True)
        drawn.add_column("probability" if place == 1 else "", justify="right", no_wrap=True)
    for name, row in zip(names, probabilities, strict=True):
        cells = [name]
        for i in _ranked(row)[:top]:
            cells += [classes[i], numbers.percent(row[i])]
        drawn.add_row(*(Text(printable(cell)) for cell in cells))
    return drawn


def to_csv(names: list[str], classes: list[str], probabilities: np.ndarray) -> str:
    """A line per file: its name, the most probable class, and the probability of each class."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    shares = [for_spreadsheet(f"{output.CSV[-1]}{name}") for name in classes]
    writer.writerow([*output.CSV[:-1], *shares])
    for name, row in zip(names, probabilities, strict=True):
        best = classes[_ranked(row)[0]]
        shares = [repr(float(share)) for share in row]
        writer.writerow([for_spreadsheet(name), for_spreadsheet(best), *shares])
    return buffer.getvalue()


def to_kaggle(id_name: str, ids: list[str], classes: list[str], probabilities: np.ndarray) -> str:
    """What Kaggle's "Digit Recognizer" wants handed in: an id and a class per line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([for_spreadsheet(id_name), KAGGLE])
    for one, row in zip(ids, probabilities, strict=True):
        writer.writerow([for_spreadsheet(one), for_spreadsheet(classes[_ranked(row)[0]])])
    return buffer.getvalue()


def is_kaggle(path: Path, classes: list[str]) -> bool:
    """Whether a file looks as `to_kaggle` writes it: an id and one of these classes per line.

    Kaggle's own sample, where all answers are the same, does not.
    """
    if not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (UnicodeDecodeError, csv.Error):
        return False
    if len(header) != 2 or header[1] != KAGGLE or any(len(row) != 2 for row in rows):
        return False
    ids, answers = {row[0] for row in rows}, {row[1] for row in rows}
    known = {for_spreadsheet(name) for name in classes}
    return len(ids) == len(rows) and answers <= known and (len(answers) > 1 or len(rows) == 1)


def _ranked(probabilities: np.ndarray) -> np.ndarray:
    """The classes, most probable first."""
    return np.argsort(-probabilities, kind="stable")
