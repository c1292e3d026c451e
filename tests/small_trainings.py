"""Trainings without a config or a run folder, on a few random images of three classes."""

import numpy as np

from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.nn.models import MLP
from scratchnet.optim.schedules import Constant
from scratchnet.optim.sgd import SGD
from scratchnet.training.trainer import Trainer


def images(count, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    images = rng.integers(0, 100, (count, 4, 4, 1)) + 70 * labels.reshape(-1, 1, 1, 1)
    return Images(images.astype(np.uint8), labels)


def loader(data, batch_size=10, shuffle=False):
    mean, std = np.array([120], np.float32), np.array([60], np.float32)
    return Loader(data, batch_size, mean=mean, std=std, seed=0, shuffle=shuffle)


def training(
    settings,
    *,
    lr=0.1,
    model=None,
    optimizer=None,
    schedule=None,
    images_of=images,
    count=37,
    averaging=None,
):
    model = model or MLP(hidden_dims=[8], dropout=0.2)
    train = loader(images_of(count), settings.batch_size, shuffle=True)
    val = loader(images_of(23, seed=1), settings.batch_size)
    schedule = (schedule or Constant()).build(lr, len(train), settings.epochs)
    network = model.build((4, 4, 1), classes=3, seed=0)
    return Trainer(settings, network, optimizer or SGD(), schedule, train, val, averaging)


class Recorder:
    def __init__(self):
        self.batches, self.epochs = [], []

    def on_batch(self, metrics):
        self.batches.append(metrics)

    def on_epoch(self, metrics, is_best):
        self.epochs.append((metrics, is_best))
