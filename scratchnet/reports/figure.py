"""What all plots share: their style, their layout and how they are saved.

Figures use matplotlib's object-oriented interface, without pyplot: no window system, no global list
of figures. matplotlib is imported when the first plot is drawn, as the import takes half a second.
Margins are fixed, in inches: an automatic layout takes longer than the drawing itself.
"""

import contextlib
import io
import logging
import math
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.reports import numbers
from scratchnet.system import files, output

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours of Okabe and Ito (2008), which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
INK, GREY, LIGHT = "#222222", "#6b6b6b", "#e4e4e4"
DPI = 150
NARROW = 4.0  # values within this factor are shown on a linear axis

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
    "axes.titley": 1.0,  # where it would be anyway: it need not be measured
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


def import_matplotlib() -> None:
    """Import matplotlib, whatever MPLBACKEND names: an unknown backend would make this fail.

    Jupyter sets it, for all that is started from a notebook, to a backend that may not be installed
    beside us. Only the live window needs a backend.
    """
    # matplotlib warns of fonts and an unwritable home, which do not concern the run
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", None)
    import matplotlib

    if backend is not None:
        os.environ["MPLBACKEND"] = backend
        with contextlib.suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


@contextlib.contextmanager
def figure(path: Path, width: float, height: float) -> Iterator["Figure"]:
    """A figure of `width` x `height` inches to draw on, saved as a PNG when the block ends."""
    import_matplotlib()
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # e.g. a character missing from the font
        drawn = Figure(figsize=(width, height), dpi=DPI)
        canvas = FigureCanvasAgg(drawn)
        yield drawn
        canvas.draw()
        opaque = Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, :3])
        buffer = io.BytesIO()
        text = PngInfo()
        for key, value in output.PNG.items():
            text.add_text(key, value)
        # level 1 is fast, and a tenth larger
        opaque.save(buffer, "PNG", compress_level=1, dpi=(DPI, DPI), pnginfo=text)
    files.write_atomic(path, buffer.getvalue())


@dataclass(frozen=True)
class Panels:
    """`rows` rows of `count` panels of `width` x `height`; all lengths are in inches."""

    count: int  # in a row
    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    gap: float = 0.0  # beside each other
    rows: int = 1
    row_gap: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole figure, in inches."""
        row = self.count * (self.width + self.gap) - self.gap
        column = self.rows * (self.height + self.row_gap) - self.row_gap
        return self.left + row + self.right, self.bottom + column + self.top

    def figure(self, path: Path) -> contextlib.AbstractContextManager["Figure"]:
        """A figure of this `size`, saved as a PNG when the block ends."""
        width, height = self.size
        return figure(path, width, height)

    def axes(self, drawn: "Figure") -> "list[Axes]":
        """Create the axes of the panels in a figure made by `figure`, row by row."""
        width, height = self.size
        panels = drawn.subplots(
            self.rows,
            self.count,
            squeeze=False,
            gridspec_kw={
                "left": self.left / width,
                "right": 1 - self.right / width,
                "bottom": self.bottom / height,
                "top": 1 - self.top / height,
                "wspace": self.gap / self.width,
                "hspace": self.row_gap / self.height,
            },
        )
        return list(panels.flat)


def heading(drawn: "Figure", text: str) -> None:
    """Write the title at the top left of a figure."""
    width, height = drawn.get_size_inches()
    style = {"ha": "left", "va": "top", "fontsize": 12, "fontweight": "bold"}
    drawn.text(0.2 / width, 1 - 0.16 / height, text, style)


def subheading(drawn: "Figure", text: str) -> None:
    """Write a line below the title."""
    width, height = drawn.get_size_inches()
    style = {"ha": "left", "va": "top", "fontsize": 9, "color": GREY}
    drawn.text(0.2 / width, 1 - 0.45 / height, text, style)


def legend(drawn: "Figure", axes: "Axes") -> None:
    """Write the legend of `axes` at the top right of a figure."""
    width, height = drawn.get_size_inches()
    lines, labels = axes.get_legend_handles_labels()
    corner = (1 - 0.1 / width, 1 - 0.12 / height)
    drawn.legend(lines, labels, ncols=2, loc="upper right", bbox_to_anchor=corner)


def log_axis(axes: "Axes", values: list[float]) -> None:
    """A logarithmic y axis that fits the positive values, if they span more than a little."""
    from matplotlib.ticker import LogLocator

    shown = [value for value in values if 0 < value < math.inf]
    if not shown or max(shown) < NARROW * min(shown):
        return  # so narrow a range has hardly a round number on a logarithmic axis
    low, high = min(shown), max(shown)
    axes.set_yscale("log")
    axes.set_ylim(low / 1.15, high * 1.15)
    wide = high > 30 * low
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if wide else (1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(lambda value, _: numbers.short(value))
    _mark_minor(axes)


def _mark_minor(axes: "Axes") -> None:
    """Draw the minor ticks of the y axis as one artist: as ticks, they take as long as a panel."""
    from matplotlib.markers import TICKLEFT

    axes.set_ylim(axes.get_ylim())
    low, high = axes.get_ylim()
    minor = [y for y in axes.yaxis.get_minorticklocs() if low <= y <= high]
    axes.minorticks_off()
    (marks,) = axes.plot([0] * len(minor), minor, transform=axes.get_yaxis_transform())
    marks.set(marker=TICKLEFT, markersize=2.0, markeredgewidth=0.6, linestyle="none")
    marks.set(color=GREY, clip_on=False)


def bare(axes: "Axes") -> None:
    """Remove ticks, grid and frame, as suits an image."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def shortened(name: str, length: int) -> str:
    """A name cut to at most `length` characters."""
    return name if len(name) <= length else f"{name[: length - 1]}…"
