"""The run folder: everything about one run, in plain files.

    config.yaml      the resolved config, complete
    overrides.txt    the overrides, as typed
    run.json         status, start and end, versions, machine, threads, git commit, data
    data.json        what was found in data of one's own: files, classes, duplicates
    metrics.csv      one row per epoch
    summary.txt      the layers: shapes, parameters, FLOPs
    summary.json     the final numbers
    predictions.csv  test image by test image: label, prediction, probabilities, loss
    run.log
    checkpoints/     last.npz, best.npz, previous/ (see runs.checkpoint_folder)
    plots/
    layers.jsonl     what layers did after some epochs (see insight.layers)
    report.html      a page about all of it (see insight.report)
    tensorboard/     event files, with trainer.tensorboard=true

The folder itself is the database: no server, no index, nothing to import.
"""

import contextlib
import dataclasses
import json
import math
import os
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from scratchnet.errors import RunError
from scratchnet.runs import history, predictions, vacancy
from scratchnet.runs.parsing import read_csv, read_json, read_yaml
from scratchnet.runs.vacancy import LOCK
from scratchnet.settings.plain import Plain
from scratchnet.system import files, locks
from scratchnet.training.metrics import EpochMetrics

REPORT = "report.html"
COLUMNS = {field.name: field.type for field in dataclasses.fields(EpochMetrics)}
ADDED_LATER = {"val_balanced_accuracy"}  # columns that runs before December 2026 do not have


class Status(Enum):
    """Whether a run is in progress, or how it ended."""

    running = "running"
    completed = "completed"
    diverged = "diverged"
    interrupted = "interrupted"
    failed = "failed"
    pruned = "pruned"  # stopped by a search as unpromising


