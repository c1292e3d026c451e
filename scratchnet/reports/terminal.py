"""Tables on the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.measure import Measurement
from rich.style import Style
from rich.table import Table
from rich.text import Text

from scratchnet.system.text import printable

GAP = "  "  # between columns
STACKED = 80  # characters: on a narrower terminal each row becomes a few lines

_STYLES = {  # by whether a cell is bold, and whether it is quiet
    (is_bold, is_quiet): Style(bold=is_bold or None, dim=is_quiet or None)
    for is_bold in (False, True)
    for is_quiet in (False, True)
}


def new_table() -> Table:
    """An empty table without rules, with bold headings."""
    return Table(box=None, pad_edge=False, header_style="bold")


def console_for(table: Table) -> Console:
    """A console wide enough for the table: a narrow terminal wraps lines, but no text is cut."""
    console = Console(highlight=False)
    widest = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
    console.width = max(console.width, widest)
    return console


@dataclass(frozen=True)
class Column:
    """A column of texts. Of those with a `rank`, the highest is the first to be left out."""

    heading: str
    cells: Sequence[str]
    rank: int = 0
    is_number: bool = False
    is_quiet: bool = False


def print_fitting(columns: list[Column], best: int | None = None) -> None:
    """Print a table that fits the terminal, and name the columns that are left out for it.

    The row number `best` is bold. What goes to a file or a pipe is whole, however wide.
    """
    console, shown = Console(highlight=False), list(columns)
    if console.is_terminal:
        while _width(shown) > console.width and any(column.rank for column in shown):
            shown.remove(max(shown, key=lambda column: column.rank))
        if _width(shown) > console.width and console.width < STACKED:
            _print_stacked(console, columns, best)
            return
    _print_table(console, shown, best)
    if left_out := [column.heading for column in columns if column not in shown]:
        text = f"not shown, as the terminal is too narrow: {', '.join(left_out)}"
        console.print(Text(printable(text), style="dim"))


def _print_table(console: Console, columns: list[Column], best: int | None) -> None:
    """A line per row. (Rich's own tables take a millisecond per row, of some thousands.)"""
    padded = [_padded(column) for column in columns]
    quiet = {number for number, column in enumerate(columns) if column.is_quiet}
    system = ColorSystem.STANDARD if console.color_system else None  # none: no codes at all
    for row, cells in enumerate(zip(*padded, strict=True)):
        is_bold = row == 0 or row - 1 == best  # the headings come first
        styled = [
            _STYLES[is_bold, number in quiet].render(cell, color_system=system)
            for number, cell in enumerate(cells)
        ]
        print(GAP.join(styled).rstrip())


def _padded(column: Column) -> list[str]:
    """Heading and cells, all as wide as the widest."""
    texts = [printable(text) for text in (column.heading, *column.cells)]
    widths = [cell_len(text) for text in texts]
    widest = max(widths)
    spaces = [" " * (widest - width) for width in widths]
    pairs = zip(texts, spaces, strict=True)
    return [f"{space}{text}" if column.is_number else f"{text}{space}" for text, space in pairs]


def _print_stacked(console: Console, columns: list[Column], best: int | None) -> None:
    """A line for each cell, with its heading; rows are apart."""
    width = max(len(column.heading) for column in columns)
    for number in range(len(columns[0].cells)):
        if number:
            console.print()
        for column in columns:
            line = f"{column.heading:{width}}  {column.cells[number]}"
            console.print(Text(printable(line), style="bold" if number == best else ""))


def _width(columns: list[Column]) -> int:
    widest = [max(map(cell_len, (column.heading, *column.cells))) for column in columns]
    return sum(widest) + len(GAP) * (len(columns) - 1)
