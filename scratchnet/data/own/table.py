"""Tables of numbers: CSV files, plain or gzipped, with or without a header, however delimited.

Every error is a DataError of one line that names the line and the column.
"""

import csv
import gzip
import io
import itertools
import math
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from scratchnet.errors import DataError
from scratchnet.system.text import printable

_DELIMITERS = ("\t", ";", "|", ",", " ")  # of equals the first: a comma may be inside of numbers
_LOOKED_AT = 20  # lines that tell the delimiter and whether there is a header
_BAD_FILE = (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error)


class _Numbers(dict[str, float]):
    """The numbers that cells stand for; it remembers some: pixels take only 256 of them."""

    def __missing__(self, cell: str) -> float:
        number = float(cell)
        if len(self) < 1000:
            self[cell] = number
        return number


@dataclass
class Rows:
    """What was read of a table: some columns as numbers, others as text."""

    values: np.ndarray  # float32 (n, columns)
    texts: list[list[str]]  # for each of the other columns, its n cells


@dataclass(frozen=True)
class Table:
    """The form of a table; `read` reads its rows."""

    path: Path
    delimiter: str
    names: list[str]  # of the columns; their numbers, from 0, if there is no header
    has_header: bool
    remedy: str = ""  # what else helps against a cell of the column {name} that is no number

    @classmethod
    def open(cls, path: Path, remedy: str = "") -> "Table":
        """Find out the form of a table from its first lines. Raises DataError."""
        with _text(path) as text:
            lines = list(itertools.islice(text, _LOOKED_AT))
        delimiter, rows = _split(lines)
        if not rows:
            raise DataError(f"{path}: is empty")
        has_header = _is_header(rows)
        names = rows[0] if has_header else [str(number) for number in range(len(rows[0]))]
        return cls(path, delimiter, names, has_header, remedy)

    def column(self, wanted: int | str) -> int | None:
        """Where a column of this name or position is (-1: the last one); None if nowhere."""
        if str(wanted) in self.names:
            return self.names.index(str(wanted))
        try:
            return range(len(self.names))[int(wanted)]
        except (ValueError, IndexError):
            return None

    def read(self, numbers: Sequence[int], texts: Sequence[int]) -> Rows:
        """The columns at these positions, from all rows. Raises DataError."""
        values, lines = array("f"), array("q")
        cells: list[list[str]] = [[] for _ in texts]
        pick = itemgetter(*numbers) if len(numbers) > 1 else lambda row: [row[i] for i in numbers]
        number_of = _Numbers().__getitem__
        for line, row in self._rows():
            try:
                values.fromlist(list(map(number_of, pick(row))))
            except ValueError:
                raise self._not_a_number(line, row, numbers) from None
            lines.append(line)
            for column, place in zip(cells, texts, strict=True):
                column.append(row[place])
        if not lines:
            raise DataError(f"{self.path}: has no rows")
        table = np.frombuffer(values, np.float32).reshape(len(lines), len(numbers))
        self._check_finite(table, lines, numbers)
        return Rows(table, cells)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the number of its (last) line; empty lines are left out."""
        with _text(self.path) as text:
            reader = _reader(text, self.delimiter)
            rows = (row for row in reader if _is_filled(row))
            if self.has_header:
                next(rows)
            for row in rows:
                if len(row) != len(self.names):
                    raise DataError(
                        f"{self.path}: line {reader.line_num} has {len(row)} cells, but the first "
                        f"line {len(self.names)}"
                    )
                yield reader.line_num, row

    def _not_a_number(self, line: int, row: list[str], numbers: Sequence[int]) -> DataError:
        place = next(i for i in numbers if not _is_number(row[i]))
        cell, name = printable(row[place].strip()), printable(self.names[place])
        what = f"{cell[:40]!r} is no number" if cell else "the cell is empty"
        hint = "fill it, or remove the row" if not cell else "encode text as numbers"
        if _is_number(cell.replace(",", ".")):
            hint = "write a decimal point"
        remedy = f", or {self.remedy.format(name=name)}" if self.remedy else ""
        return DataError(f"{self.path}: line {line}, column {name}: {what}; {hint}{remedy}")

    def _check_finite(
        self, table: np.ndarray, lines: Sequence[int], numbers: Sequence[int]
    ) -> None:
        finite = np.isfinite(table)
        if not finite.all():
            row, column = np.argwhere(~finite)[0].tolist()
            name = printable(self.names[numbers[column]])
            raise DataError(
                f"{self.path}: line {lines[row]}, column {name}: must be a finite number (below "
                f"1e38), not {table[row, column]}"
            )


def _split(lines: list[str]) -> tuple[str, list[list[str]]]:
    """The delimiter of these lines, and their cells.

    It makes as many cells of each line, more than one, and the most of them numbers. (With a comma
    in place of the point, too: that is refused later, in the right words.)
    """
    candidates = []
    for delimiter in _DELIMITERS:
        rows = _cells(lines, delimiter)
        if rows and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows):
            numbers = [_is_number(cell.replace(",", ".")) for row in rows for cell in row]
            candidates.append((sum(numbers) / len(numbers), delimiter, rows))
    if not candidates:  # whatever is wrong is told when the rows are read
        return ",", _cells(lines, ",")
    _, delimiter, rows = max(candidates, key=lambda candidate: candidate[0])
    return delimiter, rows


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in row] for row in _reader(lines, delimiter) if _is_filled(row)]
    was_cut = len(lines) == _LOOKED_AT and len(rows) > 1
    return rows[:-1] if was_cut else rows  # a cell may go on in the next line


def _is_filled(row: list[str]) -> bool:
    return len(row) > 1 or any(cell and not cell.isspace() for cell in row)


def _reader(lines: Iterable[str], delimiter: str) -> Any:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: without a number, or with text above numbers.

    Or it counts them, as tables do that were written by pandas from an array.
    """
    first, rest = rows[0], rows[1:]
    texts = [i for i, cell in enumerate(first) if not _is_number(cell)]
    if len(texts) == len(first):
        return True
    if rest and any(_is_number(rest[0][i]) for i in texts if i < len(rest[0])):
        return True
    numbers = [cell for cell in first if _is_number(cell)]
    return len(first) > 2 and numbers == [str(number) for number in range(len(numbers))]


def _is_number(cell: str) -> bool:
    try:
        return not math.isnan(float(cell))
    except ValueError:
        return False


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOBase]:
    """The lines of a file, decompressed if its content is gzipped. Raises DataError."""
    try:
        with path.open("rb") as raw:
            start = raw.read(2)
            raw.seek(0)
            if start == b"PK":
                raise DataError(f"{path}: is a zip archive (or a spreadsheet); unpack it first")
            binary = gzip.GzipFile(fileobj=raw) if start == b"\x1f\x8b" else raw
            with io.TextIOWrapper(binary, "utf-8-sig", newline="") as text:
                yield text
    except _BAD_FILE as error:
        if isinstance(error, UnicodeDecodeError):
            reason = "is not UTF-8 text"
        else:
            reason = f"cannot be read as a table: {printable(str(error))}"
        raise DataError(f"{path}: {reason}") from error
