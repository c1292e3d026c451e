"""Write one page with a run's network inside: draw, and watch every layer.

The page is a single file that needs no server and loads nothing. It shows the probabilities, the
output of each layer and which pixels matter, and where each number comes from. To make it small,
weights are rounded; the page says what that costs, and checks itself against NumPy.
"""

import argparse
from pathlib import Path

from scratchnet.cli.run_paths import add_run
from scratchnet.demo.html import page
from scratchnet.demo.payload import best_payload, payload
from scratchnet.demo.weights import WeightType
from scratchnet.errors import UserError
from scratchnet.experiment.trained import Trained
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files, output
from scratchnet.system.text import printable

HELP = "write a page to draw on, with a run's network inside"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `demo`."""
    add_run(parser)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("demo.html"),
        metavar="FILE",
        help="where to write the page (default: demo.html)",
    )
    parser.add_argument(
        "--weights",
        choices=[kind.value for kind in WeightType],
        help="how weights are written (default: the most precise way for a page of less than 1 MB)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Write the page, and say what rounding its weights has cost."""
    output.check(arguments.output)
    trained = Trained.of(RunFolder.open(arguments.run), arguments.checkpoint)
    config, network = trained.config, trained.network
    if trained.inputs.are_vectors:
        raise UserError(f"{trained.folder.path}: its samples are no images, which a demo is for")
    test = config.dataset.load(config.seed).test
    about = (
        f"{config.model.name} on {config.dataset.name}, epoch {trained.epoch}; "
        f"run {trained.folder.path.name}"
    )
    framing = config.dataset.framing
    if arguments.weights:
        kind = WeightType(arguments.weights)
        values = payload(network, trained.inputs, framing, test, about, kind)
    else:
        values = best_payload(network, trained.inputs, framing, test, about)
    content = page(values).encode()
    files.write_atomic(arguments.output, content)
    print(printable(f"{arguments.output}: {len(content):,} bytes"))
    rounding = values["rounding"]
    print(
        f"weights as {rounding['type']}: test accuracy {100 * rounding['accuracy']:.2f} %, "
        f"before {100 * rounding['unrounded_accuracy']:.2f} %"
    )
