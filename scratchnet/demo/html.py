"""The demo as a single HTML file."""

from importlib import resources
from typing import Any

from scratchnet.reports.pages.document import document

PAGE = resources.files("scratchnet.demo") / "page"
STYLES = ("demo.css",)
PROGRAM = (  # in order: each file may use those before it
    "weights.js",
    "activations.js",
    "convolution.js",
    "operations.js",
    "network.js",
    "strokes.js",
    "resize.js",
    "fit.js",
    "ink.js",
    "framing.js",
    "preparation.js",
    "drawing.js",
    "maps.js",
    "inspection.js",
    "layers.js",
    "saliency.js",
    "check.js",
    "main.js",
)


def page(values: dict[str, Any]) -> str:
    """The whole document, for the values of a payload."""
    return document(PAGE, "demo.html", STYLES, PROGRAM, values)
