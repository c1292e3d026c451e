"""Tables on the terminal."""

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table


def new_table() -> Table:
    """An empty table without rules, with bold headings."""
    return Table(box=None, pad_edge=False, header_style="bold")


def console_for(table: Table) -> Console:
    """A console wide enough for the table: a narrow terminal wraps lines, but no text is cut."""
    console = Console(highlight=False)
    widest = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
    console.width = max(console.width, widest)
    return console
