"""Measure a run's network again on its validation and test images, from a checkpoint."""

import argparse
import logging

from scratchnet.cli.run_paths import add_run
from scratchnet.experiment.measure import measure
from scratchnet.experiment.restore import has_data_of, read_config, restore
from scratchnet.reports import numbers
from scratchnet.runs.folder import RunFolder

logger = logging.getLogger("scratchnet")

HELP = "measure a run's network again on its validation and test images"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `evaluate`."""
    add_run(parser)


def run(arguments: argparse.Namespace) -> None:
    """Evaluate, print a table, and compare it with summary.json."""
    folder = RunFolder.open(arguments.run)
    epoch, results = evaluate_run(folder, arguments.checkpoint)
    print(f"{arguments.checkpoint} checkpoint, epoch {epoch}")
    print(f"{'':8}{'loss':>12}{'accuracy':>12}")
    for name, loss in results.items():
        split, _, kind = name.rpartition("_")
        if kind == "loss":
            accuracy = numbers.percent(results[f"{split}_accuracy"])
            print(f"{split:8}{loss:12.6f}{accuracy:>12}")
    if arguments.checkpoint == "best" and (folder.path / "summary.json").exists():
        print(_compare(results, folder.summary))


def evaluate_run(folder: RunFolder, which: str) -> tuple[int, dict[str, float]]:
    """The epoch of a checkpoint, and its numbers (see `measure`)."""
    config = read_config(folder)
    splits = config.dataset.load(config.seed)
    if not has_data_of(folder, splits):
        logger.warning("the data is not what the run was trained on; numbers will differ")
    network = config.model.build(splits.shape, len(splits.classes), config.seed)
    epoch = restore(folder, network, which)
    results, _ = measure(config, splits, network)
    return epoch, results


def _compare(results: dict[str, float], summary: dict[str, object]) -> str:
    different = [name for name, value in results.items() if summary.get(name) != value]
    if not different:
        return "identical, to the bit, to summary.json"
    there = ", ".join(f"{name} is {summary.get(name)!r} there" for name in different)
    return f"differs from summary.json: {there}"
