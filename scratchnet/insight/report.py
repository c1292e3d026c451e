"""report.html: one page about a run, complete in itself."""

import logging
from importlib import resources
from pathlib import Path
from typing import Any

from scratchnet.insight.payload import Subject, payload
from scratchnet.reports.pages.document import CHART_STYLE, CHARTS, document
from scratchnet.runs.folder import REPORT, RunFolder
from scratchnet.system import files

logger = logging.getLogger("scratchnet")

PAGE = resources.files("scratchnet.insight") / "page"
STYLES = (CHART_STYLE, "insight.css")
PROGRAM = (  # in order: each file may use those before it
    *CHARTS,
    "tiles.js",
    "head.js",
    "curves.js",
    "confusion.js",
    "gallery.js",
    "calibration.js",
    "layers.js",
    "network.js",
    "dataset.js",
    "main.js",
)


def write(folder: RunFolder, subject: Subject) -> Path:
    """Write the report of a run as it is now. Raises RunError."""
    path = folder.path / REPORT
    files.write_atomic(path, page(payload(folder, subject)).encode())
    return path


def write_harmlessly(folder: RunFolder, subject: Subject) -> None:
    """As `write`, but a report that fails never fails the run: it logs a warning."""
    try:
        write(folder, subject)
    except Exception as error:  # a broken disk or image library can raise anything
        reason = str(error) or type(error).__name__
        logger.warning("%s could not be written: %s", REPORT, reason)


def page(values: dict[str, Any]) -> str:
    """The whole document, for the values of a payload."""
    return document(PAGE, "report.html", STYLES, PROGRAM, values)
