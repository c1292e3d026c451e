"""What a demo page holds: the network, what it expects, and test images to check it with."""

from dataclasses import asdict
from typing import Any

import numpy as np

from scratchnet.data.framing import Framing
from scratchnet.data.image_format import rgb
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.data.splits import stratified
from scratchnet.demo.weights import WeightType, encoded, rounded_weights, text_of
from scratchnet.export.operations import Operation, arrays, operations
from scratchnet.nn.network import Network
from scratchnet.runs.inputs import Inputs
from scratchnet.training.evaluation import evaluate

EXAMPLES = 20  # test images in the page
BATCH = 500  # images at a time, of the test set
SMALL = 1_000_000  # bytes that a page should not exceed
PROGRAM = 100_000  # bytes of it that are not weights
MOST_LOST = 0.002  # of the accuracy, for a small page
WHITE = "white"  # behind transparent images


def best_payload(
    network: Network, inputs: Inputs, framing: Framing | None, test: Images, about: str
) -> dict[str, Any]:
    """The payload with the most precise weights that make a page smaller than SMALL.

    int8 where none do, or where three bits would cost more accuracy than MOST_LOST.
    """
    named = arrays(operations(network)).values()
    for kind in WeightType:
        texts = [text for array in named for text in encoded(array, kind).values()]
        if sum(map(len, texts)) < SMALL - PROGRAM:
            values = payload(network, inputs, framing, test, about, kind)
            lost = values["rounding"]["unrounded_accuracy"] - values["rounding"]["accuracy"]
            if kind is not WeightType.int3 or lost <= MOST_LOST:
                return values
    return payload(network, inputs, framing, test, about, WeightType.int8)


def payload(
    network: Network,
    inputs: Inputs,
    framing: Framing | None,
    test: Images,
    about: str,
    kind: WeightType,
) -> dict[str, Any]:
    """Plain values for the page. With a `framing`, images are prepared accordingly."""
    chosen = np.sort(stratified(test.labels, min(EXAMPLES, len(test))))
    before = _logits(network, inputs, test, chosen)
    unrounded = _accuracy(network, inputs, test)
    with rounded_weights(network, kind):
        logits = _logits(network, inputs, test, chosen)
        accuracy = _accuracy(network, inputs, test)
    pixels = test.take(chosen)
    return {
        "about": about,
        "inputs": {
            **asdict(inputs),
            "background": rgb(inputs.background or WHITE),
            "framing": asdict(framing) if framing else None,
        },
        "steps": [_plain(step, kind) for step in operations(network)],
        "examples": [
            {
                "position": int(position),
                "label": int(test.labels[position]),
                "pixels": text_of(pixels[i].tobytes()),
                "logits": [float(value) for value in logits[i]],
                "logits_unrounded": [float(value) for value in before[i]],
            }
            for i, position in enumerate(chosen)
        ],
        "rounding": {
            "type": kind.value,
            "accuracy": accuracy,
            "unrounded_accuracy": unrounded,
            "images": len(test),
        },
    }


def _plain(step: Operation, kind: WeightType) -> dict[str, Any]:
    """An operation with its arrays as texts, and those inside it."""
    return {
        "kind": step.kind,
        "name": step.name,
        "shape": list(step.shape),
        "numbers": step.numbers,
        "arrays": {name: encoded(array, kind) for name, array in step.arrays.items()},
        "branch": [_plain(inner, kind) for inner in step.branch],
        "shortcut": [_plain(inner, kind) for inner in step.shortcut],
    }


def _loader(inputs: Inputs, images: Images) -> Loader:
    mean, std = np.array(inputs.mean, np.float32), np.array(inputs.std, np.float32)
    return Loader(images, BATCH, mean=mean, std=std, seed=0)


def _logits(network: Network, inputs: Inputs, test: Images, chosen: np.ndarray) -> np.ndarray:
    """The logits of some test images."""
    images = Images(test.take(chosen), test.labels[chosen])
    ((x, _),) = _loader(inputs, images).batches(epoch=0)
    return network.forward(x).copy()


def _accuracy(network: Network, inputs: Inputs, test: Images) -> float:
    return evaluate(network, _loader(inputs, test)).accuracy
