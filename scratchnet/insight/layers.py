"""What the layers do in the course of a training: activations, gradients, updates.

After an epoch, a fixed small batch of training images goes through the network, without dropout and
augmentation, forward and backward. Nothing that the training uses is changed: the next step
overwrites the gradients. Each look is a line of layers.jsonl.
"""

import json
import logging
import math
from typing import Any

import numpy as np

from scratchnet.data.loader import Loader
from scratchnet.errors import RunError
from scratchnet.nn.activations import Activation, ReLU
from scratchnet.nn.layer import Layer, named
from scratchnet.nn.norm_relu import BatchNormReLU
from scratchnet.nn.observation import observed
from scratchnet.reports.pace import Pace
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files
from scratchnet.training.metrics import BatchMetrics, EpochMetrics
from scratchnet.training.trainer import Trainer

logger = logging.getLogger("scratchnet")

FILE = "layers.jsonl"
SAMPLES = 64  # training images
SHARE = 0.01  # of the time of the training, at most
BINS = 32  # of a histogram
MOST_VALUES = 5_000  # that a histogram counts: of more, evenly spaced ones
DECADES = (-12, 2)  # powers of ten between which magnitudes of gradients are counted


class LayerWatch:
    """A Listener that looks at the layers after the first epoch, the last, and others in between.

    It looks as often as SHARE allows. `images` holds the fixed batch.
    """

    def __init__(self, run: RunFolder, trainer: Trainer, images: Loader):
        self.path = run.path / FILE
        self.trainer = trainer
        self.x, self.labels = (array.copy() for array in next(images.batches(epoch=0)))
        self._pace = Pace(share=SHARE)
        self._has_failed = False
        self._is_single = False  # whether an epoch is a single step
        self._before: np.ndarray | None = self._values()  # before the last step of the epoch

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Keep the parameters before an epoch's last step, if that epoch will be looked at."""
        self._is_single = metrics.batches == 1
        if metrics.batch == metrics.batches - 1 and self._is_due(metrics.epoch):
            self._before = self._values()

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Look, and write down what was seen."""
        if self._before is not None and (not self._is_single or self._is_due(metrics.epoch)):
            with self._pace, np.errstate(over="ignore", invalid="ignore"):
                seen = look(self.trainer, self.x, self.labels, self._before)
                self._write({"epoch": metrics.epoch, **seen})
        self._before = self._values() if self._is_single else None

    def _is_due(self, epoch: int) -> bool:
        return self._pace.is_due() or epoch in (1, self.trainer.settings.epochs)

    def _values(self) -> np.ndarray:
        return self.trainer.network.parameters.values.copy()

    def _write(self, line: dict[str, Any]) -> None:
        """Add a line; if that fails, no more are added, and the run goes on."""
        try:
            if not self._has_failed:
                files.append_line(self.path, json.dumps(line, separators=(",", ":")))
        except RunError as error:
            self._has_failed = True
            logger.warning("the report will not show the layers: %s", error)


def look(
    trainer: Trainer, x: np.ndarray, labels: np.ndarray, before: np.ndarray
) -> dict[str, dict[str, Any]]:
    """`activations` and `weights`, each a dict of what was seen by the name of the layer."""
    network = trainer.network
    names = {layer: name for name, layer in named(network.layers).items()}
    activations: dict[str, Any] = {}

    def see(layer: Layer, y: np.ndarray) -> None:
        activations[names[layer]] = {"values": histogram(y)} | dead_units(y)

    last = network.layers[-1]
    kinds = (Activation, ReLU, BatchNormReLU)
    watched = [one for one in network.all_layers() if isinstance(one, kinds) or one is last]
    with observed(watched, see):
        _, dlogits = trainer.loss(network.forward(x), labels)
    network.backward(dlogits)
    parameters, weights = network.parameters, {}
    for name, layer in named(network.layers).items():
        slot = parameters.slots.get(f"{name.partition('.')[0]}.weight")
        if slot is None or "weight" not in layer.declarations:
            continue
        weights[name] = {
            "gradients": magnitudes(slot.view(parameters.grads)),
            "update": update_ratio(slot.view(before), slot.view(parameters.values)),
        }
    return {"activations": activations, "weights": weights}


def histogram(values: np.ndarray) -> dict[str, Any]:
    """How many values are in each of BINS equal bins between `low` and `high`."""
    some = _some(values)
    counts, edges = np.histogram(some, BINS)
    return {"low": float(edges[0]), "high": float(edges[-1]), "counts": counts.tolist()}


def magnitudes(gradients: np.ndarray) -> list[int]:
    """How many |g| are in each half of a decade between DECADES; smaller and larger at the ends."""
    some = np.abs(_some(gradients))
    powers = np.log10(np.maximum(some, 10.0 ** DECADES[0]))
    bins = 2 * (DECADES[1] - DECADES[0])
    return np.histogram(np.clip(powers, *DECADES), bins, DECADES)[0].tolist()


def dead_units(y: np.ndarray) -> dict[str, int]:
    """Of the `units` (the last axis), how many gave the same output everywhere: `dead`."""
    outputs = y.reshape(-1, y.shape[-1])
    dead = np.count_nonzero(outputs.max(axis=0) == outputs.min(axis=0))
    return {"units": y.shape[-1], "dead": int(dead)}


def update_ratio(before: np.ndarray, after: np.ndarray) -> float | None:
    """|after - before| / |before|, for the step between; None if nothing changed or was there."""
    size, change = np.linalg.norm(before), np.linalg.norm(after - before)
    ratio = float(change / size) if size > 0 else 0.0
    return ratio if 0 < ratio < math.inf else None


def _some(values: np.ndarray) -> np.ndarray:
    """Evenly spaced values, as many as are counted, without those that are not finite."""
    flat = values.ravel()
    step = -(-len(flat) // MOST_VALUES) | 1  # odd: it goes through all of 64 channels
    some = flat[::step]
    return some[np.isfinite(some)]
