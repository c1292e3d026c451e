"""MNIST and Fashion-MNIST: 60,000 training and 10,000 test images, 28x28 pixels in grey.

MNIST: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
recognition", 1998. Fashion-MNIST: Xiao, Rasul and Vollgraf, arXiv:1708.07747 (MIT licence).
"""

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np

from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.content import find, find_or_fail
from scratchnet.data.damaged import DamagedFile
from scratchnet.data.download import DownloadError, download, missing_data
from scratchnet.data.framing import DIGIT, FILLING
from scratchnet.data.idx import read_idx
from scratchnet.data.idx_files import FILES, PARTS, file_names, places
from scratchnet.data.images import Images
from scratchnet.data.official import is_official
from scratchnet.data.official_dataset import OfficialDataset
from scratchnet.settings import choice, setting


@dataclass
class IDXDataset(OfficialDataset):
    """A dataset in MNIST's four files, in the folder named after it or in torchvision's."""

    mirrors: ClassVar[list[str]]  # URLs to which the name of a gzipped file is appended
    torchvision: ClassVar[str]  # the name of torchvision's class, and of the folder that it makes

    @property
    def is_complete(self) -> bool:
        """Whether all files are there: `load` will not download any."""
        return all(find(places(self._folders, name)) for name in FILES)

    @property
    def _folders(self) -> list[Path]:
        return [self._root() / self.name, self._root() / self.torchvision / "raw"]

    def _read(self) -> tuple[Images, Images, bool]:
        folders = self._folders
        self._download_missing(folders)
        paths = {name: find_or_fail(places(folders, name)) for name in FILES}
        arrays, unofficial = {}, []
        for name, path in paths.items():
            arrays[name], official = self._read_file(name, path)
            if not official:
                unofficial.append(path)
        train, test = (self._join(*file_names(part), arrays, paths) for part in PARTS)
        self._warn_unofficial(unofficial)
        return train, test, not unofficial

    def _read_file(self, name: str, path: Path) -> tuple[np.ndarray, bool]:
        """The array in one of the FILES, and whether the file is official."""
        array, checksum = read_idx(path, *self._expected(name))
        return array, is_official(path, self.name, name, checksum)

    def _expected(self, name: str) -> tuple[tuple[int, ...], int]:
        """The shape of an item in one of the FILES, and the number of items."""
        item_shape = self.shape[:2] if "images" in name else ()
        return item_shape, self.train_images if name.startswith("train") else self.test_images

    def _join(
        self,
        images_name: str,
        labels_name: str,
        arrays: dict[str, np.ndarray],
        paths: dict[str, Path],
    ) -> Images:
        images, labels = arrays[images_name], arrays[labels_name]
        if len(images) != len(labels):
            raise DamagedFile(
                paths[labels_name],
                f"holds {len(labels):,} labels for the {len(images):,} images of "
                f"{paths[images_name].name}",
            )
        self._check_labels(labels, paths[labels_name])
        return Images(images[..., np.newaxis], labels.astype(np.int64))

    def _download_missing(self, folders: list[Path]) -> None:
        """Download into the first folder what none of them has."""
        folder, *_ = folders
        missing = [name for name in FILES if find(places(folders, name)) is None]
        for i, name in enumerate(missing):
            urls = [f"{mirror}{name}.gz" for mirror in self.mirrors]
            item_shape, count = self._expected(name)
            most = 1024 + count * math.prod(item_shape)  # bytes: gzip only makes it smaller
            try:
                download(urls, folder / f"{name}.gz", partial(self._verify, name), at_most=most)
            except DownloadError as error:
                files = [f"{name}.gz" for name in missing[i:]]
                targets = {
                    f"{path.name}{suffix}": folder
                    for one in FILES
                    for path in places([folder], one)
                    for suffix in ("", ".gz")
                }
                raise missing_data(
                    *(self.name, files, self.mirrors, folder, error),
                    instead=self._instead(targets),
                ) from error

    def _verify(self, name: str, path: Path) -> None:
        _, official = self._read_file(name, path)
        if not official:
            raise DamagedFile(path, "has a wrong checksum")


@choice("mnist")
class MNIST(IDXDataset):
    """Handwritten digits."""

    torchvision: ClassVar = "MNIST"
    shape: ClassVar = (28, 28, 1)
    framing: ClassVar = DIGIT
    classes: ClassVar = [str(digit) for digit in range(10)]
    mean: ClassVar = [33.318421]
    std: ClassVar = [78.567490]
    train_images: ClassVar = 60_000
    test_images: ClassVar = 10_000
    mirrors: ClassVar = [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ]

    augmentation: Augmentation = setting(Augmentation(crop=2), "how images are augmented")


@choice("fashion_mnist")
class FashionMNIST(IDXDataset):
    """Articles of clothing, in the format of MNIST."""

    torchvision: ClassVar = "FashionMNIST"
    shape: ClassVar = (28, 28, 1)
    framing: ClassVar = FILLING
    classes: ClassVar = [
        "T-shirt/top",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ]
    mean: ClassVar = [72.940352]
    std: ClassVar = [90.021184]
    train_images: ClassVar = 60_000
    test_images: ClassVar = 10_000
    mirrors: ClassVar = [
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ]

    augmentation: Augmentation = setting(
        Augmentation(crop=2, flip=Flip.random), "how images are augmented"
    )
