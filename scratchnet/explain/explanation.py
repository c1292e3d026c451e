"""All there is to show about a network and one image."""

from dataclasses import dataclass

import numpy as np

from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.explain.attribution import gradient_times_pixel, occlusion, shuffled_weights
from scratchnet.nn.dropout import Dropout
from scratchnet.nn.flatten import Flatten
from scratchnet.nn.layer import Layer, named
from scratchnet.nn.loss import softmax
from scratchnet.nn.network import Network
from scratchnet.runs.inputs import Inputs


@dataclass(frozen=True)
class Explanation:
    """What a network makes of an image, and which pixels matter for the class it chooses."""

    probabilities: np.ndarray  # (classes,)
    occlusion: np.ndarray  # (H, W), see `attribution`
    saliency: np.ndarray  # (H, W), gradient x pixel
    shuffled_saliency: np.ndarray  # (H, W), the same with the weights in random order
    outputs: dict[str, np.ndarray]  # of each layer by its name: (H', W', C') or (n,)

    @property
    def chosen(self) -> int:
        """The most probable class."""
        return int(self.probabilities.argmax())


def explain(network: Network, inputs: Inputs, pixels: np.ndarray, seed: int) -> Explanation:
    """Look into a network with one image, uint8 (H, W, C). `seed` is for the shuffled weights."""
    std = np.array(inputs.std, np.float32)
    loader = Loader(
        Images(pixels[None], np.zeros(1, np.int64)),
        batch_size=1,
        mean=np.array(inputs.mean, np.float32),
        std=std,
        seed=seed,
    )
    ((x, _),) = loader.batches(epoch=0)
    x = x.copy()
    probabilities = softmax(network.forward(x))[0]
    chosen = int(probabilities.argmax())
    saliency = gradient_times_pixel(network, x, pixels, std, chosen)
    with shuffled_weights(network, seed):
        other = int(network.forward(x).argmax())
        shuffled = gradient_times_pixel(network, x, pixels, std, other)
    return Explanation(
        probabilities=probabilities,
        occlusion=occlusion(network, x, chosen),
        saliency=saliency,
        shuffled_saliency=shuffled,
        outputs=outputs(network, x),
    )


def outputs(network: Network, x: np.ndarray) -> dict[str, np.ndarray]:
    """What each layer at the top makes of an image (1, H, W, C), by the layer's name."""
    names = {id(layer): name for name, layer in named(network.layers).items()}
    found = {}
    x = x.astype(network.dtype)
    for layer in network.layers:
        x = layer.forward(x, train=False)
        if not isinstance(layer, Flatten | Dropout):
            found[_title(layer, names)] = x[0].copy()
    return found


def _title(layer: Layer, names: dict[int, str]) -> str:
    """The name of a layer, or of both where two are one (a normalisation with its ReLU)."""
    inner = [names[id(child)] for child in layer.children() if layer.class_name != "Residual"]
    return " and ".join([names[id(layer)], *inner])
