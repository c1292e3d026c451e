"""The parts of a benchmark: each runs, shows its table and returns what the JSON file holds."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import tables
from harness import Contender, Outcome, compete, ratio
from rich.console import Console


class Net(Protocol):
    """A network and how it is trained: what sections need to know of it."""

    dataset: str
    batch_size: int
    images: int | None  # per round; None: all

    @property
    def title(self) -> str: ...

    def settings(self) -> dict[str, Any]:
        """What else the contenders' Problem needs."""

    def for_trying_out(self) -> "Net":
        """The same, so small that a round takes no time."""


@dataclass
class Bench:
    """What a whole call has in common."""

    console: Console
    datasets: dict[str, dict[str, Any]]  # as data.py reports them
    folder: str  # where data.py has put them
    rounds: int
    quick: bool
    left_out: set[str]  # names of contenders that are not to run

    def sized(self, net: Net) -> Net:
        """The net that is to run in place of this one."""
        return net.for_trying_out() if self.quick else net

    def job(self, net: Net) -> dict[str, Any]:
        """The Problem that contenders get, in whole batches."""
        images = min(net.images or 10**9, self.datasets[net.dataset]["images"])
        return {
            "data": f"{self.folder}/{net.dataset}",
            "images": images // net.batch_size * net.batch_size,
            "batch_size": net.batch_size,
        } | net.settings()

    def public_job(self, net: Net) -> dict[str, Any]:
        """The same for the JSON file: without the folder, which will be gone."""
        job = self.job(net)
        del job["data"]
        return job

    def compete(
        self,
        contenders: list[Contender],
        net: Net,
        threads: int | None = None,
        rounds: int | None = None,
    ) -> list[Outcome]:
        """Run these contenders, but for those that are left out."""
        running = [contender for contender in contenders if contender.name not in self.left_out]
        with self.console.status(f"{net.title}: {', '.join(c.name for c in running)} ..."):
            return compete(running, self.job(net), rounds or self.rounds, threads)


@dataclass(frozen=True)
class Comparison:
    """The first contender against each other one, on one net."""

    name: str
    net: Net
    contenders: list[Contender]
    goals: dict[str, float] = field(default_factory=dict)  # ratio to reach, by name of the other
    what: str = ""  # before the title, where it is not training

    @property
    def datasets(self) -> set[str]:
        return {self.net.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        net = bench.sized(self.net)
        outcomes = bench.compete(self.contenders, net)
        result = {
            "title": f"{self.what}{net.title}",
            "problem": bench.public_job(net),
            "data": bench.datasets[net.dataset]["source"],
            "contenders": [_as_json(outcome, outcomes[0], self.goals) for outcome in outcomes],
        }
        bench.console.print(tables.comparison(result))
        return result


@dataclass(frozen=True)
class PhaseTimes:
    """Milliseconds per step in each phase of our trainer, one row per net and variant."""

    name: str
    rows: list[tuple[str, Net, Contender]]

    @property
    def datasets(self) -> set[str]:
        return {net.dataset for _, net, _ in self.rows}

    def run(self, bench: Bench) -> dict[str, Any]:
        result = {}
        for title, full_net, contender in self.rows:
            net = bench.sized(full_net)
            (outcome,) = bench.compete([contender], net)
            row = {"title": net.title, "absent": outcome.absent}
            if outcome.rounds:
                row["milliseconds"] = _medians([r["milliseconds"] for r in outcome.rounds])
            result[title] = row
        bench.console.print(tables.phases(result))
        return result


@dataclass(frozen=True)
class LayerSpeeds:
    """Time and GFLOP/s of each of our layers, forward and backward."""

    name: str
    contender: Contender
    nets: list[Net]

    @property
    def datasets(self) -> set[str]:
        return {net.dataset for net in self.nets}

    def run(self, bench: Bench) -> dict[str, Any]:
        result = {}
        for net in map(bench.sized, self.nets):
            (outcome,) = bench.compete([self.contender], net)
            rounds = [report["layers"] for report in outcome.rounds]
            layers = [_median_layer(rows) for rows in zip(*rounds, strict=True)]
            result[net.title] = {"layers": layers, "absent": outcome.absent}
            bench.console.print(tables.layers(net.title, result[net.title]))
        return result


@dataclass(frozen=True)
class TrainingMemory:
    """The largest resident memory of each contender's process in a training.

    It holds the images of one round; a run holds the whole dataset.
    """

    name: str
    net: Net
    contenders: list[Contender]
    below: float  # MB, for the first contender

    @property
    def datasets(self) -> set[str]:
        return {self.net.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        rows, net = [], bench.sized(self.net)
        for outcome in bench.compete(self.contenders, net, rounds=1):
            name = outcome.contender.name
            peaks = [r["peak_memory"] / 1e6 for r in outcome.rounds if "peak_memory" in r]
            if peaks:
                below = self.below if outcome.contender is self.contenders[0] else None
                rows.append(tables.limited(name, "MB", peaks, below))
            else:
                reason = outcome.absent or "this system does not report the memory of a process"
                rows.append({"quantity": name, "absent": reason})
        images = f"{bench.job(net)['images']:,} images in memory"
        result = {"title": f"peak memory, {net.title}, {images}", "rows": rows}
        bench.console.print(tables.limits(result))
        return result


@dataclass(frozen=True)
class Curve:
    """Samples per second of some contenders over one quantity.

    `point` gives for each value the net and the number of threads (None: all cores).
    """

    name: str
    title: str
    dataset: str
    contenders: list[Contender]
    values: list[int]
    point: Callable[[int], tuple[Net, int | None]]

    @property
    def datasets(self) -> set[str]:
        return {self.dataset}

    def run(self, bench: Bench) -> dict[str, Any]:
        points = []
        for value in self.values:
            net, threads = self.point(value)
            net = bench.sized(net)
            outcomes = bench.compete(self.contenders, net, threads)
            rows = [_as_json(outcome, outcomes[0], {}) for outcome in outcomes]
            points.append({"value": value, "problem": bench.public_job(net), "contenders": rows})
        source = bench.datasets[self.dataset]["source"]
        result = {"title": self.title, "data": source, "points": points}
        bench.console.print(tables.curve(self.name, result))
        return result


def _as_json(outcome: Outcome, first: Outcome, goals: dict[str, float]) -> dict[str, Any]:
    name = outcome.contender.name
    result: dict[str, Any] = {"name": name, "note": outcome.contender.note} | outcome.description
    if outcome.absent:
        return result | {"absent": outcome.absent}
    result |= {
        "samples_per_second": outcome.median,
        "spread": outcome.spread,
        "rounds": outcome.speeds,
        "loss": outcome.rounds[-1]["loss"],
    }
    if outcome is not first and not first.absent:
        measured = ratio(first, outcome)
        result["ratio"] = {"median": measured.median, "low": measured.low, "high": measured.high}
        if name in goals:
            result["goal"] = goals[name]
            result["reached"] = measured.median >= goals[name]
    return result


def _medians(reports: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(r[name] for r in reports) for name in reports[0]}


def _median_layer(rows: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """One layer over all rounds."""
    numbers = [{n: v for n, v in row.items() if isinstance(v, float)} for row in rows]
    return rows[0] | _medians(numbers)
