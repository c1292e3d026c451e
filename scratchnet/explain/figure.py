"""The figure of an explanation: what the network sees, what matters, and layer by layer."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchnet.explain.explanation import Explanation
from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREY, ORANGE, bare, figure, heading, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, SIDE, GAP = 12.0, 1.8, 0.32  # inches: the figure, an image at the top, between images
TOP, HEAD = 0.55, 3.0  # inches: the heading, and the part with the images
LAYER = 1.06  # inches of a row
MAPS, CLASSES = 12, 10  # shown at most


def draw(
    explained: Explanation, pixels: np.ndarray, white: int, classes: list[str], path: Path
) -> None:
    """Write the figure of an image, uint8 (H, W, C), whose pixel value `white` is white."""
    rows = len(explained.outputs)
    height = TOP + HEAD + rows * LAYER + 0.2
    name, share = classes[explained.chosen], explained.probabilities[explained.chosen]
    with figure(path, WIDTH, height) as drawn:
        heading(drawn, f"{shortened(name, 60)}: {numbers.percent(float(share))}")
        shown = np.rint(pixels * (255 / white)).astype(np.uint8)
        seen = _place(drawn, 0, "what the network sees")
        seen.imshow(shown.squeeze(), cmap="gray", vmin=0, vmax=255)
        _bars(drawn, explained.probabilities, classes)
        maps = {
            "covered: how much it falls": explained.occlusion,
            "gradient times pixel": explained.saliency,
            "weights shuffled": explained.shuffled_saliency,
        }
        for column, (title, values) in enumerate(maps.items(), start=2):
            _signed(_place(drawn, column, title), values, _magnitude(values))
        note = (
            "Above, blue speaks for the class and orange against it. Below, blue is positive and "
            "orange negative, on one scale for each layer; maps are ordered by their strength."
        )
        drawn.text(0.2 / WIDTH, 1 - (TOP + HEAD - 0.15) / height, note, fontsize=9, color=GREY)
        for row, (title, output) in enumerate(explained.outputs.items()):
            _layer(drawn, TOP + HEAD + row * LAYER, title, output)


def _place(drawn: "Figure", column: int, title: str) -> "Axes":
    """The axes of one of the images at the top; the second column is as wide as one and a half."""
    height = drawn.get_size_inches()[1]
    left = 0.3 + column * (SIDE + GAP) + (0.95 if column > 1 else 0)
    bottom = height - TOP - 0.35 - SIDE
    axes = drawn.add_axes((left / WIDTH, bottom / height, SIDE / WIDTH, SIDE / height))
    axes.set_title(title, fontsize=9)
    bare(axes)
    return axes


def _bars(drawn: "Figure", probabilities: np.ndarray, classes: list[str]) -> None:
    """The most probable classes."""
    first = np.argsort(-probabilities, kind="stable")[:CLASSES]
    height = drawn.get_size_inches()[1]
    left, width = 0.3 + SIDE + GAP + 0.95, SIDE - 0.1
    box = (left / WIDTH, (height - TOP - 0.35 - SIDE) / height, width / WIDTH, SIDE / height)
    axes = drawn.add_axes(box)
    axes.set_title("classes", fontsize=9)
    axes.barh(range(len(first)), probabilities[first], color=BLUE)
    axes.set_yticks(range(len(first)), [shortened(classes[i], 14) for i in first], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.grid(axis="y", visible=False)


def _signed(axes: "Axes", values: np.ndarray, most: float) -> None:
    """An image of numbers from -most to most: blue where positive, orange where negative."""
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE])
    axes.imshow(values, cmap=colours, vmin=-most, vmax=most, interpolation="nearest")


def _magnitude(values: np.ndarray) -> float:
    """The largest one; 1 if all are 0."""
    return float(np.abs(values).max()) or 1.0


def _layer(drawn: "Figure", top: float, title: str, output: np.ndarray) -> None:
    """A row: the strongest maps of a layer, or all numbers of a vector."""
    height = drawn.get_size_inches()[1]
    shape = " x ".join(map(str, output.shape))
    drawn.text(0.2 / WIDTH, 1 - (top + 0.12) / height, f"{title}, {shape}", fontsize=9)
    if output.ndim == 1:
        box = (0.3 / WIDTH, 1 - (top + 0.75) / height, (WIDTH - 0.6) / WIDTH, 0.5 / height)
        axes = drawn.add_axes(box)
        bare(axes)
        _signed(axes, output[None, :], _magnitude(output))
        axes.set_aspect("auto")
        return
    strength = np.abs(output).mean(axis=(0, 1))
    for place, channel in enumerate(np.argsort(-strength, kind="stable")[:MAPS]):
        side = 0.62
        left = 0.3 + place * 0.95
        box = (left / WIDTH, 1 - (top + 0.2 + side) / height, side / WIDTH, side / height)
        axes = drawn.add_axes(box)
        bare(axes)
        _signed(axes, output[:, :, channel], _magnitude(output))
        axes.set_xlabel(f"{channel}", fontsize=7, color=GREY, labelpad=1)
