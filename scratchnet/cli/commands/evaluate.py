"""Measure a run's network again on its validation and test images, from a checkpoint."""

import argparse
import math
from typing import Any, NamedTuple

from scratchnet.cli.run_paths import add_run
from scratchnet.experiment.measure import measure
from scratchnet.experiment.restore import build_network, load_data, read_config, restore
from scratchnet.reports import numbers
from scratchnet.runs.folder import RunFolder
from scratchnet.system.text import printable

ADDED_LATER = ("balanced_accuracy", "class_accuracies")  # no summary before December 2026 has them
HELP = "measure a run's network again on its validation and test images"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `evaluate`."""
    add_run(parser)


class Measured(NamedTuple):
    """What `evaluate` has found."""

    epoch: int  # of the checkpoint
    numbers: dict[str, Any]  # see `measure`
    of_same_data: bool  # whether the data are those that the run was trained on


def run(arguments: argparse.Namespace) -> None:
    """Evaluate, print a table, and compare it with summary.json."""
    folder = RunFolder.open(arguments.run)
    epoch, results, of_same_data = evaluate_run(folder, arguments.checkpoint)
    print(f"{arguments.checkpoint} checkpoint, epoch {epoch}")
    print(_by_split(results))
    print(_by_class(results))
    if arguments.checkpoint == "best" and (folder.path / "summary.json").exists():
        print(
            _compare(results, folder.summary)
            if of_same_data
            else "not compared with summary.json, whose numbers are of other data"
        )


def _by_split(results: dict[str, Any]) -> str:
    """Loss, accuracy and balanced accuracy on validation and test images, a line each."""
    lines = [f"{'':8}{'loss':>12}{'accuracy':>12}{'balanced':>12}"]
    for name, loss in results.items():
        split, _, kind = name.rpartition("_")
        if kind == "loss":
            accuracy = numbers.percent(results[f"{split}_accuracy"])
            balanced = numbers.percent(results[f"{split}_balanced_accuracy"])
            lines.append(f"{split:8}{loss:12.6f}{accuracy:>12}{balanced:>12}")
    return "\n".join(lines)


def _by_class(results: dict[str, Any]) -> str:
    """The accuracy of each class on validation and test images, a line each."""
    shares = {
        split: results[f"{split}_class_accuracies"]
        for split in ("val", "test")
        if f"{split}_class_accuracies" in results
    }
    names = list(dict.fromkeys(name for by_name in shares.values() for name in by_name))
    width = max(8, *(len(printable(name)) + 2 for name in names))
    lines = [f"{'class':{width}}" + "".join(f"{split:>12}" for split in shares)]
    for name in names:
        cells = [numbers.percent(by_name.get(name, math.nan)) for by_name in shares.values()]
        lines.append(f"{printable(name):{width}}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def evaluate_run(folder: RunFolder, which: str) -> Measured:
    """Measure the network in the checkpoint `which` (best or last) of a run."""
    config = read_config(folder)
    splits, of_same_data = load_data(folder, config)
    network = build_network(folder, config, splits.shape, len(splits.classes), which)
    epoch = restore(folder, network, which)
    results, _ = measure(config, splits, network)
    return Measured(epoch, results, of_same_data)


def _compare(results: dict[str, Any], summary: dict[str, object]) -> str:
    expected = {name for name in results if name in summary or not name.endswith(ADDED_LATER)}
    different = [
        name for name in results if name in expected and summary.get(name) != results[name]
    ]
    if not different:
        return "identical, to the bit, to summary.json"
    there = ", ".join(f"{name} is {summary.get(name)!r} there" for name in different)
    return f"differs from summary.json: {there}"
