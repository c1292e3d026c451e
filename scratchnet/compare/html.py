"""The comparison as a single HTML file, with its data, program and style inside.

A Content-Security-Policy keeps the page from loading anything else. The data is embedded as JSON,
and the program inserts it into the page as text only, never as HTML.
"""

import base64
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

from scratchnet.system import files

PAGE = resources.files("scratchnet.compare") / "page"
STYLE = ("chart.css", "report.css")
PROGRAM = (  # in order: each file may use those before it
    "dom.js",
    "numbers.js",
    "axes.js",
    "chart.js",
    "importance.js",
    "rows.js",
    "noise.js",
    "filter.js",
    "columns.js",
    "table.js",
    "curves.js",
    "scatter.js",
    "parallel.js",
    "heatmap.js",
    "differences.js",
    "view.js",
    "main.js",
)


def write(path: Path, values: dict[str, Any]) -> None:
    """Write the report of a payload. Raises RunError if the file cannot be written."""
    files.write_atomic(path, page(values).encode())


def page(values: dict[str, Any]) -> str:
    """The whole document, for the values of a payload."""
    program = "\n".join(_part(name) for name in PROGRAM)
    style = "".join(_part(name) for name in STYLE)
    document = _part("report.html")
    for name, text in (
        ("{{style-hash}}", _hash(style)),
        ("{{program-hash}}", _hash(program)),
        ("{{style}}", style),
        ("{{program}}", program),
        ("{{data}}", embedded(values)),  # last, so that no placeholder in the data is replaced
    ):
        document = document.replace(name, text)
    return document


def embedded(values: dict[str, Any]) -> str:
    """JSON for a script element: without `<`, so that no text can end the element."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash by which a Content-Security-Policy allows a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
