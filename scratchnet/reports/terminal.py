"""Tables on the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from scratchnet.system.text import printable

STACKED = 80  # characters: on a narrower terminal each row becomes a few lines


def new_table() -> Table:
    """An empty table without rules, with bold headings."""
    return Table(box=None, pad_edge=False, header_style="bold")


def console_for(table: Table) -> Console:
    """A console wide enough for the table: a narrow terminal wraps lines, but no text is cut."""
    console = Console(highlight=False)
    console.width = max(console.width, _width(console, table))
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
    table = _table(shown, best)
    if not console.is_terminal:
        console_for(table).print(table)
        return
    while _width(console, table) > console.width and any(column.rank for column in shown):
        shown.remove(max(shown, key=lambda column: column.rank))
        table = _table(shown, best)
    if _width(console, table) <= console.width:
        console.print(table)
    elif console.width < STACKED:
        shown = columns
        _print_stacked(console, columns, best)
    else:
        console_for(table).print(table)
    if left_out := [column.heading for column in columns if column not in shown]:
        text = f"not shown, as the terminal is too narrow: {', '.join(left_out)}"
        console.print(Text(printable(text), style="dim"))


def _table(columns: list[Column], best: int | None) -> Table:
    table = new_table()
    for column in columns:
        table.add_column(
            Text(printable(column.heading)),
            justify="right" if column.is_number else "left",
            no_wrap=True,
            style="dim" if column.is_quiet else "",
        )
    for number, row in enumerate(zip(*(column.cells for column in columns), strict=True)):
        cells = [Text(printable(text)) for text in row]
        table.add_row(*cells, style="bold" if number == best else "")
    return table


def _print_stacked(console: Console, columns: list[Column], best: int | None) -> None:
    """A line for each cell, with its heading; rows are apart."""
    width = max(len(column.heading) for column in columns)
    for number in range(len(columns[0].cells)):
        if number:
            console.print()
        for column in columns:
            line = f"{column.heading:{width}}  {column.cells[number]}"
            console.print(Text(printable(line), style="bold" if number == best else ""))


def _width(console: Console, table: Table) -> int:
    return Measurement.get(console, console.options.update(max_width=10_000), table).maximum
