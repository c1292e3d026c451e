"""Runs experiments in processes that are killed, and reports what is left of them.

It is a separate program with a single thread, so that it can fork: a run then takes about 0.1 s. It
reads a JSON list of cases from stdin and prints a line of JSON for each. A case says what to train
(`overrides`) and when to kill: `operations` lists the file operation at which the first process
dies, then the process that resumes the run, and so on; `moments` lists the same as shares of the
time that the whole run takes. The last process is left alone. With `epochs`, each process raises
`trainer.epochs` to this number once the run is completed.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hydra import compose, initialize_config_dir

from scratchnet import config
from scratchnet.experiment import resume
from scratchnet.experiment import train as experiment
from scratchnet.kernels import engine
from scratchnet.reports.plots import Plots
from scratchnet.runs import RunFolder
from scratchnet.system import files

CONF = Path(__file__).resolve().parents[2] / "conf"
TIMES = ("seconds", "samples_per_second")


class DieAt:
    """A hook that counts file operations and ends the process before the n-th (0, 1, ...)."""

    def __init__(self, n: int | None = None):
        self.n = n
        self.count = 0

    def __call__(self, operation: str, path: Path) -> None:
        if self.count == self.n:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


def in_a_child(action: Callable[[], None], hook: DieAt, seconds: float | None = None) -> int:
    """The wait status of a child that runs `action` and is killed after `seconds`, if given."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        files.hook = hook
        try:
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), 1)
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def train(folder: Path, overrides: tuple[str, ...], epochs: int | None) -> None:
    """Start the run, or resume it if it is not completed; then raise its epochs."""
    if not (folder / "run.json").exists():
        experiment.run(composed(overrides), folder, list(overrides))
    elif RunFolder.open(folder).info["status"] != "completed":
        resume.run(folder, [])
    if epochs is not None and len(RunFolder.open(folder).metrics) < epochs:
        resume.run(folder, [f"trainer.epochs={epochs}"])


@cache
def composed(overrides: tuple[str, ...]):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("config", overrides=list(overrides))


def result(folder: Path) -> dict:
    """Everything in a run folder that must not depend on whether the run was stopped."""
    run = RunFolder.open(folder)
    checkpoints = [path.read_bytes() for path in (run.last_checkpoint, run.best_checkpoint)]
    return {
        "checkpoints": [hashlib.sha256(content).hexdigest() for content in checkpoints],
        "metrics": [without_times(row) for row in run.metrics],
        "summary": without_times(run.summary),
        "config": run.config,
        "status": run.info["status"],
        "left over": [str(path) for path in folder.rglob(".*") if path.name != ".lock"],
    }


def without_times(values: dict) -> dict:
    return {name: value for name, value in values.items() if name not in TIMES}


class Reference:
    """The run that was never stopped: its result, its number of file operations, its time."""

    def __init__(self, folder: Path, overrides: tuple[str, ...], epochs: int | None):
        hook = DieAt()

        def act() -> None:
            train(folder, overrides, epochs)
            (folder.parent / "count").write_text(str(hook.count))

        start = time.perf_counter()
        assert in_a_child(act, hook) == 0
        self.seconds = time.perf_counter() - start
        self.operations = int((folder.parent / "count").read_text())
        self.result = result(folder)


def examine(case: dict, reference: Reference, folder: Path) -> dict:
    """Kill and resume as the case says, then compare with the run that was never stopped."""
    what = (tuple(case["overrides"]), case.get("epochs"))
    hooks = [DieAt(number) for number in case.get("operations", [])]
    waits = [share * reference.seconds for share in case.get("moments", [])]
    kills = 0
    for hook, wait in [*((hook, None) for hook in hooks), *((DieAt(), wait) for wait in waits)]:
        ended = in_a_child(lambda: train(folder, *what), hook, wait)
        kills += ended == signal.SIGKILL
        if ended not in (0, signal.SIGKILL):
            return {"kills": kills, "differences": [f"a process ended with {ended}"]}
        if (folder / "run.json").exists():
            _ = RunFolder.open(folder).metrics  # raises if an epoch is missing or torn
    if in_a_child(lambda: train(folder, *what), DieAt()) != 0:
        return {"kills": kills, "differences": ["the run could not be resumed"]}
    found = result(folder)
    differences = [name for name in found if found[name] != reference.result[name]]
    return {
        "kills": kills,
        "differences": differences,
        "operations": reference.operations,
        "epochs": len(found["metrics"]),
    }


def main() -> None:
    config.register()
    engine.works()  # loads Numba, where it is installed, once for all children
    Plots.draw_curves = Plots.draw_test = lambda *_: None  # slow, and not what is tested
    references: dict[tuple, Reference] = {}
    with tempfile.TemporaryDirectory() as room:
        for number, case in enumerate(json.load(sys.stdin)):
            what = (tuple(case["overrides"]), case.get("epochs"))
            here = Path(room) / str(number)
            here.mkdir()
            if what not in references:
                references[what] = Reference(here / "whole", *what)
            print(json.dumps(examine(case, references[what], here / "run")), flush=True)
            shutil.rmtree(here)


if __name__ == "__main__":
    main()
