"""Suggest a learning rate for a network.

This trains a throw-away network with a learning rate that grows at every step from very low to very
high. The suggestion is a tenth of the rate at which the smoothed loss was lowest: there it was
about to rise, while a little below it falls fast. Dataset, model, optimizer and batch size are
chosen as for run.py; the schedule is not used. Flags go before or after the settings.
"""

import argparse
import dataclasses
from pathlib import Path

from scratchnet.cli.commands.chosen_config import add_overrides, chosen_config
from scratchnet.errors import SettingError, UserError
from scratchnet.experiment.train import set_up
from scratchnet.reports import numbers
from scratchnet.reports.lr_curve import draw_lr_curve
from scratchnet.settings import describe_range
from scratchnet.system import files, output
from scratchnet.training.range_test import RangeTest, Rates

HELP = "suggest a learning rate, from a short training in which it grows"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `find-lr`."""
    add_overrides(parser)
    for setting in dataclasses.fields(RangeTest):
        parser.add_argument(
            f"--{setting.name}",
            type=setting.type,
            default=setting.default,
            metavar="N",
            help=f"{setting.metadata['help']}, {describe_range(setting.metadata)} "
            f"(default: {setting.default:g})",
        )
    parser.add_argument(
        "--plot",
        type=Path,
        metavar="FILE",
        help="where to write the plot (default: outputs/find-lr-DATASET-MODEL-OPTIMIZER.png)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Train, draw the plot, and print the suggestion."""
    test = _range_test(arguments)
    chosen = chosen_config(arguments.overrides)
    names = [chosen.dataset.name, chosen.model.name, chosen.optimizer.name]
    plot = arguments.plot or Path("outputs") / f"find-lr-{'-'.join(names)}.png"
    output.check_png(plot)
    splits = chosen.dataset.load(chosen.seed)
    files.make_folder(plot.parent)
    rates = test.run(set_up(chosen, splits).trainer)
    draw_lr_curve(rates, plot, f"Learning rate: {', '.join(names)}")
    print(_report(rates, test))
    print(plot)


def _range_test(arguments: argparse.Namespace) -> RangeTest:
    try:
        return RangeTest(low=arguments.low, high=arguments.high, steps=arguments.steps)
    except SettingError as error:
        raise UserError(f"--{error}") from None


def _report(rates: Rates, test: RangeTest) -> str:
    """What the range test found."""
    last, end = len(rates.lrs), numbers.rough(rates.lrs[-1])
    how = "the loss diverged" if last < test.steps else "the end of the range"
    lines = [f"{last} of {test.steps} steps, to optimizer.lr={end}: {how}"]
    if rates.lowest == 0:
        return "\n".join([*lines, "the loss fell at no rate; try a lower --low"])
    lowest, lr = rates.smoothed[rates.lowest], numbers.rough(rates.lrs[rates.lowest])
    lines.append(f"lowest smoothed loss: {lowest:.4f} at optimizer.lr={lr}")
    if rates.lowest == test.steps - 1:
        lines.append("the loss was still falling; a higher --high may find a better rate")
    if rates.suggestion is None:
        lines.append("no suggestion: a tenth of that rate is lower than --low; test a wider range")
    else:
        suggested = numbers.short(rates.suggestion)
        lines.append(f"suggested, a tenth of that rate: optimizer.lr={suggested}")
    return "\n".join(lines)
