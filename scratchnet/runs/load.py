"""Find run folders and read them back, one row per run.

from scratchnet.runs import load_runs
frame = pandas.DataFrame(load_runs("outputs"))
"""

import contextlib
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scratchnet.errors import RunError
from scratchnet.kernels.engine import Engine
from scratchnet.runs import history
from scratchnet.runs.folder import ADDED_LATER, COLUMNS, RunFolder, Status
from scratchnet.runs.parsing import read_columns, read_json
from scratchnet.settings.plain import Plain, flatten
from scratchnet.settings.wording import as_typed
from scratchnet.system import files
from scratchnet.training.early_stopping import Metric

MANY = 200  # runs: from here on an index saves more time than it takes
DEEPEST = 4  # levels below a given folder: outputs/<date>/<sweep>/<job>
JOB = "job.json"  # how a job of a sweep ended, even if its run never started
KEPT = "KEEP"  # a file of this name in a run folder protects the run from `clean`

Value = float | int | str | bool | list | None


@dataclass(frozen=True)
class Skipped:
    """A folder that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Run:
    """What a comparison needs to know about one run."""

    path: Path
    status: str
    start: datetime | None
    settings: dict[str, Value]  # by dotted name, e.g. `optimizer.lr`
    data: Plain  # fingerprint, protocol and images per split; empty where unknown
    results: dict[str, Value]  # by name, e.g. `test_accuracy`; only those that are known
    curves: dict[str, list[float]] = field(repr=False)  # columns of metrics.csv
    is_kept: bool = False
    reason: str | None = None  # why it did not complete
    origin: dict[str, Value] = field(default_factory=dict)  # machine, commit, versions, data

    @property
    def seed(self) -> Value:
        """The seed in the config."""
        return self.settings.get("seed")

    @property
    def is_completed(self) -> bool:
        return self.status == "completed"

    @property
    def metric(self) -> str:
        """The validation result that its best epoch was chosen by."""
        return _metric(self.settings)

    def row(self) -> dict[str, Value]:
        """Everything about the run as one flat row."""
        start = self.start.isoformat() if self.start else None
        about = {"run": str(self.path), "status": self.status, "start": start}
        return about | self.settings | self.results | about  # a summary cannot replace `about`


def load_runs(paths: Path | str | Iterable[Path | str]) -> list[dict[str, Value]]:
    """One flat row for each run below the paths: its folder, status, settings and results.

    Paths are run folders, folders that contain runs (sweeps, `outputs`) or patterns with `*`.
    A list is given as text, e.g. `[256,128]`, so that a table can be grouped by it.
    Damaged runs and other folders are left out; `read_runs` lists them, with the reasons.
    """
    runs, _ = read_runs(paths)
    return [
        {name: as_typed(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in (run.row() for run in runs)
    ]


def read_runs(paths: Path | str | Iterable[Path | str]) -> tuple[list[Run], list[Skipped]]:
    """The runs below the paths, in the order of paths and names, and the folders skipped."""
    from scratchnet.runs.index import RunIndex  # here, as it reads runs by what stands below

    found, skipped = find_runs(paths)
    runs = []
    index = RunIndex(found) if len(found) >= MANY else None
    for path in found:
        try:
            runs.append(index.read(path) if index else read_run(path))
        except RunError as error:
            skipped.append(Skipped(path, str(error)))
    if index:
        index.save()
    return runs, skipped


def find_runs(paths: Path | str | Iterable[Path | str]) -> tuple[list[Path], list[Skipped]]:
    """The run folders below the paths, each once, and the paths that hold none."""
    runs: dict[Path, Path] = {}  # by resolved path
    skipped = []
    for path in _expanded([paths] if isinstance(paths, (str, Path)) else paths):
        if path.is_dir():
            found, without = _search(path, DEEPEST)
            for run in found:
                runs.setdefault(run.resolve(), run)
            skipped += without
        else:
            reason = "is not a folder" if path.exists() else "does not exist"
            skipped.append(Skipped(path, reason))
    return list(runs.values()), skipped


def read_run(path: Path) -> Run:
    """Read one run. Raises RunError if one of its files is missing or damaged."""
    folder = RunFolder.open(path)
    info, config = folder.info, folder.config
    curves = read_columns(path / "metrics.csv", COLUMNS, ADDED_LATER)
    if curves["epoch"] != list(range(1, len(curves["epoch"]) + 1)):
        raise RunError(f"{path / 'metrics.csv'}: its epochs must be 1, 2, 3, ...")
    is_over = info["status"] == Status.completed.value and (path / "summary.json").exists()
    summary = folder.summary if is_over else {}
    settings = flatten(config) | _engine(info) | _raised(info)
    return Run(
        path=path,
        status=_status(folder, info),
        start=_time(info.get("start")),
        settings=settings,
        data=_data(info),
        results=_results(curves, summary, settings),
        curves=curves,
        is_kept=(path / KEPT).exists(),
        reason=reason if isinstance(reason := info.get("reason"), str) else None,
        origin=_origin(info),
    )


def _engine(info: Plain) -> dict[str, Value]:
    """The engine that was taken, in place of `auto`; NumPy was the only one until November 2026."""
    taken = info.get("engine", Engine.numpy.value)
    return {"trainer.engine": taken} if isinstance(taken, str) else {}


def _raised(info: Plain) -> dict[str, Value]:
    """A setting of those runs only whose epochs were raised: they are no others' equals."""
    parts = [f"{one['from']} to {one['to']} after {one['epoch']}" for one in history.raised(info)]
    return {"trainer.epochs_raised": ", ".join(parts)} if parts else {}


