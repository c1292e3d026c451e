"""Compare the gradients of a network with central differences, in double precision.

The network is the one that run.py would train, chosen by the same settings, on a few random images
of the dataset's size. The numbers to compare are drawn at random, the same ones
each time. The exit code is 1 if a gradient is wrong. Flags go before or after the settings.
"""

import argparse
import dataclasses

import numpy as np

from scratchnet.cli.commands.chosen_config import add_overrides, chosen_config
from scratchnet.compute import threads
from scratchnet.compute.randomness import stream
from scratchnet.config import Config
from scratchnet.errors import UserError
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.gradient_check import GradientCheck, Verdict
from scratchnet.nn.models.model import Precision
from scratchnet.reports.terminal import console_for, new_table

HELP = "compare the gradients of a network with central differences"
IMAGES = 3  # batch norm needs more than one, and two make all it sees +1 or -1
NOISE = 0.05  # on all parameters, so that none is 0 or 1 and hides a mistake


class WrongGradient(UserError):
    """A backward pass that does not differentiate its forward pass."""

    exit_code = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradcheck`."""
    add_overrides(parser)
    parser.add_argument(
        "--mode",
        choices=("train", "evaluate"),
        default="train",
        help="how the network computes: with dropout and batch statistics, or without "
        "(default: train)",
    )
    parser.add_argument(
        "--samples",
        type=int,
        default=200,
        metavar="N",
        help="numbers to compare, in equal parts from all arrays (default: 200)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Compare, print a table, and raise WrongGradient if something disagrees."""
    if arguments.samples < 1:
        raise UserError(f"--samples {arguments.samples}: must be >= 1")
    config = chosen_config(arguments.overrides)
    verdicts = _check(config, arguments.mode == "train", arguments.samples)
    _print(verdicts)
    wrong = [verdict.name for verdict in verdicts if not verdict.is_right]
    if wrong:
        raise WrongGradient(f"wrong gradients: {', '.join(wrong)}")
    print(_summary(verdicts))


def _check(config: Config, train: bool, samples: int) -> list[Verdict]:
    taken = config.trainer.engine
    engine.require(taken, f"trainer.engine={taken.value}")
    engine.use(Engine.numpy if taken is Engine.auto else taken)
    threads.use(threads.count(config.trainer.threads))
    fit = config.dataset.specification or config.dataset.load(config.seed).specification
    config.check_data(fit)
    model = dataclasses.replace(config.model, dtype=Precision.float64)
    network = model.build(fit.shape, fit.classes, config.seed)
    rng = stream(config.seed, "gradient check")
    network.parameters.values += NOISE * rng.standard_normal(network.parameters.size)
    x, labels = rng.standard_normal((IMAGES, *fit.shape)), rng.integers(0, fit.classes, IMAGES)
    loss = config.trainer.loss(labels, fit.classes)
    return GradientCheck(
        network, x, labels, loss, train=train, samples=samples, seed=config.seed
    ).run()


def _print(verdicts: list[Verdict]) -> None:
    table = new_table()
    table.add_column("gradient of")
    for heading in ("numbers", "compared", "at a kink", "largest error"):
        table.add_column(heading, justify="right")
    table.add_column("at")
    table.add_column("verdict")
    for one in verdicts:
        kinks, error, where = str(one.kinks or ""), "", ""
        if not np.isnan(one.error):
            error, where = f"{one.error:.0e}", ", ".join(map(str, one.where))
        verdict = "right" if one.is_right else "WRONG"
        table.add_row(one.name, f"{one.size:,}", f"{one.checked}", kinks, error, where, verdict)
    console_for(table).print(table)


def _summary(verdicts: list[Verdict]) -> str:
    compared, kinks = sum(one.checked for one in verdicts), sum(one.kinks for one in verdicts)
    worst = max((one.error for one in verdicts if one.checked), default=0.0)
    skipped = f"; {kinks} at a kink were skipped" if kinks else ""
    return f"all {compared} agree, the largest relative error is {worst:.0e}{skipped}"
