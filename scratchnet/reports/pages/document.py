"""A page as a single HTML file, with its data, program and style inside.

A Content-Security-Policy keeps the page from loading anything else. The data is embedded as JSON,
and the program inserts it into the page as text only, never as HTML.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

SHARED = resources.files("scratchnet.reports.pages")
THEME, DOM = "theme.css", "dom.js"  # come first in every page
CHART_STYLE = "chart.css"  # for pages with charts
CHARTS = ("numbers.js", "axes.js", "lines.js", "zoom.js", "chart.js")  # each may use those before


def document(
    folder: Traversable, page: str, styles: Sequence[str], program: Sequence[str], values: Any
) -> str:
    """The whole page: the file `page` of a folder with styles, program and plain values put in.

    Styles and program are files of that folder, or else of those that all pages share. Each file of
    the program may use those before it.
    """
    style = "".join(_read(folder, [THEME, *styles]))
    script = "\n".join(_read(folder, [DOM, *program]))
    text = (folder / page).read_text(encoding="utf-8")
    for name, part in (
        ("{{style-hash}}", _hash(style)),
        ("{{program-hash}}", _hash(script)),
        ("{{style}}", style),
        ("{{program}}", script),
        ("{{data}}", embedded(values)),  # last, so that no placeholder in the data is replaced
    ):
        text = text.replace(name, part)
    return text


def embedded(values: Any) -> str:
    """JSON for a script element: without `<`, so that no text can end the element."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _read(folder: Traversable, names: Sequence[str]) -> list[str]:
    """The content of files, in order."""
    paths = [folder / name if (folder / name).is_file() else SHARED / name for name in names]
    return [path.read_text(encoding="utf-8") for path in paths]


def _hash(text: str) -> str:
    """The hash by which a Content-Security-Policy allows a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
