"""What all plots share: how they look, and how they are saved.

Figures are drawn through matplotlib's object-oriented interface, without pyplot: no window system,
no global list of figures. matplotlib is imported when the first plot is drawn, as that takes half a
second. Margins are in inches and fixed: automatic layouts take longer than the drawing.
"""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.system import files

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours: told apart by the colour-blind, too.
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
INK, GREY, LIGHT = "#222222", "#6b6b6b", "#e4e4e4"
DPI = 150

STYLE = {
    "text.usetex": False,
    "text.parse_math": False,  # a name with a $ is a name, not a formula
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": "#9a9a9a",
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": LIGHT,
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
}


@contextlib.contextmanager
def figure(path: Path, width: float, height: float) -> Iterator["Figure"]:
    """A figure of `width` x `height` inches to draw on; afterwards it is saved as a PNG."""
    # its warnings about fonts or an unwritable home do not concern the run
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # e.g. a letter that the font lacks
        drawn = Figure(figsize=(width, height), dpi=DPI)
        canvas = FigureCanvasAgg(drawn)
        yield drawn
        buffer = io.BytesIO()
        canvas.print_png(buffer)
    files.write_atomic(path, buffer.getvalue())


@dataclass(frozen=True)
class Panels:
    """Panels of `width` x `height` inches in a row, with margins and gaps in inches."""

    count: int
    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    gap: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole figure."""
        row = self.count * (self.width + self.gap) - self.gap
        return self.left + row + self.right, self.bottom + self.height + self.top

    def axes(self, drawn: "Figure") -> "list[Axes]":
        """The axes of the panels, in a figure of this `size`."""
        width, height = self.size
        row = drawn.subplots(
            1,
            self.count,
            squeeze=False,
            gridspec_kw={
                "left": self.left / width,
                "right": 1 - self.right / width,
                "bottom": self.bottom / height,
                "top": 1 - self.top / height,
                "wspace": self.gap / self.width,
            },
        )
        return list(row[0])


def heading(drawn: "Figure", text: str) -> None:
    """The title of a figure, at its top left."""
    width, height = drawn.get_size_inches()
    style = {"ha": "left", "va": "top", "fontsize": 12, "fontweight": "bold"}
    drawn.text(0.2 / width, 1 - 0.16 / height, text, style)


def bare(axes: "Axes") -> None:
    """Take away what frames a plot: for images."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def shortened(name: str, length: int) -> str:
    """A name that takes no more than `length` characters."""
    return name if len(name) <= length else f"{name[: length - 1]}…"
