"""Classify images with a run's network, and print the probability of each class.

Images of digits and of clothing are first made to look like those of the dataset: light on black,
of its size, in the middle. Other images are changed only as their dataset's were.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scratchnet.cli.commands.image import Reader, Seen
from scratchnet.cli.run_paths import add_run
from scratchnet.data import decoding
from scratchnet.data.framing import DIGIT
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.data.own.layout import natural
from scratchnet.data.own.walk import walk
from scratchnet.errors import UserError
from scratchnet.experiment.trained import Trained
from scratchnet.nn.loss import softmax
from scratchnet.reports import predictions
from scratchnet.reports.seen import MOST, contact_sheet
from scratchnet.reports.terminal import console_for
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files, output
from scratchnet.system.text import printable

HELP = "classify images: files and folders"
BATCH = 256  # images
FRAMINGS = {"digits": DIGIT}


class SomeUnread(UserError):
    """Some of the files could not be read; the others have been predicted."""

    exit_code = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `predict`."""
    add_run(parser)
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="image files, or folders of them"
    )
    parser.add_argument("--top", type=int, metavar="K", help="print the K most probable classes")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write file, class and a probability per class"
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
    if arguments.top is not None and arguments.top < 1:
        raise UserError(f"--top {arguments.top}: must be >= 1")
    for path in (arguments.csv, arguments.seen):
        if path:
            output.check(path)
    trained = Trained.of(RunFolder.open(arguments.run), arguments.checkpoint)
    framing = FRAMINGS.get(arguments.prepare, trained.config.dataset.framing)
    reader = Reader(trained.inputs, None if arguments.as_is else framing, arguments.invert)
    paths = _image_files(arguments.paths)
    read, unread = _read_all(paths, reader)
    for error in unread:
        if len(paths) > 1:
            print(printable(str(error)), file=sys.stderr)
    if not read:
        raise unread[0] if len(paths) == 1 else UserError("none of the files could be read")
    _remark(read, can_prepare=reader.framing is not None)
    seen = [one.pixels for one in read.values()]
    probabilities = predict(trained, np.stack(seen))
    names = [str(path) for path in read]
    _print(names, trained.inputs.classes, probabilities, arguments.top)
    if arguments.csv:
        text = predictions.to_csv(names, trained.inputs.classes, probabilities)
        files.write_atomic(arguments.csv, text.encode())
    if arguments.seen:
        files.write_atomic(arguments.seen, contact_sheet(seen, trained.inputs.pixel_max))
        if len(seen) > MOST:
            print(f"{arguments.seen}: shows the first {MOST} of {len(seen):,}", file=sys.stderr)
    if unread:
        raise SomeUnread(f"{len(unread):,} of {len(paths):,} files could not be read, see above")


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


def _image_files(paths: list[Path]) -> list[Path]:
    """The files named, and in place of a folder the images below it, in natural order.

    Raises UserError for a folder without images.
    """
    return [file for path in paths for file in (_images_below(path) if path.is_dir() else [path])]


def _images_below(folder: Path) -> Iterator[Path]:
    found = walk(folder)
    images = sorted((file.path for file in found if file.may_be_image), key=natural)
    if not images:
        raise UserError(f"{folder}: holds no images")
    if len(images) < len(found):
        others = f"{len(found) - len(images):,} other files are left out"
        print(printable(f"{folder}: {others}"), file=sys.stderr)
    return (folder / name for name in images)


def _read_all(paths: list[Path], reader: Reader) -> tuple[dict[Path, Seen], list[UserError]]:
    """The images by their files, and why the other files could not be read."""
    read: dict[Path, Seen] = {}
    unread: list[UserError] = []
    with decoding.quiet():
        for path in paths:
            try:
                read[path] = reader.read(path)
            except UserError as error:
                unread.append(error)
    return read, unread


def _remark(read: dict[Path, Seen], can_prepare: bool) -> None:
    """Say on standard error what was done to the images, and what makes answers doubtful."""
    counts = Counter(change for one in read.values() for change in one.done)
    if counts:
        how = "prepared" if can_prepare else "changed"
        of = f" of {len(read):,}" if len(read) > 1 else ""
        changes = ", ".join(
            change if len(read) == 1 else f"{count:,} {change}" for change, count in counts.items()
        )
        undo = " (--as-is: only resized; --seen FILE shows them)" if can_prepare else ""
        print(f"{how}{of}: {changes}{undo}", file=sys.stderr)
    for path, one in read.items():
        if one.doubts:
            text = f"{path}: {' and '.join(one.doubts)}: do not trust the answer"
            print(printable(text), file=sys.stderr)


def _print(
    names: list[str], classes: list[str], probabilities: np.ndarray, top: int | None
) -> None:
    """Bars for a single image, a table for several."""
    if len(names) == 1:
        print(predictions.bars(classes, probabilities[0], top))
        return
    table = predictions.table(names, classes, probabilities, top or 1)
    console_for(table).print(table)
