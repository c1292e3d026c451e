"""The comparison as a single HTML file."""

from importlib import resources
from pathlib import Path
from typing import Any

from scratchnet.reports.pages.document import CHART_STYLE, CHARTS, document
from scratchnet.system import files

PAGE = resources.files("scratchnet.compare") / "page"
STYLES = (CHART_STYLE, "report.css")
PROGRAM = (  # in order: each file may use those before it
    *CHARTS,
    "importance.js",
    "rows.js",
    "names.js",
    "marks.js",
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
    return document(PAGE, "report.html", STYLES, PROGRAM, values)
