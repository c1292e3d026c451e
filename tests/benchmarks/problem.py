"""What the contenders of all benchmarks share: the images, and how a network is trained."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LR = 1e-3
WEIGHT_DECAY = 0.01
CLIP_NORM = 1.0


@dataclass(frozen=True)
class Problem:
    """Training with AdamW and clipping by the global norm; a subclass adds the network.

    One round is one epoch over the first `images` images, a multiple of `batch_size`, in a
    new random order.
    """

    data: str  # folder with images.npy, labels.npy and channels.json (see data.py)
    images: int
    batch_size: int

    def raw(self) -> tuple[np.ndarray, np.ndarray]:
        """The images, uint8 (n, H, W, C), and their labels, int64 (n,)."""
        folder = Path(self.data)
        images = np.load(folder / "images.npy", mmap_mode="r")[: self.images]
        return np.ascontiguousarray(images), np.load(folder / "labels.npy")[: self.images]

    def channels(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation, float32 (C,), in pixel units."""
        values = json.loads((Path(self.data) / "channels.json").read_text())
        return np.array(values["mean"], np.float32), np.array(values["std"], np.float32)

    def normalised(self) -> tuple[np.ndarray, np.ndarray]:
        """All images as a peer keeps them in memory: float32 (n, H, W, C), and int64
        labels (n,)."""
        images, labels = self.raw()
        mean, std = self.channels()
        x = images.astype(np.float32)
        x -= mean
        x /= std
        return x, labels
