"""The comparison as one HTML file: data, program and style in it, nothing from elsewhere.

The browser is told so, too: by its Content-Security-Policy the page can load nothing. Data stands
in it as JSON, and the program puts it on the page as text only, never as HTML.
"""

import base64
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

from scratchnet.system import files

PAGE = resources.files("scratchnet.compare") / "page"
PROGRAM = (  # in order: each may use the ones before
    *("page.js", "chart.js", "table.js", "curves.js"),
    *("parallel.js", "scatter.js", "heatmap.js", "differences.js", "main.js"),
)


def write(path: Path, values: dict[str, Any]) -> None:
    """Write the report of a payload. Raises RunError where the file cannot be written."""
    files.write_atomic(path, page(values).encode())


def page(values: dict[str, Any]) -> str:
    """The whole document."""
    program = "\n".join(_part(name) for name in PROGRAM)
    style = _part("report.css")
    document = _part("report.html")
    for name, text in (
        ("{{style-hash}}", _hash(style)),
        ("{{program-hash}}", _hash(program)),
        ("{{style}}", style),
        ("{{program}}", program),
        ("{{data}}", embedded(values)),  # last: what looks like a name in it is left alone
    ):
        document = document.replace(name, text)
    return document


def embedded(values: dict[str, Any]) -> str:
    """JSON that can stand in a script element: no `<` in it, so that nothing can end it."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a Content-Security-Policy allows a script or a style by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