class RunFolder:
    """The folder of one run. `create` makes a new one, `open` opens an existing one.

    A file that is missing, damaged or cannot be written raises RunError in one line.
    """

    def __init__(self, path: Path):
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.last_checkpoint = self.checkpoints / "last.npz"
        self.best_checkpoint = self.checkpoints / "best.npz"
        self.plots = path / "plots"
        self.events = path / "tensorboard"
        self.log = path / "run.log"
        self._rows: list[str] | None = None  # of metrics.csv, once this process writes to it

    @classmethod
    def create(
        cls,
        path: Path | str,
        config: Plain,
        overrides: list[str],
        info: dict[str, Any],
        data: Plain | None = None,
    ) -> "RunFolder":
        """Start a run in a new folder (see runs.vacancy); runs.description makes the `info`.

        `data` is what was found in data of one's own, for data.json.
        """
        run = cls(Path(path))
        vacancy.check(run.path)
        run._make_folders()
        run._write_config(config)
        run._write("overrides.txt", "".join(f"{override}\n" for override in overrides))
        run._write("metrics.csv", _table([]))
        if data:
            run._write_json("data.json", data)
        state = {"status": Status.running.value, "start": _now(), "end": None, "reason": None}
        run._write_json("run.json", state | {"seconds": None} | info)
        return run

    @staticmethod
    def locked(path: Path | str) -> contextlib.AbstractContextManager[None]:
        """A context in which no other process can write to the run in this folder."""
        files.make_folder(Path(path))
        return locks.locked(Path(path) / LOCK)

    @property
    def is_at_work(self) -> bool:
        """Whether a process holds the lock; a killed one does not, whatever run.json says."""
        return locks.is_locked(self.path / LOCK)

    @classmethod
    def open(cls, path: Path | str) -> "RunFolder":
        """The folder of an existing run."""
        run = cls(Path(path))
        if not os.path.lexists(path):
            raise RunError(f"{path}: there is no such folder")
        if not files.is_file(run._file("run.json")):
            raise RunError(
                f"{path}: is not a run folder (it has no run.json); a run folder is, e.g., "
                "outputs/2026-11-23/10-15-02-3f9a1c"
            )
        return run

    def checkpoint(self, which: str) -> Path:
        """The file of the checkpoint `which`, best or last."""
        return self.best_checkpoint if which == "best" else self.last_checkpoint

    @property
    def config(self) -> Plain:
        """The resolved config as plain values."""
        return read_yaml(self._file("config.yaml"))

    @property
    def info(self) -> Plain:
        """The content of run.json; `status` is the name of a Status."""
        info = read_json(self._file("run.json"))
        if info.get("status") not in [*Status.__members__]:  # may be a list
            raise RunError(
                f"{self._file('run.json')}: status must be one of {', '.join(Status.__members__)}"
            )
        return info

    @property
    def metrics(self) -> list[dict[str, int | float]]:
        """One dict per finished epoch, with the fields of EpochMetrics."""
        rows = read_csv(self._file("metrics.csv"), COLUMNS, ADDED_LATER)
        if [row["epoch"] for row in rows] != list(range(1, len(rows) + 1)):
            raise RunError(f"{self._file('metrics.csv')}: its epochs must be 1, 2, 3, ...")
        return rows

    @property
    def summary(self) -> Plain:
        """The final numbers, by name. Raises RunError if the run has not completed."""
        return read_json(self._file("summary.json"))

    def append_metrics(self, metrics: EpochMetrics) -> None:
        """Add the row of an epoch.

        Call it before saving the checkpoint of that epoch, so that metrics.csv always covers the
        epochs of the checkpoint.
        """
        self._keep_rows(metrics.epoch - 1)
        self._rows.append(_row(dataclasses.asdict(metrics)))
        self._write("metrics.csv", _table(self._rows))

    def truncate_metrics(self, epoch: int) -> None:
        """Drop the rows after an epoch: a resumed run writes them again."""
        self._keep_rows(epoch)
        self._write("metrics.csv", _table(self._rows))

    def write_layers(self, table: str) -> None:
        """Write the table of the network's layers (see nn.summary)."""
        self._write("summary.txt", table)

    def write_summary(self, summary: Plain) -> None:
        """Write the final numbers. Non-finite ones become null, as JSON cannot express them."""
        self._write_json(
            "summary.json",
            {
                name: None if isinstance(value, float) and not math.isfinite(value) else value
                for name, value in summary.items()
            },
        )

    def write_predictions(self, table: str) -> None:
        """Write the table of runs.predictions."""
        self._write(predictions.FILE, table)

    def finish(
        self, status: Status, reason: str | None = None, seconds: float | None = None
    ) -> None:
        """Record how and when the run ended and, if it did not complete, the reason in one line.

        `seconds`: what all its processes took, if that is known.
        """
        end = {"status": status.value, "end": _now(), "reason": reason, "seconds": seconds}
        self._write_json("run.json", self.info | end)

    def change_engine(self, name: str) -> None:
        """Record that another engine computes from here on, which a resumed run then keeps."""
        self._write_json("run.json", self.info | {"engine": name})

    def resume(
        self, epoch: int, config: Plain, typed: list[str], raised_from: int | None = None
    ) -> None:
        """Mark the run as running again after `epoch` (0: the start); `config` includes `typed`.

        `raised_from`: the number of epochs before, if raising it makes another run of it.
        """
        info = self.info
        earlier = info.get("resumed", [])
        if not isinstance(earlier, list):
            raise RunError(f"{self._file('run.json')}: `resumed` must be a list")
        self._make_folders()
        files.remove_unfinished(self.path)
        self.truncate_metrics(epoch)
        end = config["trainer"]["epochs"]
        raised = [one for one in history.raised(info) if one["to"] <= end]
        if raised_from is not None:
            raised.append({"epoch": epoch, "from": raised_from, "to": end})
        seconds = history.seconds_so_far(info, [row["seconds"] for row in self.metrics])
        resumed = [
            *earlier,
            {"time": _now(), "epoch": epoch, "overrides": typed, "seconds": seconds},
        ]
        now = {"status": Status.running.value, "end": None, "reason": None, "seconds": None}
        now |= {"resumed": resumed} | ({"raised": raised} if raised else {})
        self._write_json("run.json", info | now)  # first: a raised run never passes for another
        for name in ("summary.json", predictions.FILE):  # of an earlier end
            files.remove(self._file(name))
        if config != self.config:
            self._write_config(config)

    def _make_folders(self) -> None:
        for folder in (self.checkpoints, self.plots):
            files.make_inner_folder(folder)

    def _keep_rows(self, count: int) -> None:
        if self._rows is None:
            self._rows = [_row(row) for row in self.metrics]
        if len(self._rows) < count:
            raise RunError(
                f"{self._file('metrics.csv')}: has {len(self._rows)} epochs, must have {count}"
            )
        del self._rows[count:]

    def _file(self, name: str) -> Path:
        return self.path / name

    def _write(self, name: str, text: str) -> None:
        files.write_atomic(self._file(name), text.encode())

    def _write_config(self, config: Plain) -> None:
        self._write("config.yaml", OmegaConf.to_yaml(OmegaConf.create(config)))

    def _write_json(self, name: str, values: Plain) -> None:
        text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
        self._write(name, text + "\n")


def _row(metrics: dict[str, int | float]) -> str:
    """The shortest text of each number that reads back to the same bits."""
    return ",".join(repr(kind(metrics[name])) for name, kind in COLUMNS.items())


def _table(rows: list[str]) -> str:
    return "".join(f"{line}\n" for line in [",".join(COLUMNS), *rows])


def _now() -> str:
    """The current time in ISO 8601, with the offset of the time zone."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
