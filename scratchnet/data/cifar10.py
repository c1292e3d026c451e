"""CIFAR-10: 50,000 training and 10,000 test images, 32x32 pixels in colour.

Krizhevsky, "Learning multiple layers of features from tiny images", 2009. Only the binary version
is read: the Python version is a pickle, which can run code.
"""

import hashlib
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import ClassVar

import numpy as np

from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.content import find, find_or_fail, open_content
from scratchnet.data.damaged import DamagedFile
from scratchnet.data.download import DownloadError, download, missing_data, stored
from scratchnet.data.images import Images
from scratchnet.data.official import is_official
from scratchnet.data.official_dataset import OfficialDataset
from scratchnet.settings import choice, setting

FOLDER = "cifar-10-batches-bin"
FILES = (*[f"data_batch_{i}.bin" for i in range(1, 6)], "test_batch.bin")
ARCHIVE = "cifar-10-binary.tar.gz"
_PYTHON = "the Python version: pickles, which can run code"
UNREAD = {  # files and folders of the other two versions
    **dict.fromkeys(("cifar-10-batches-py", "cifar-10-python.tar.gz", "data_batch_1"), _PYTHON),
    **dict.fromkeys(("cifar-10-batches-mat", "cifar-10-matlab.tar.gz"), "the MATLAB version"),
}


@choice("cifar10")
class CIFAR10(OfficialDataset):
    """Animals and vehicles: six files of 10,000 images in `cifar10/cifar-10-batches-bin/`.

    A record is one byte for the label, then 1,024 bytes each of red, green and blue, row by row.
    """

    shape: ClassVar = (32, 32, 3)
    classes: ClassVar = [
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ]
    mean: ClassVar = [125.306918, 122.950394, 113.865383]
    std: ClassVar = [62.993219, 62.088708, 66.704900]
    train_images: ClassVar = 50_000
    test_images: ClassVar = 10_000
    mirrors: ClassVar[list[str]] = [
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
    ]
    archive_size: ClassVar[int] = 170_052_171  # bytes
    archive_sha256: ClassVar[str] = (  # of the archive whose MD5 is published (c32a1d4a...)
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
    )

    augment: bool = setting(True, "augment the training images as `augmentation` says")
    augmentation: Augmentation = setting(
        Augmentation(crop=4, flip=Flip.random), "how images are augmented"
    )

    @property
    def is_complete(self) -> bool:
        """Whether all files are there: `load` will neither download nor unpack any."""
        return all(find([self._folder / name]) for name in FILES)

    @property
    def _folders(self) -> list[Path]:
        return [self._folder]

    @property
    def _folder(self) -> Path:
        return self._root() / self.name / FOLDER

    def _read(self) -> tuple[Images, Images, bool]:
        folder = self._folder
        self._provide(folder)
        train, test = self._empty(self.train_images), self._empty(self.test_images)
        size = self.test_images  # records per file: the same in each
        starts = range(0, self.train_images, size)
        parts = [Images(train.pixels[i : i + size], train.labels[i : i + size]) for i in starts]
        unofficial = []
        for name, part in zip(FILES, [*parts, test], strict=True):
            path = find_or_fail([folder / name])
            if not self._read_into(part, path, name):
                unofficial.append(path)
        self._warn_unofficial(unofficial)
        return train, test, not unofficial

    def _empty(self, count: int) -> Images:
        return Images(np.empty((count, *self.shape), np.uint8), np.empty(count, np.int64))

    def _read_into(self, part: Images, path: Path, name: str) -> bool:
        """Fill `part` with the records of a file; returns whether the file is official."""
        height, width, channels = self.shape
        with open_content(path, "sha1") as content:
            records = content.read_array((len(part), 1 + height * width * channels))
            content.expect_end()
            official = is_official(path, self.name, name, content.digest)
        self._check_labels(records[:, 0], path)
        part.labels[:] = records[:, 0]
        planes = records[:, 1:].reshape(-1, channels, height, width)
        part.pixels[:] = planes.transpose(0, 2, 3, 1)
        return official

    def _provide(self, folder: Path) -> None:
        """Unpack missing files from the archive beside the folder, downloading it if necessary.

        The archive is kept, so that deleted files can be restored without another download.
        """
        missing = [name for name in FILES if find([folder / name]) is None]
        if not missing:
            return
        archive = folder.parent / ARCHIVE
        if archive.is_file():
            self._verify(archive)
        else:
            try:
                download(self.mirrors, archive, self._verify, at_most=self.archive_size)
            except DownloadError as error:
                targets = {f"{name}{suffix}": folder for name in FILES for suffix in ("", ".gz")}
                raise missing_data(
                    *(self.name, [ARCHIVE], self.mirrors, archive.parent, error),
                    instead=self._instead({ARCHIVE: archive.parent} | targets),
                ) from error
        unpack(archive, folder, missing)

    def _unread(self, found: list[Path]) -> str:
        for path in found:
            if path.name in UNREAD:
                return f"{path} is {UNREAD[path.name]}; only the binary version is read"
        return ""

    def _verify(self, archive: Path) -> None:
        size = archive.stat().st_size
        if size != self.archive_size:
            raise DamagedFile(archive, f"holds {size:,} bytes instead of {self.archive_size:,}")
        with archive.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.archive_sha256:
                raise DamagedFile(archive, "has a wrong checksum")


def unpack(archive: Path, folder: Path, names: list[str]) -> None:
    """Extract the named files from a verified archive. Raises DamagedFile if one is missing.

    Members are matched by exact name and written to paths of our own: no path in the archive is
    followed.
    """
    wanted = {f"{FOLDER}/{name}": name for name in names}
    try:
        with tarfile.open(archive, "r|gz") as tar:
            for member in tar:
                if member.isreg() and member.name in wanted:
                    content = tar.extractfile(member)
                    assert content is not None  # as for every regular file
                    with stored(folder / wanted.pop(member.name)) as file:
                        shutil.copyfileobj(content, file)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DamagedFile(archive, f"is a damaged archive ({error})") from error
    if wanted:
        raise DamagedFile(archive, f"does not contain {', '.join(wanted)}")
