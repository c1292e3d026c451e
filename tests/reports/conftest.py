"""Lets a test look at a figure that was drawn and saved."""

from collections.abc import Callable

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


@pytest.fixture
def figures(monkeypatch) -> list:
    """The figures that are saved from now on."""
    saved = []
    print_png = FigureCanvasAgg.print_png

    def keep(canvas, *arguments):
        saved.append(canvas.figure)
        return print_png(canvas, *arguments)

    monkeypatch.setattr(FigureCanvasAgg, "print_png", keep)
    return saved


@pytest.fixture
def texts() -> Callable[[Figure], str]:
    """Gives all that is written on a figure, line by line."""
    return lambda figure: "\n".join(text.get_text() for text in figure.findobj(Text))
