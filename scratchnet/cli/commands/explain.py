"""Draw why a run's network decides as it does about one image.

The figure shows the image as the network sees it, the probability of each class, which pixels
matter for the most probable one, and the output of each layer. Pixels are judged in two ways: by
covering them, and by the gradient; beside the gradient stands that of the same network with its
weights in random order. A method that shows the same in both does not show what was learned.
"""

import argparse
from pathlib import Path

from scratchnet.cli.commands.image import Reader
from scratchnet.cli.commands.remarks import say_what_is_doubtful, say_what_was_done
from scratchnet.cli.run_paths import add_run
from scratchnet.data import decoding
from scratchnet.errors import UserError
from scratchnet.experiment.trained import Trained
from scratchnet.explain import figure
from scratchnet.explain.explanation import explain
from scratchnet.reports import predictions
from scratchnet.runs.folder import RunFolder
from scratchnet.system import output
from scratchnet.system.text import printable

HELP = "draw why a run's network decides as it does about an image"
TOP = 3  # classes that are printed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `explain`."""
    add_run(parser)
    parser.add_argument("image", metavar="IMAGE", type=Path, help="an image file")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("explanation.png"),
        metavar="FILE",
        help="where to write the figure (default: explanation.png)",
    )
    parser.add_argument(
        "--as-is", action="store_true", help="do not prepare the image: see predict"
    )


def run(arguments: argparse.Namespace) -> None:
    """Draw the figure, and print the most probable classes."""
    output.check_png(arguments.output)
    trained = Trained.of(RunFolder.open(arguments.run), arguments.checkpoint)
    inputs, config = trained.inputs, trained.config
    if inputs.are_vectors:
        raise UserError(f"{trained.folder.path}: its samples are no images")
    with decoding.quiet():
        framing = None if arguments.as_is else config.dataset.framing
        seen = Reader(inputs, framing).read(arguments.image)
    say_what_was_done([seen], "--as-is turns this off" if framing else None)
    say_what_is_doubtful([str(arguments.image)], [seen], [])
    pixels = seen.pixels
    explained = explain(trained.network, inputs, pixels, config.seed)
    figure.draw(explained, pixels, inputs.pixel_max, inputs.classes, arguments.output)
    print(predictions.bars(inputs.classes, explained.probabilities, TOP))
    print(printable(str(arguments.output)))
