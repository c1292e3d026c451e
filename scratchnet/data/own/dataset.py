"""The way of a user's own data from one collection of samples to splits."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.data.dataset import DatasetSettings
from scratchnet.data.images import Splits
from scratchnet.data.own.collection import PARTS, TEST, TRAIN, VAL, Collection
from scratchnet.data.splits import Validation, half, stratified_share
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import LARGEST_SEED, setting

GIVEN = "given"  # the protocol where the data come with validation samples of their own


@dataclass
class OwnDataset(DatasetSettings):
    """Base of datasets that a user brings along. A subclass reads the samples in `_read`.

    Splits that come with the data are kept. Otherwise test samples are split off the training set,
    the same for every `seed`, and after them the validation samples. Mean and standard deviation
    are those of the samples that remain to train on.
    """

    path: str | None = setting(None, "where the data are; `~` is your home folder")
    test_share: float = setting(
        0.2, "of each class, split off as a test set if the data have none", above=0, below=1
    )
    split_seed: int = setting(
        0, "draws those test samples; `seed` does not", at_least=0, at_most=LARGEST_SEED
    )
    validation_share: float = setting(
        0.1,
        "of each class, held out for validation if the data have no such split",
        above=0,
        below=1,
    )

    def check_source(self) -> None:
        """Raise UserError if there is nothing at `path`."""
        if not self.path:
            raise SettingError("dataset.path", "=null: must say where the data are")
        if not self.source.exists():
            relative = "" if self.source.is_absolute() else f" in {Path.cwd()}"
            raise SettingError("dataset.path", f"={self.path}: does not exist{relative}")

    @property
    def source(self) -> Path:
        """Where the data are."""
        return Path(self.path or "").expanduser()

    def load(self, seed: int) -> Splits:
        """Read the data and split them. Raises DataError."""
        self.check_source()
        try:
            collection = self._read()
        except OSError as error:  # no permission, a network drive that is gone, ...
            raise DataError(f"dataset.path={self.path}: {error}") from error
        parts = self._with_test(collection)
        fingerprint = _fingerprint(collection, parts)
        parts, protocol = self._with_validation(collection, parts, seed)
        findings = collection.findings(parts)
        findings.warnings += self._lacking(collection, parts)
        train, val, test = (collection.part(parts, which) for which in (TRAIN, VAL, TEST))
        assert train.rows is not None
        mean, std = collection.statistics(train.rows)
        return Splits(
            train=train,
            val=None if self.validation is Validation.none else val,
            test=test,
            classes=collection.classes,
            mean=mean.astype(np.float32),
            std=np.where(_varies(mean, std), std, 1).astype(np.float32),
            pixel_max=collection.pixel_max,
            white=collection.white,
            fingerprint=fingerprint,
            official=False,
            protocol=protocol,
            image_format=collection.image_format,
            features=collection.features,
            findings=findings,
        )

    def _read(self) -> Collection:
        """All samples. Raises DataError, or OSError as the system does."""
        raise NotImplementedError

    def _with_test(self, collection: Collection) -> np.ndarray:
        """The split of each sample, int8 (n,), once there are test samples."""
        parts = collection.parts.copy()
        if not np.any(parts == TEST):
            train = np.flatnonzero(parts == TRAIN)
            rng = stream(self.split_seed, "test split")
            parts[train[stratified_share(collection.labels[train], self.test_share, rng)]] = TEST
        return parts

    def _with_validation(
        self, collection: Collection, parts: np.ndarray, seed: int
    ) -> tuple[np.ndarray, str]:
        """The split of each sample as `validation` says, and the protocol."""
        parts = parts.copy()
        given = bool(np.any(parts == VAL))
        if self.validation is Validation.none:
            parts[parts == VAL] = TRAIN
        elif self.validation is Validation.test_halves:
            if given:
                raise SettingError(
                    "dataset.validation",
                    "=test_halves: must be holdout, as the data come with validation samples",
                )
            test = np.flatnonzero(parts == TEST)
            parts[test[half(collection.labels[test])]] = VAL
        elif given:
            return parts, GIVEN
        else:
            train = np.flatnonzero(parts == TRAIN)
            labels, rng = collection.labels[train], stream(seed, "split")
            parts[train[stratified_share(labels, self.validation_share, rng)]] = VAL
        return parts, self.validation.value

    def _lacking(self, collection: Collection, parts: np.ndarray) -> list[str]:
        """A line for each split without samples of a class. Raises DataError if one is empty."""
        lines = []
        for which, name in enumerate(PARTS):
            if which == VAL and self.validation is Validation.none:
                continue
            counts = np.bincount(
                collection.labels[parts == which], minlength=len(collection.classes)
            )
            if not counts.any():
                raise DataError(
                    f"dataset.path={self.path}: no sample is left for the {name} split: a class "
                    "needs 3 samples, or 2 with dataset.validation=none"
                )
            lacking = [collection.classes[label] for label in np.flatnonzero(counts == 0)]
            if lacking:
                lines.append(f"the {name} split has no sample of {', '.join(lacking)}")
        return lines


def _varies(mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Which channels are not constant, but for float32's rounding.

    Divided by its tiny standard deviation, a number that differs in the test set only would be
    enormous.
    """
    limits = np.finfo(np.float32)
    return std > np.maximum(limits.eps * np.abs(mean), 1e6 * limits.tiny)


def _fingerprint(collection: Collection, parts: np.ndarray) -> str:
    """SHA-256 (hex) of the samples, their labels and class names, and of who is tested on."""
    digest = hashlib.sha256(collection.digest.encode())
    digest.update(json.dumps(collection.classes).encode())
    digest.update(collection.labels.astype("<i8").data)
    digest.update(parts.astype(np.int8).data)
    return digest.hexdigest()
