"""Classify images with a run's network, and print the probability of each class.

Images of digits and of clothing are first made to look like those of the dataset: light on black,
of its size, in the middle. Other images are changed only as their dataset's were.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from scratchnet.cli.commands.image import Reader, Seen
from scratchnet.cli.commands.reading import Reading, read_all, stacked
from scratchnet.cli.commands.remarks import (
    border_remedies,
    say_what_is_doubtful,
    say_what_was_done,
)
from scratchnet.cli.run_paths import add_run
from scratchnet.data.framing import DIGIT
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.data.own.csv_table import CSV
from scratchnet.data.own.numbers import NumbersDataset
from scratchnet.data.own.samples import Channels
from scratchnet.errors import UserError
from scratchnet.experiment.trained import Trained
from scratchnet.nn.loss import softmax
from scratchnet.reports import predictions
from scratchnet.reports.seen import MOST, contact_sheet
from scratchnet.reports.terminal import console_for
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files, output
from scratchnet.system.text import printable

HELP = "classify images, in files and folders, or rows of numbers"
BATCH = 256  # images
SHOWN = 100  # predictions: with --csv, more are not printed
UNDO = "--as-is turns this off, --seen FILE shows it"
FRAMINGS = {"digits": DIGIT}


class SomeUnread(UserError):
    """Some of the files could not be read; the others have been predicted."""

    exit_code = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `predict`."""
    add_run(parser)
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="image files, folders of them; or .npy, .npz and .csv files",
    )
    parser.add_argument("--top", type=int, metavar="K", help="print the K most probable classes")
    parser.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="write file, class and a probability per class; of a table with Kaggle's columns "
        "pixel0, pixel1, ...: ImageId and Label",
    )
    parser.add_argument(
        "--seen",
        type=Path,
        metavar="FILE",
        help="write a PNG of the images as the network sees them",
    )
    parser.add_argument("--invert", action="store_true", help="swap light and dark first")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--prepare",
        choices=FRAMINGS,
        help="make images look like MNIST's, with a network trained on other images",
    )
    how.add_argument("--as-is", action="store_true", help="do not prepare images: only resize them")


def run(arguments: argparse.Namespace) -> None:
    """Predict, and print a table; remarks go to standard error.

    Raises SomeUnread at the end if only some of several files could be read.
    """
    _check(arguments)
    trained = Trained.of(RunFolder.open(arguments.run), arguments.checkpoint)
    if arguments.csv and not predictions.is_kaggle(arguments.csv, trained.inputs.classes):
        output.check(arguments.csv)
    reading = _read(arguments, trained)
    names, classes = reading.names, trained.inputs.classes
    probabilities = predict(trained, stacked(reading.samples))
    if arguments.csv:
        if reading.kaggle_id:
            text = predictions.to_kaggle(reading.kaggle_id, names, classes, probabilities)
            columns = f"{reading.kaggle_id},{predictions.KAGGLE}"
            remark = f"{arguments.csv}: written as {columns}, as Kaggle wants it"
            print(printable(remark), file=sys.stderr)
        else:
            text = predictions.to_csv(names, classes, probabilities)
        files.write_atomic(arguments.csv, text.encode())
    if arguments.csv and len(names) > SHOWN:
        print(printable(f"{arguments.csv}: {len(names):,} predictions"))
    else:
        _print(names, classes, probabilities, arguments.top)
    if arguments.seen:
        _write_seen(arguments.seen, reading.samples, trained.inputs.pixel_max)
    if reading.errors:
        raise SomeUnread(
            f"{len(reading.errors):,} of {reading.files:,} files could not be read, see above"
        )


def _check(arguments: argparse.Namespace) -> None:
    """Raise UserError before any work if it would be in vain."""
    if arguments.top is not None and arguments.top < 1:
        raise UserError(f"--top {arguments.top}: must be >= 1")
    output.check_differ({"--csv": arguments.csv, "--seen": arguments.seen})
    if arguments.seen:
        output.check_png(arguments.seen)


def _read(arguments: argparse.Namespace, trained: Trained) -> Reading:
    """All samples; what is remarkable about them goes to standard error.

    Raises UserError if there are none.
    """
    dataset = trained.config.dataset
    asked = FRAMINGS.get(arguments.prepare)
    own = None if arguments.as_is else dataset.framing
    reader = Reader(trained.inputs, asked or own, arguments.invert, of_arrays=asked)
    if arguments.seen and trained.inputs.shape[:2] == [1, 1]:
        raise UserError("--seen shows images; this network takes vectors")
    channels = dataset.channels if isinstance(dataset, NumbersDataset) else Channels.auto
    label = dataset.label if isinstance(dataset, CSV) else None
    position = label if isinstance(label, int) else None
    reading = read_all(arguments.paths, reader, channels, position)
    if not reading.samples:
        if reading.files == 1 and reading.errors:
            raise reading.errors[0]
        _print_errors(reading.errors)
        raise UserError("none of the files could be read")
    _print_errors(reading.errors)
    say_what_was_done(reading.samples, UNDO if reader.framing else None)
    remedies = border_remedies(reader, arguments.as_is)
    say_what_is_doubtful(reading.names, reading.samples, remedies)
    return reading


def predict(trained: Trained, pixels: np.ndarray) -> np.ndarray:
    """The probability of each class, (n, classes), for samples (n, H, W, C)."""
    loader = Loader(
        Images(pixels, np.zeros(len(pixels), np.int64)),
        batch_size=BATCH,
        mean=np.array(trained.inputs.mean, np.float32),
        std=np.array(trained.inputs.std, np.float32),
        seed=trained.config.seed,
    )
    batches = [softmax(trained.network.forward(x)) for x, _ in loader.batches(epoch=0)]
    return np.concatenate(batches)


def _print_errors(errors: list[UserError]) -> None:
    for error in errors:
        print(printable(str(error)), file=sys.stderr)


def _write_seen(path: Path, samples: list[Seen], white: int) -> None:
    """Write the contact sheet."""
    files.write_atomic(path, contact_sheet([one.pixels for one in samples], white))
    if len(samples) > MOST:
        print(printable(f"{path}: the first {MOST} of {len(samples):,}"), file=sys.stderr)


def _print(
    names: list[str], classes: list[str], probabilities: np.ndarray, top: int | None
) -> None:
    """Bars for a single image, a table for several."""
    if len(names) == 1:
        print(predictions.bars(classes, probabilities[0], top))
        return
    table = predictions.table(names, classes, probabilities, top or 1)
    console_for(table).print(table)
