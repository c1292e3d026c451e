"""dataset=idx: images in MNIST's files, such as KMNIST, EMNIST and QMNIST."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scratchnet.data.damaged import DamagedFile
from scratchnet.data.idx import read_any_idx
from scratchnet.data.own import labels
from scratchnet.data.own.collection import PARTS, TEST, TRAIN, VAL
from scratchnet.data.own.numbers import LabelledDataset, NumbersCollection, Split
from scratchnet.data.own.readers import hint
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import choice, setting
from scratchnet.settings.suggestions import one_of
from scratchnet.system.text import printable

NAME = re.compile(  # train-images-idx3-ubyte, emnist-letters-test-labels.idx1-ubyte.gz, ...
    r"(?:(.+)[-_])?(train|t10k|test|val|valid|validation)[-_](images|labels)"
    r"[-_.]idx[123][-_.](?:ubyte|int)(?:\.gz)?",
    re.IGNORECASE,
)
_PARTS = {"train": TRAIN, "t10k": TEST, "test": TEST}  # others: VAL


@dataclass
class Pair:
    """The two files of a split."""

    images: Path | None = None
    labels: Path | None = None


@choice("idx")
class IDX(LabelledDataset):
    """A folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, and so on for t10k or test.

    The files may be gzipped, have a dot for the second dash and a prefix such as `emnist-letters-`.
    The names of the classes come from a file beside them called ...mapping.txt or ...classmap.csv.
    """

    prefix: str | None = setting(
        None, "start of the files' names, where the folder holds several sets, e.g. emnist-letters"
    )

    def check_source(self) -> None:
        """Raise UserError if there is no folder at `path`."""
        super().check_source()
        if not self.source.is_dir():
            problem = f"={self.path}: is a file, must be a folder{hint(self.source, self.name)}"
            raise SettingError("dataset.path", problem)

    def _read(self) -> NumbersCollection:
        folder, prefix, pairs = self._files()
        splits = []
        for part, pair in sorted(pairs.items()):
            if pair.images is None or pair.labels is None:
                kind = "images" if pair.images is None else "labels"
                raise DataError(f"{folder}: has no file of {PARTS[part]} {kind}")
            splits.append(_split(part, pair.images, pair.labels))
        if TRAIN not in pairs:
            raise DataError(f"{folder}: has no file of train images")
        notes = []
        if prefix.lower().startswith("emnist"):
            splits = [Split(one.part, one.samples.swapaxes(1, 2), one.labels) for one in splits]
            notes = ["EMNIST's images are stored with rows for columns: they were turned upright"]
        names = _class_names(folder, prefix) if self.classes is None else {}
        if names:
            splits = [_named(folder, split, names) for split in splits]
        return self._collect(splits, list(names.values()), notes, [])

    def _files(self) -> tuple[Path, str, dict[int, Pair]]:
        """The folder that holds the files, their prefix, and the files of each split."""
        for folder in (self.source, self.source / "raw"):  # as torchvision has it
            found = _found(folder) if folder.is_dir() else {}
            if not found:
                continue
            if self.prefix is None and len(found) > 1:
                names = ", ".join(sorted(map(printable, found)))
                raise SettingError(
                    "dataset.prefix", f"=null: which of the sets in {folder} is it? {names}"
                )
            prefix = next(iter(found)) if self.prefix is None else self.prefix.rstrip("-_")
            if prefix not in found:
                raise SettingError(
                    "dataset.prefix", f"={self.prefix}: {one_of(prefix, sorted(found))}"
                )
            return folder, prefix, found[prefix]
        raise DataError(
            f"{self.source}: holds no files called train-images-idx3-ubyte, "
            "train-labels-idx1-ubyte and so on (or with .gz)" + hint(self.source, self.name)
        )

    def _as_samples(
        self, splits: list[Split], columns: list[str]
    ) -> tuple[list[np.ndarray], list[str]]:
        parts = [split.samples for split in splits]
        shapes = {part.shape[1:] for part in parts}
        if len(shapes) > 1:
            raise ValueError(f"the splits have images of different sizes: {sorted(shapes)}")
        ((height, width),) = shapes
        note = f"images of {height} x {width} pixels, grey"
        return [np.ascontiguousarray(part)[..., np.newaxis] for part in parts], [note]


def _found(folder: Path) -> dict[str, dict[int, Pair]]:
    """The files of each split, by the prefix of their names; plain ones before gzipped ones."""
    found: dict[str, dict[int, Pair]] = {}
    for path in sorted(folder.iterdir(), reverse=True):
        match = NAME.fullmatch(path.name)
        if match and path.is_file():
            prefix, part, kind = match.groups()
            splits = found.setdefault(prefix or "", {})
            pair = splits.setdefault(_PARTS.get(part.lower(), VAL), Pair())
            setattr(pair, kind.lower(), path)
    return found


def _split(part: int, images_path: Path, labels_path: Path) -> Split:
    """The images and labels in two files. Raises DataError."""
    images, of_them = _array(images_path), _array(labels_path)
    if images.ndim != 3 or images.dtype != np.uint8 or not images.size:
        raise DataError(
            f"{images_path}: holds an array of shape {images.shape}, must be images (n, H, W)"
        )
    if of_them.ndim == 2:  # QMNIST: the class, and where each image comes from
        of_them = of_them[:, 0]
    if of_them.ndim != 1 or len(of_them) != len(images):
        raise DataError(
            f"{labels_path}: holds labels of shape {of_them.shape} for the {len(images):,} images "
            f"of {images_path.name}"
        )
    return Split(part, images, labels.as_column(of_them))


def _array(path: Path) -> np.ndarray:
    try:
        return read_any_idx(path)
    except DamagedFile as error:
        raise DataError(f"{path}: {error.problem}") from error


def _class_names(folder: Path, prefix: str) -> dict[int, str]:
    """The names in a file called ...mapping.txt (EMNIST) or ...classmap.csv (KMNIST), by label.

    A line of the first has a label and the codes of its characters, of the second a label, the
    code and the character. Empty if there is no such file.
    """
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        if not name.startswith(prefix.lower()) or not name.endswith(
            ("mapping.txt", "classmap.csv")
        ):
            continue
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
            if name.endswith(".csv"):
                rows = [row for row in csv.reader(lines) if row and row[0].strip().isdecimal()]
                return {int(row[0]): row[-1].strip() for row in rows}
            words = [line.split() for line in lines if line.strip()]
            return {int(label): "/".join(map(chr, map(int, codes))) for label, *codes in words}
        except (ValueError, OverflowError, csv.Error) as error:
            raise DataError(f"{path}: cannot be read as names of classes: {error}") from error
    return {}


def _named(folder: Path, split: Split, names: dict[int, str]) -> Split:
    """The same split with names as labels."""
    unknown = sorted(set(split.labels.tolist()) - names.keys())
    if unknown:
        raise DataError(
            f"{folder}: label {unknown[0]} of the {PARTS[split.part]} images has no name in the "
            "mapping file; set dataset.classes"
        )
    found = [names[label] for label in split.labels.tolist()]
    return Split(split.part, split.samples, np.array(found, np.str_))
