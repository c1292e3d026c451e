"""Trains small networks and prints a digest of all their bits: a program for test_any_threads.py.

    python bits_of_trainings.py ENGINE THREADS...

The layers are wide enough to be cut into pieces. Each line has the name of a model and, for each
number of our own threads, the digest of everything that a checkpoint holds.
"""

import hashlib
import sys

import numpy as np

from scratchnet.compute import threads
from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.models import CNN, MLP
from scratchnet.nn.models.mlp import NormName
from scratchnet.nn.models.model import Model
from scratchnet.optim.adam import AdamW
from scratchnet.optim.averaging import EMA
from scratchnet.optim.schedules import Constant
from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Trainer

MODELS = [
    MLP(hidden_dims=[768, 500], dropout=0.3, norm=NormName.batch),
    CNN(widths=[24, 48], dropout=0.1),
]
SHAPE = (16, 16, 3)


class Nobody:
    """A listener."""

    def on_batch(self, metrics: BatchMetrics) -> None:
        pass

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        pass


def digest(model: Model) -> str:
    """Of the state after two steps and an evaluation."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (512, *SHAPE), dtype=np.uint8)
    images = Images(pixels, rng.integers(0, 10, len(pixels)))
    channels = {"mean": np.full(3, 128, np.float32), "std": np.full(3, 64, np.float32)}
    augmentation = Augmentation(crop=2, flip=Flip.random)
    train = Loader(images, 256, seed=0, shuffle=True, augmentation=augmentation, **channels)
    val = Loader(images, 256, seed=0, **channels)
    settings = TrainerSettings(epochs=1, batch_size=256)
    schedule = Constant().build(1e-3, len(train), settings.epochs)
    network = model.build(SHAPE, 10, seed=0)
    trainer = Trainer(settings, network, AdamW(), schedule, train, val, EMA())
    trainer.fit(Nobody())
    arrays, meta = trainer.state()
    content = hashlib.sha256(repr(meta).encode())
    for name in sorted(arrays):
        content.update(np.ascontiguousarray(arrays[name]))
    return content.hexdigest()


def main(engine_name: str, counts: list[int]) -> None:
    engine.use(Engine(engine_name))
    for model in MODELS:
        digests = []
        for count in counts:
            threads.use(count)
            digests.append(digest(model))
        print(model.name, *digests)


if __name__ == "__main__":
    main(sys.argv[1], [int(count) for count in sys.argv[2:]])
