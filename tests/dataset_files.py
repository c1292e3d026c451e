"""Dataset files in the official formats, with random content, and what tests ask of pixels."""

import gzip
import io
import struct
import tarfile
from pathlib import Path

import numpy as np

from scratchnet.data import cifar10


def idx_bytes(array: np.ndarray) -> bytes:
    """A uint8 array in IDX format."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def random_mnist(seed: int = 0, train: int = 60, test: int = 40) -> dict[str, np.ndarray]:
    """The arrays of the four files of a small MNIST."""
    rng = np.random.default_rng(seed)
    return {
        "train-images-idx3-ubyte": rng.integers(0, 256, (train, 28, 28), dtype=np.uint8),
        "train-labels-idx1-ubyte": (np.arange(train) % 10).astype(np.uint8),
        "t10k-images-idx3-ubyte": rng.integers(0, 256, (test, 28, 28), dtype=np.uint8),
        "t10k-labels-idx1-ubyte": (np.arange(test) % 10).astype(np.uint8),
    }


def write_mnist(folder: Path, arrays: dict[str, np.ndarray], gzipped: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        if gzipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(idx_bytes(array)))
        else:
            (folder / name).write_bytes(idx_bytes(array))


def random_cifar10(records: int, seed: int = 0) -> dict[str, np.ndarray]:
    """The records uint8 (n, 3073) of the six files of a small CIFAR-10."""
    rng = np.random.default_rng(seed)
    files = {}
    for name in cifar10.FILES:
        files[name] = rng.integers(0, 256, (records, 3073), dtype=np.uint8)
        files[name][:, 0] = np.arange(records) % 10
    return files


def write_cifar10(root: Path, files: dict[str, np.ndarray]) -> Path:
    """Write the files below a data root; returns their folder."""
    folder = root / "cifar10" / cifar10.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in files.items():
        (folder / name).write_bytes(records.tobytes())
    return folder


def tar_bytes(members: dict[str, bytes]) -> bytes:
    """A gzipped tar archive of some files by member name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def pixel_statistics(*parts: np.ndarray) -> tuple[list[float], list[float]]:
    """Mean and standard deviation per channel of uint8 (n, H, W, C), exact, from histograms."""
    channels = parts[0].shape[3]
    counts = sum(
        np.array([np.bincount(part[..., c].ravel(), minlength=256) for c in range(channels)])
        for part in parts
    )
    values, total = np.arange(256.0), counts.sum(axis=1)
    mean = counts @ values / total
    variance = counts @ values**2 / total - mean**2
    return mean.tolist(), np.sqrt(variance).tolist()
