"""Classify an image file with a run's network, and print the probability of each class."""

import argparse
import sys
from pathlib import Path

import numpy as np

from scratchnet.cli.commands.image import load_image
from scratchnet.cli.run_paths import add_run
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.experiment.restore import read_config, restore
from scratchnet.nn.loss import softmax
from scratchnet.reports import numbers
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.inputs import Inputs
from scratchnet.system.text import printable

HELP = "classify an image file, and print the probability of each class"
BAR = 40  # characters for a probability of 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `predict`."""
    add_run(parser)
    parser.add_argument(
        "image",
        metavar="IMAGE",
        type=Path,
        help="an image file that looks like the training images (MNIST: white on black)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Predict, and print a table with the most probable class first."""
    folder = RunFolder.open(arguments.run)
    inputs = Inputs.from_plain(folder.info.get("inputs"))
    image = load_image(arguments.image, inputs)
    probabilities = predict(folder, inputs, image, arguments.checkpoint)
    print(table(inputs.classes, probabilities))


def predict(folder: RunFolder, inputs: Inputs, image: np.ndarray, which: str) -> np.ndarray:
    """The probability of each class, (classes,), for one image uint8 (H, W, C)."""
    config = read_config(folder)
    network = config.model.build(tuple(inputs.shape), len(inputs.classes), config.seed)
    restore(folder, network, which)
    loader = Loader(
        Images(image[None], np.zeros(1, np.int64)),
        batch_size=1,
        mean=np.array(inputs.mean, np.float32),
        std=np.array(inputs.std, np.float32),
        seed=config.seed,
    )
    (batch,) = loader.batches(epoch=0)
    return softmax(network.forward(batch[0]))[0]


def table(classes: list[str], probabilities: np.ndarray) -> str:
    """A line per class, most probable first: name, probability, bar."""
    block = "█" if (sys.stdout.encoding or "").lower().startswith("utf") else "#"
    names = [printable(name) for name in classes]
    width = max(map(len, names))
    return "\n".join(
        f"{names[i]:{width}}  {numbers.percent(probabilities[i]):>8}  "
        f"{block * round(BAR * float(probabilities[i]))}".rstrip()
        for i in np.argsort(-probabilities, kind="stable")
    )
