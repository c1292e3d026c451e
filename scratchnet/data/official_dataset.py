"""Datasets with an official release: all about them but the pixels is known before loading."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.data import found_instead
from scratchnet.data.damaged import DamagedFile
from scratchnet.data.dataset import DatasetSettings
from scratchnet.data.images import Images, Shape, Specification, Splits, fingerprint
from scratchnet.data.splits import Validation, half, split_off, stratified
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import setting
from scratchnet.system.places import data_root

logger = logging.getLogger("scratchnet")


@dataclass
class OfficialDataset(DatasetSettings):
    """Base of these datasets. A subclass describes its images and reads them in `_read`."""

    shape: ClassVar[Shape]
    classes: ClassVar[list[str]]  # names, by label
    mean: ClassVar[list[float]]  # per channel, over the official training set, in pixel units
    std: ClassVar[list[float]]
    train_images: ClassVar[int]  # of the official release
    test_images: ClassVar[int]

    root: str | None = setting(None, "folder of the datasets; null: $SCRATCHNET_DATA, or a cache")
    validation_size: int = setting(
        5000, "held out of the training set for validation", unit="images", at_least=1
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.augmentation.check(self.name, self.shape)
        if self.training_size < 1:
            raise SettingError(
                "validation_size",
                f"={self.validation_size}: must be < {self.train_images}, the number of training "
                f"images of {self.name}",
            )

    @property
    def training_size(self) -> int:
        """How many images of the official release remain to train on."""
        holdout = self.validation is Validation.holdout
        return self.train_images - (self.validation_size if holdout else 0)

    @property
    def specification(self) -> Specification:
        """What a network has to fit."""
        return Specification(self.shape, len(self.classes), self.training_size)

    def load(self, seed: int) -> Splits:
        """Read the dataset, downloading it if necessary, and split it. Raises DataError."""
        try:
            train, test, official = self._read()
        except OSError as error:  # a folder without read permission, a full disk, ...
            raise DataError(f"{self.name}: {error}") from error
        content = fingerprint(train, test)
        pixel_max = int(train.pixels.max())
        train_split, val_split, test_split = self._split(train, test, seed)
        return Splits(
            train=train_split,
            val=val_split,
            test=test_split,
            classes=list(self.classes),
            mean=np.array(self.mean, np.float32),
            std=np.array(self.std, np.float32),
            pixel_max=pixel_max,
            fingerprint=content,
            official=official,
            protocol=self.validation.value,
        )

    def _read(self) -> tuple[Images, Images, bool]:
        """The training images, the test images, and whether they are the official release."""
        raise NotImplementedError

    def _split(
        self, train: Images, test: Images, seed: int
    ) -> tuple[Images, Images | None, Images]:
        """The images to train on, to validate on (if any) and to test on."""
        if self.validation is Validation.test_halves:
            test, val = split_off(test, half(test.labels))
            return train, val, test
        if self.validation is Validation.none:
            return train, None, test
        if self.validation_size >= len(train):
            raise DataError(
                f"dataset.validation_size={self.validation_size}: must be < {len(train)}, the "
                f"number of training images found for {self.name}"
            )
        chosen = stratified(train.labels, self.validation_size, stream(seed, "split"))
        rest, val = split_off(train, chosen)
        return rest, val, test

    def of_a_run(self) -> "OfficialDataset":
        """The same without `root` if files are missing there: nothing is downloaded to it."""
        if self.root is None or self.is_complete:
            return self
        own = replace(self, root=None)
        logger.warning(
            "%s: dataset.root=%s lacks files; using %s", self.name, self.root, own._root()
        )
        return own

    @property
    def is_complete(self) -> bool:
        """Whether all files are there: `load` will neither download nor unpack any."""
        raise NotImplementedError

    def _instead(self, targets: Mapping[str, Path]) -> str:
        """What to do with what lies in the data root while files are missing; empty if nothing.

        `targets` maps each name that one of the files may have to the folder where it belongs.
        """
        root = self._root()
        found = found_instead.look(root, self.name)
        named = [path for path in found if path.name in targets and path.is_file()]
        files = [p for p in named if p.parent not in (targets[p.name], *self._folders)]
        if not files:
            others = [path for path in found if path not in named]
            return self._unread(others) or found_instead.in_words(root, others)
        folder = files[0].parent
        for above in list(folder.parents)[:2]:
            if replace(self, root=str(above)).is_complete:
                return f"they are in {folder}: set dataset.root={above}"
        names = found_instead.shown([path.name for path in files if path.parent == folder])
        return f"{folder} holds {names}: put them into {targets[files[0].name]}"

    def _unread(self, found: list[Path]) -> str:
        """Why a version of this dataset among the files and folders found is not read, if so."""
        return ""

    @property
    def _folders(self) -> list[Path]:
        """Where its files may be; missing ones go to the first folder."""
        raise NotImplementedError

    def _root(self) -> Path:
        """The folder that holds a folder per dataset."""
        return data_root(self.root)

    def _check_labels(self, labels: np.ndarray, path: Path) -> None:
        if labels.max() >= len(self.classes):
            where = int(labels.argmax())
            raise DamagedFile(
                path,
                f"has label {labels[where]} at position {where:,}; "
                f"labels are 0 to {len(self.classes) - 1}",
            )

    def _warn_unofficial(self, paths: list[Path]) -> None:
        if paths:
            logger.warning(
                "%s: not the official release (the content of %s in %s differs); results are not "
                "comparable with published ones",
                self.name,
                ", ".join(path.name for path in paths),
                " and ".join(dict.fromkeys(str(path.parent) for path in paths)),
            )
