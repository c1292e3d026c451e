"""Write a table for the terminal or as Markdown, CSV or JSON.

A run folder may come from a stranger, so each format escapes the texts as it requires.
"""

import csv
import io
import json
import re

from scratchnet.compare.differences import ABSENT
from scratchnet.compare.groups import Spread
from scratchnet.compare.ranking import BEST
from scratchnet.compare.table import VS_BEST, Cell, Column, Count
from scratchnet.reports import numbers, terminal
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import for_spreadsheet, printable

LEFT_OUT = (  # on a narrow terminal, from the last to the first
    "folder",
    "status",
    "n",
    "test_accuracy",
    "reason",
    "test_tta_accuracy",
    "epochs",
    "seconds",
)
WHOLE = ("best_epoch", "epochs", "parameters")  # results that are whole numbers


def print_table(columns: list[Column]) -> None:
    """Print the table on the terminal, as far as it fits; the best row is bold."""
    fields = [
        terminal.Column(
            column.heading,
            [text_of(column.name, cell) for cell in column.cells],
            rank=LEFT_OUT.index(column.name) + 1 if column.name in LEFT_OUT else 0,
            is_number=not column.is_text,
            is_quiet=column.is_test,
        )
        for column in columns
    ]
    standing = next((column.cells for column in columns if column.name == VS_BEST), [])
    terminal.print_fitting(fields, standing.index(BEST) if BEST in standing else None)


def markdown(columns: list[Column]) -> str:
    """A table in GitHub's Markdown; no text can end its cell or start a link or a tag."""
    lines = [[_for_markdown(column.heading) for column in columns]]
    lines.append(["---" if column.is_text else "---:" for column in columns])
    lines += [[_for_markdown(text) for text in row] for row in _rows(columns)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_csv(columns: list[Column]) -> str:
    """CSV with full precision; a result over several seeds has a second column, `<name>_std`.

    `n` is the number of completed runs; the folders of a group are separated by `; `.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    plain = _plain(columns)
    if "folder" in plain:
        plain["folder"] = ["; ".join(folders) for folders in plain["folder"]]
    writer.writerow(_for_spreadsheet(name) for name in plain)
    for row in zip(*plain.values(), strict=True):
        writer.writerow("" if cell is None else _for_spreadsheet(cell) for cell in row)
    return buffer.getvalue()


def to_json(columns: list[Column]) -> str:
    """A list with an object per row, with the columns of the CSV; `folder` is a list."""
    plain = _plain(columns)
    rows = [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]
    return json.dumps(rows, indent=1, ensure_ascii=True) + "\n"


def text_of(name: str, cell: Cell) -> str:
    """A cell formatted for people, e.g. `97.22 ± 0.28 %`."""
    if cell is None:
        return ABSENT
    if name == "folder":
        return f"{cell[0]} (+{len(cell) - 1})" if len(cell) > 1 else cell[0]
    if isinstance(cell, Count):
        return str(cell.all) if cell.completed == cell.all else f"{cell.completed} of {cell.all}"
    if not isinstance(cell, Spread):
        return as_typed(cell)
    if name.endswith("accuracy"):
        return _percent(cell)
    if name == "seconds":
        return numbers.duration(cell.mean)
    if name == "samples_per_second":
        return numbers.rate(cell.mean)
    if name in WHOLE:
        return f"{cell.mean:,.10g}" if cell.std == 0 else f"{cell.mean:,.1f} ± {cell.std:.1f}"
    spread = f" ± {cell.std:.2g}" if cell.n > 1 else ""
    return f"{cell.mean:.4g}{spread}"


def _percent(cell: Spread) -> str:
    """Over seeds `97.22 ± 0.28 %`; a single run with its interval, `97.22 % (94.3-98.7)`."""
    if cell.n > 1:
        return f"{100 * cell.mean:.2f} ± {100 * cell.std:.2f} %"
    interval = cell.interval
    around = f" ({100 * interval.low:.1f}-{100 * interval.high:.1f})" if interval else ""
    return f"{100 * cell.mean:.2f} %{around}"


def _rows(columns: list[Column]) -> list[list[str]]:
    texts = [[text_of(column.name, cell) for cell in column.cells] for column in columns]
    return [list(row) for row in zip(*texts, strict=True)]


def _plain(columns: list[Column]) -> dict[str, list]:
    """Column names with cells of plain numbers, texts and lists."""
    plain = {}
    for column in columns:
        if column.name == "n":
            plain["n"] = [cell.completed for cell in column.cells]
            continue
        if not column.is_result:
            plain[column.name] = column.cells
            continue
        plain[column.name] = [_mean(column.name, cell) for cell in column.cells]
        if any(cell and cell.n > 1 for cell in column.cells):
            plain[f"{column.name}_std"] = [
                cell.std if cell and cell.n > 1 else None for cell in column.cells
            ]
    return plain


def _mean(name: str, cell: Spread | None) -> float | int | None:
    if cell is None:
        return None
    return int(cell.mean) if name in WHOLE and cell.mean.is_integer() else cell.mean


def _for_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#!~&])", r"\\\1", printable(text))


def _for_spreadsheet(cell: Cell) -> float | int | str:
    """A number unchanged; a text that no spreadsheet takes for a formula."""
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    return cell if is_number else for_spreadsheet(as_typed(cell))
