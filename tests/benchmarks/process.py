"""Whole processes of `python run.py`, as a user starts them: time and memory."""

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import tables
from harness import ROOT, environment
from sections import Bench

RUN = str(ROOT / "run.py")
MEGABYTE = 1e6


class RunFailed(Exception):
    """The command ended with an error; the message is its last line."""


@dataclass(frozen=True)
class Measured:
    """One process that has ended."""

    seconds: float
    peak_memory: float  # bytes; the largest resident set
    errors: str  # what it wrote to standard error
    metrics: dict[str, str]  # the last row of metrics.csv; empty without a run folder
    training: float  # seconds; those of the epochs of all its runs


@dataclass(frozen=True)
class StartUp:
    """Time of a short run, and how much of it imports take."""

    name: str
    arguments: list[str]
    seconds: float  # the whole process is to stay below this
    import_seconds: float  # the imports in it are to stay below this
    datasets: ClassVar[frozenset[str]] = frozenset()

    def run(self, bench: Bench) -> dict[str, Any]:
        command = f"python run.py {' '.join(self.arguments)}"
        rows = [
            _row("whole process", "s", self.seconds, bench, self._whole),
            _row("imports in it", "s", self.import_seconds, bench, self._imports),
            _row("a bare interpreter, for comparison", "s", None, bench, self._bare),
        ]
        result = {"title": command, "rows": rows}
        bench.console.print(tables.limits(result))
        return result

    def _whole(self) -> float:
        return _measure([RUN, *self.arguments]).seconds

    def _imports(self) -> float:
        """All imports of the run, those at first use too, as the interpreter itself counts them.

        The counting (-X importtime) is included and takes some percent of it.
        """
        errors = _measure(["-X", "importtime", RUN, *self.arguments]).errors
        own_times = re.findall(r"^import time:\s+(\d+) \|", errors, re.MULTILINE)
        return sum(int(microseconds) for microseconds in own_times) / 1e6

    def _bare(self) -> float:
        return _measure(["-c", "pass"]).seconds


@dataclass(frozen=True)
class SweepStartUp:
    """What each job of a sweep takes beside its training, with everything that the sweep does."""

    name: str
    arguments: list[str]
    jobs: int
    at_a_time: int
    seconds: float  # the time per job is to stay below this
    datasets: ClassVar[frozenset[str]] = frozenset()

    def run(self, bench: Bench) -> dict[str, Any]:
        jobs = self.at_a_time if bench.quick else self.jobs
        joblib = ["hydra/launcher=joblib", f"hydra.launcher.n_jobs={self.at_a_time}"]
        typed = ["-m", f"seed=range(0,{jobs})", *self.arguments, *joblib]
        runs: list[Measured] = []

        def per_job() -> float:
            runs.append(_measure([RUN, *typed]))
            return (self.at_a_time * runs[-1].seconds - runs[-1].training) / jobs

        rows = [_row("each job beside its training", "s", self.seconds, bench, per_job)]
        if "absent" not in rows[0]:
            whole = [measured.seconds for measured in runs[1:]]  # the first is not counted above
            rows.append(tables.limited("whole sweep", "s", whole, None))
        result = {"title": f"python run.py {' '.join(typed)}", "rows": rows}
        bench.console.print(tables.limits(result))
        return result


@dataclass(frozen=True)
class PeakMemory:
    """The largest resident memory of a training, and the speed that it reports itself."""

    name: str
    dataset: str
    arguments: list[str]
    below: float  # MB

    @property
    def datasets(self) -> set[str]:
        return {self.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        root = bench.datasets[self.dataset]["root"]
        runs: list[Measured] = []

        def memory() -> float:
            runs.append(_measure([RUN, *self.arguments], SCRATCHNET_DATA=root))
            return runs[-1].peak_memory / MEGABYTE

        rows = [_row("peak memory", "MB", self.below, bench, memory, rounds=1)]
        if runs:
            speed = float(runs[-1].metrics["samples_per_second"])
            rows.append(
                tables.limited("samples_per_second in its metrics.csv", "/s", [speed], None)
            )
        result = {"title": f"python run.py {' '.join(self.arguments)}", "rows": rows}
        bench.console.print(tables.limits(result))
        return result


def _row(quantity, unit, below, bench, measure, rounds=None) -> dict[str, Any]:
    with bench.console.status(f"{quantity} ..."):
        try:
            if rounds is None:
                measure()  # files into the cache of the system, byte code onto the disk
            values = [measure() for _ in range(rounds or bench.rounds)]
        except RunFailed as error:
            return {"quantity": quantity, "absent": f"failed: {error}"}
    return tables.limited(quantity, unit, values, below)


def _measure(arguments: list[str], **variables: str) -> Measured:
    """Run Python in an empty folder, which takes the run folder and is thrown away."""
    if not hasattr(os, "wait4"):
        raise RunFailed("this system does not report the memory of a process (no wait4)")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=folder,
            env=environment() | variables,
        )
        # wait4 and not getrusage(RUSAGE_CHILDREN), which gives the largest of all children so far
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        text = errors.read()
        if process.returncode != 0:
            raise RunFailed(text.strip().split("\n")[-1])
        unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
        rows = _metrics(Path(folder))
        training = sum(float(row["seconds"]) for row in rows)
        last = rows[-1] if rows else {}
        return Measured(seconds, usage.ru_maxrss * unit, text, last, training)


def _metrics(folder: Path) -> list[dict[str, str]]:
    """The rows of all metrics.csv."""
    rows: list[dict[str, str]] = []
    for path in folder.rglob("metrics.csv"):
        with path.open(newline="") as file:
            rows.extend(csv.DictReader(file))
    return rows
