"""Lays the datasets ready for the contenders: `python data.py FOLDER NAME...`.

Takes the real data below SCRATCHNET_DATA where it is there, else random files of the same format
and size. Both are read by the project's own dataset classes. Prints what it found as JSON:
{name: {"source": "real" or "random", "root": folder of the datasets, "images": count}}.
"""

import json
import logging
import os
import struct
import sys
from pathlib import Path

import numpy as np

from scratchnet.data.cifar10 import CIFAR10
from scratchnet.data.mnist import MNIST, FashionMNIST
from scratchnet.data.official_dataset import OfficialDataset
from scratchnet.data.splits import Validation

DATASETS = {"mnist": MNIST, "fashion_mnist": FashionMNIST, "cifar10": CIFAR10}


def main(folder: Path, names: list[str]) -> None:
    logging.getLogger("scratchnet").setLevel(logging.ERROR)  # random data is not the official one
    print(json.dumps({name: _provide(name, folder) for name in names}))


def _provide(name: str, folder: Path) -> dict[str, object]:
    root, source = Path(os.environ.get("SCRATCHNET_DATA", "")), "real"
    if not (root.name and (root / name).is_dir()):
        root, source = folder / "random", "random"
        _WRITERS[name](root / name, np.random.default_rng(0))
    dataset = DATASETS[name](root=str(root), validation=Validation.test_halves)
    images = _save(dataset, folder / name)
    return {"source": source, "root": str(root), "images": images}


def _save(dataset: OfficialDataset, folder: Path) -> int:
    splits = dataset.load(seed=0)
    folder.mkdir(parents=True)
    np.save(folder / "images.npy", splits.train.pixels)
    np.save(folder / "labels.npy", splits.train.labels)
    channels = {"mean": splits.mean.tolist(), "std": splits.std.tolist()}
    (folder / "channels.json").write_text(json.dumps(channels))
    return len(splits.train)


def _write_mnist(folder: Path, rng: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    for part, count in (("train", MNIST.train_images), ("t10k", MNIST.test_images)):
        sizes = struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(sizes + rng.bytes(count * 28 * 28))
        labels = rng.integers(0, 10, count, dtype=np.uint8).tobytes()
        sizes = struct.pack(">4BI", 0, 0, 8, 1, count)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(sizes + labels)


def _write_cifar10(folder: Path, rng: np.random.Generator) -> None:
    folder = folder / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    for name in [*[f"data_batch_{i}.bin" for i in range(1, 6)], "test_batch.bin"]:
        records = rng.integers(0, 256, (10_000, 1 + 32 * 32 * 3), dtype=np.uint8)
        records[:, 0] %= 10
        (folder / name).write_bytes(records.tobytes())


_WRITERS = {
    "mnist": _write_mnist,
    "fashion_mnist": _write_mnist,
    "cifar10": _write_cifar10,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
