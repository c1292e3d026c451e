"""The head of a report: what the run is, how it ended, how good it is, how to repeat it."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scratchnet.compare.noise import wilson
from scratchnet.errors import RunError
from scratchnet.reports import numbers
from scratchnet.runs.folder import Status
from scratchnet.runs.load import Run
from scratchnet.settings.plain import Plain
from scratchnet.settings.wording import as_typed
from scratchnet.system import files
from scratchnet.system.text import printable

ACCURACIES = {  # in this order
    "val_accuracy": ("val", "validation accuracy"),
    "test_accuracy": ("test", "test accuracy"),
    "test_tta_accuracy": ("test", "with test-time augmentation"),
}
RESUMABLE = (Status.interrupted.value, Status.failed.value)
LONGEST = 64 << 10  # bytes of overrides.txt


def head(run: Run, info: Plain) -> dict[str, Any]:
    """Plain values; `info` is the content of run.json."""
    seconds = info.get("seconds") or run.results.get("seconds")
    return {
        "title": printable(as_typed(run.settings.get("name") or run.path.absolute().name)),
        "about": about(run),
        "note": printable(as_typed(run.settings.get("note") or "")),
        "status": run.status,
        "reason": printable(run.reason or ""),
        "resume": _resume(run),
        "figures": [*figures(run)],
        "facts": {
            "best epoch": _best_epoch(run),
            "duration": numbers.duration(seconds) if isinstance(seconds, int | float) else "-",
            "started": run.start.isoformat(sep=" ", timespec="minutes") if run.start else "-",
            "commit": commit(run),
        },
        "command": command(run.path),
    }


def about(run: Run) -> str:
    """The run in one sentence, as far as its folder tells."""
    settings, images = run.settings, run.data.get("images")
    sizes = images if isinstance(images, dict) else {}
    parts = [f"{as_typed(settings.get('model.name'))} on {as_typed(settings.get('dataset.name'))}"]
    if isinstance(count := run.results.get("parameters"), int):
        parts.append(f"{count:,} parameters")
    if isinstance(count := sizes.get("train"), int):
        parts.append(f"trained on {count:,} samples")
    parts.append(f"{as_typed(settings.get('optimizer.name'))}")
    epochs = settings.get("trainer.epochs")
    parts.append(f"{as_typed(epochs)} {'epoch' if epochs == 1 else 'epochs'}")
    parts.append(f"seed {as_typed(run.seed)}")
    return printable(", ".join(parts))


def figures(run: Run) -> Iterator[dict[str, Any]]:
    """Each accuracy with the number of images behind it, its 95 % interval and one image's worth.

    Of a run that has not completed, there is that of the best epoch so far.
    """
    images = run.data.get("images")
    for name, (split, label) in ACCURACIES.items():
        share = run.results.get(name)
        if not isinstance(share, int | float) or not 0 <= share <= 1:
            continue
        found = images.get(split) if isinstance(images, dict) else None
        count = found if type(found) is int and found > 0 else None
        yield {
            "name": name,
            "label": label,
            "share": share,
            "images": count,
            "interval": [*wilson(share, count)] if count else None,
            "point": 1 / count if count else None,
        }


def command(path: Path) -> str | None:
    """What to type to repeat the run; None if overrides.txt is missing or damaged."""
    try:
        overrides = files.read(path / "overrides.txt", LONGEST).decode().splitlines()
    except (RunError, ValueError):
        return None
    return printable(" ".join(["python run.py", *map(shlex.quote, overrides)]))


def commit(run: Run) -> str:
    """The commit the run was started from, and whether files had been changed."""
    found = run.origin.get("git.commit")
    if not isinstance(found, str):
        return "unknown"
    return printable(found[:12]) + (", with changes" if run.origin.get("git.dirty") else "")


def _best_epoch(run: Run) -> str:
    best, epochs = run.results.get("best_epoch"), run.results.get("epochs")
    return f"{as_typed(best)} of {as_typed(epochs)}" if best else "-"


def _resume(run: Run) -> str | None:
    if run.status not in RESUMABLE:
        return None
    return printable(f"python run.py resume={shlex.quote(os.path.relpath(run.path))}")
