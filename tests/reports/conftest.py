"""Fixtures that give a test the figures that were drawn and saved."""

from collections.abc import Callable

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


@pytest.fixture
def figures(monkeypatch) -> list:
    """A list that collects every figure saved during the test."""
    saved = []
    draw = FigureCanvasAgg.draw

    def keep(canvas):
        saved.append(canvas.figure)
        draw(canvas)

    monkeypatch.setattr(FigureCanvasAgg, "draw", keep)
    return saved


@pytest.fixture
def texts() -> Callable[[Figure], str]:
    """A function that returns all text on a figure, line by line."""
    return lambda figure: "\n".join(text.get_text() for text in figure.findobj(Text))
