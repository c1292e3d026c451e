"""Tables that fit the terminal: nothing is cut, and what is left out is named."""

import pytest
from rich.console import Console

from scratchnet.reports import terminal
from scratchnet.reports.terminal import Column, print_fitting

COLUMNS = [
    Column("lr", ["1e-3", "3e-4"]),
    Column("val_accuracy", ["97.22 ± 0.28 %", "98.00 ± 0.20 %"], is_number=True),
    Column("seconds", ["12 s", "1:02"], rank=2),
    Column("folder", ["outputs/2026-11-28/a", "outputs/2026-11-28/b"], rank=1),
]
WHOLE = """\
lr      val_accuracy  seconds  folder
1e-3  97.22 ± 0.28 %  12 s     outputs/2026-11-28/a
3e-4  98.00 ± 0.20 %  1:02     outputs/2026-11-28/b
"""
NO_SECONDS = """\
lr      val_accuracy  folder
1e-3  97.22 ± 0.28 %  outputs/2026-11-28/a
3e-4  98.00 ± 0.20 %  outputs/2026-11-28/b
not shown, as the terminal is too narrow: seconds
"""
ONE_RESULT = """\
lr      val_accuracy
1e-3  97.22 ± 0.28 %
3e-4  98.00 ± 0.20 %
"""
STACKED = """\
lr            1e-3
val_accuracy  97.22 ± 0.28 %
seconds       12 s
folder        outputs/2026-11-28/a

lr            3e-4
val_accuracy  98.00 ± 0.20 %
seconds       1:02
folder        outputs/2026-11-28/b
"""


@pytest.fixture
def show(monkeypatch, capsys):
    """A function that prints on a terminal of this width and returns the text."""

    def printed(width: int, is_terminal: bool = True, best: int | None = None) -> str:
        def console(highlight: bool) -> Console:
            return Console(
                highlight=highlight, force_terminal=is_terminal, width=width, no_color=True
            )

        monkeypatch.setattr(terminal, "Console", console)
        print_fitting(COLUMNS, best)
        return capsys.readouterr().out

    return printed


def plain(text: str) -> str:
    for code in ("\x1b[1m", "\x1b[2m", "\x1b[0m"):
        text = text.replace(code, "")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def test_a_wide_terminal_shows_all(show):
    assert plain(show(100)) == WHOLE


def test_a_narrow_one_leaves_out_what_matters_least_and_names_it(show):
    assert plain(show(50)) == NO_SECONDS
    shortest = plain(show(20 + 10))
    assert shortest.startswith(ONE_RESULT)
    assert shortest.replace("\n", " ").endswith("too narrow: seconds, folder ")


def test_the_narrowest_one_has_a_line_for_each_cell(show):
    assert "".join(show(15).split()) == "".join(STACKED.split())  # long lines are wrapped


def test_a_pipe_gets_the_whole_table_however_wide_it_is(show):
    assert plain(show(15, is_terminal=False)) == WHOLE


def test_the_best_row_is_bold(show):
    lines = show(100, best=1).splitlines()
    assert "\x1b[1m" in lines[2]
    assert "\x1b[1m" not in lines[1]