def _data(info: Plain) -> Plain:
    """The `data` of run.json, whose `images` were called `pictures` until November 2026."""
    data = info.get("data")
    if not isinstance(data, dict):
        return {}
    return {{"pictures": "images"}.get(name, name): value for name, value in data.items()}


def _origin(info: Plain) -> dict[str, Value]:
    """What a run ran on and with, by dotted name, e.g. `machine.cpu`, `versions.numpy`."""
    data = _data(info)
    parts = {"data": data, "data.images": data.get("images")}
    parts |= {name: info.get(name) for name in ("machine", "git", "versions")}
    return {
        f"{part}.{name}": value
        for part, values in parts.items()
        if isinstance(values, dict)
        for name, value in values.items()
        if not isinstance(value, (dict, list))
    }


def _status(folder: RunFolder, info: Plain) -> str:
    """The status in run.json; a killed run still says `running` there, but is interrupted."""
    if info["status"] == Status.running.value and not folder.is_at_work:
        return Status.interrupted.value
    return info["status"]


def _metric(settings: dict[str, Value]) -> str:
    chosen = settings.get("trainer.early_stopping.metric")
    return chosen if chosen in [*Metric.__members__] else Metric.val_accuracy.value  # may be a list


def is_higher_better(result: str) -> bool:
    """Whether a higher value of this result is better: true for accuracies and speeds."""
    return result.endswith(("accuracy", "samples_per_second"))


def _results(curves: dict[str, list], summary: Plain, settings: dict[str, Value]) -> dict[str, Any]:
    """The summary if there is one, else the best epoch so far; and the last epoch (`final_...`).

    Without validation images the last epoch counts as the best, and validation results are left
    out.
    """
    results: dict[str, Any] = {}
    epochs = len(curves["epoch"])
    if epochs:
        metric = _metric(settings)
        choose = max if is_higher_better(metric) else min
        values = curves[metric]
        finite = [i for i in range(epochs) if math.isfinite(values[i])]
        best = choose(finite, key=values.__getitem__) if finite else epochs - 1
        results = {
            "best_epoch": curves["epoch"][best],
            "epochs": curves["epoch"][-1],
            "val_loss": curves["val_loss"][best],
            "val_accuracy": curves["val_accuracy"][best],
            "val_balanced_accuracy": curves["val_balanced_accuracy"][best],
            "seconds": sum(curves["seconds"]),
            "samples_per_second": statistics.median(curves["samples_per_second"]),
        }
        names = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
        results |= {f"final_{name}": curves[name][-1] for name in names}
    if settings.get("dataset.validation") == "none":
        results = {name: value for name, value in results.items() if "val_" not in name}
    return results | {
        name: value for name, value in summary.items() if isinstance(value, (int, float))
    }


def _expanded(paths: Iterable[Path | str]) -> Iterable[Path]:
    """Each pattern replaced by the folders that match it; one without a match is kept as it is."""
    for path in map(Path, paths):
        matches = []
        if "*" in str(path) and not path.exists():
            with contextlib.suppress(ValueError):  # not a valid pattern, such as a**
                pattern = str(path.relative_to(path.anchor))
                matches = sorted(Path(path.anchor).glob(pattern), key=_by_number)
        yield from matches or [path]


def _search(folder: Path, depth: int) -> tuple[list[Path], list[Skipped]]:
    """The run folders in a folder, without those in hidden folders (the trash) and links."""
    try:
        if files.is_file(folder / "run.json"):
            return [folder], []
        inside = sorted(folder.iterdir(), key=_by_number)
        folders = [path for path in inside if path.is_dir() and not path.is_symlink()]
    except RunError as error:
        return [], [Skipped(folder, str(error))]
    except OSError as error:
        return [], [Skipped(folder, f"cannot be read: {error.strerror}")]
    runs, skipped = [], []
    for path in folders if depth else ():
        if not path.name.startswith("."):
            found, without = _search(path, depth - 1)
            runs += found
            skipped += without
    if runs:
        return runs, skipped
    return [], [Skipped(folder, _why_no_run(folder, {path.name for path in inside}))]


def _why_no_run(folder: Path, names: set[str]) -> str:
    """The reason to skip a folder that has files of these names but no run.json."""
    if {"config.yaml", "metrics.csv"} & names:
        return "is a damaged run folder (it has no run.json)"
    if JOB in names:
        with contextlib.suppress(RunError):
            job = read_json(folder / JOB)
            return f"the run of this job never started: {job.get('reason') or job.get('status')}"
    return "holds no run folder"


def _by_number(path: Path) -> tuple[bool, int, str]:
    """A sort key: the jobs of a sweep by number, then all other names."""
    is_number = path.name.isascii() and path.name.isdecimal() and len(path.name) < 10
    return not is_number, int(path.name) if is_number else 0, path.name


def _time(text: Any) -> datetime | None:
    """A time as written in run.json; None for anything else."""
    if isinstance(text, str):
        with contextlib.suppress(ValueError, OverflowError):
            return datetime.fromisoformat(text).astimezone()
    return None
