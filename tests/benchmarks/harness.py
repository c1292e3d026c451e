"""Runs contenders against each other, fairly.

Each contender is a process of its own for the whole comparison, so that the threads of one BLAS or
OpenMP library never share a process with those of another. The processes take turns: one is told
over a pipe to run one round, the others block meanwhile. Whatever drifts (clock, temperature, other
programs) drifts for all, and ratios are taken within each round.

This process imports nothing large and does nothing while a contender runs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("worker.py")
REMOVED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # pins of development machines, not of users
THREAD_COUNTS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PAUSE = 0.2  # seconds between turns: the idle threads of the last contender fall asleep


@dataclass(frozen=True)
class Contender:
    """Who runs: a class in a module beside this one, in one of its variants."""

    name: str
    module: str
    variant: str = ""
    note: str = ""  # what it lacks or does otherwise
    kind: str = "Contender"  # the class
    slow_start: bool = False  # takes long to build: --quick runs it only where it is named


@dataclass
class Outcome:
    """What one contender did."""

    contender: Contender
    description: dict[str, Any] = field(default_factory=dict)  # versions and libraries
    rounds: list[dict[str, Any]] = field(default_factory=list)  # its report of each round
    absent: str = ""  # why it did not run, or not to the end; empty where it did

    @property
    def speeds(self) -> list[float]:
        """Samples per second of each round."""
        return [report["samples_per_second"] for report in self.rounds]

    @property
    def median(self) -> float:
        """Samples per second."""
        return statistics.median(self.speeds)

    @property
    def spread(self) -> float:
        """Fastest minus slowest round, as a share of the median."""
        return (max(self.speeds) - min(self.speeds)) / self.median


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one contender is as another, round against round."""

    median: float
    low: float
    high: float


def ratio(one: Outcome, other: Outcome) -> Ratio:
    """Speeds of `one` divided by those of `other` in the same round."""
    ratios = [a / b for a, b in zip(one.speeds, other.speeds, strict=True)]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def environment(threads: int | None = None) -> dict[str, str]:
    """The environment of a user's machine, for a process of ours: this one's without the pins.

    `threads` limits the thread pools of all libraries; None leaves them as the user has them.
    """
    variables = {name: value for name, value in os.environ.items() if name not in REMOVED}
    paths = [str(ROOT), variables.get("PYTHONPATH", "")]
    variables["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    if threads is not None:
        variables |= dict.fromkeys(THREAD_COUNTS, str(threads))
    return variables


def compete(
    contenders: list[Contender], job: dict[str, Any], rounds: int, threads: int | None = None
) -> list[Outcome]:
    """Let the contenders do `job` in turn, `rounds` times each, after one round to warm up.

    Each round begins with another contender. One that is missing or fails is named in its
    outcome (`absent`), without rounds, and the others go on. `threads` restricts all of them to
    so many cores.
    """
    outcomes = [Outcome(contender) for contender in contenders]
    with ExitStack() as stack:
        running = []
        for outcome in outcomes:
            worker = stack.enter_context(_Worker(outcome.contender, job, threads))
            if _take_turn(worker, outcome, "build") and _take_turn(worker, outcome, "round"):
                outcome.rounds.clear()  # the warm-up does not count
                running.append((worker, outcome))
        for number in range(rounds):
            first = number % max(len(running), 1)
            for worker, outcome in running[first:] + running[:first]:
                if not outcome.absent:
                    time.sleep(PAUSE)
                    _take_turn(worker, outcome, "round")
    return outcomes


def _take_turn(worker: "_Worker", outcome: Outcome, request: str) -> bool:
    """Note what a contender answers; False if it cannot go on."""
    answer = worker.ask(request)
    if "absent" in answer:
        outcome.absent = answer["absent"]
        outcome.rounds.clear()
    elif request == "build":
        outcome.description = answer
    else:
        outcome.rounds.append(answer)
    return not outcome.absent


class _Worker:
    """The process of one contender: one line of request, one line of JSON as the answer."""

    def __init__(self, contender: Contender, job: dict[str, Any], threads: int | None):
        task = {name: getattr(contender, name) for name in ("module", "kind", "variant")}
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed in __exit__)
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(task | {"job": job, "threads": threads})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment(threads),
        )

    def ask(self, request: str) -> dict[str, Any]:
        try:
            self._process.stdin.write(f"{request}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        return json.loads(answer) if answer else {"absent": self._last_words()}

    def _last_words(self) -> str:
        """Why a process is gone: its exit code and the last line that it wrote."""
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "no message")
        return f"ended with exit code {code}: {last.strip()}"

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()  # also closes the pipes
        self._errors.close()
