"""Networks of every kind with random weights and running statistics, as if they were trained."""

import numpy as np

from scratchnet.nn.activations import ActivationName
from scratchnet.nn.models import CNN, MLP, AirNet, LeNet, LinearModel, ResNet
from scratchnet.nn.models.mlp import NormName
from scratchnet.nn.network import Network
from scratchnet.runs.inputs import Inputs

MODELS = {
    "linear": LinearModel(output_bias=False, output_scale=0.3),
    "mlp": MLP(hidden_dims=[9, 7], dropout=0.3, norm=NormName.batch, components=20),
    "residual mlp": MLP(hidden_dims=[9, 9, 7], residual=True, norm=NormName.layer, bottleneck=5),
    "lenet": LeNet(widths=[3, 4], hidden_dims=[8], dropout=0.2),
    "cnn": CNN(widths=[3, 4]),
    "resnet": ResNet(widths=[3, 4], blocks_per_stage=2),
    "airnet": AirNet(widths=[3, 5]),
}
MODELS |= {
    name.value: CNN(widths=[3], activation=name)
    for name in ActivationName
    if name is not ActivationName.relu
}
SHAPE = (9, 8, 3)
INPUTS = Inputs(
    shape=list(SHAPE),
    classes=["a <b>", "ü", "c"],
    mean=[100.0, 120.0, 90.0],
    std=[60.0, 50.0, 70.0],
    pixel_max=255,
)


def network_of(name: str, shape: tuple[int, int, int] = SHAPE) -> Network:
    """A network that a training could have left."""
    network = MODELS[name].build(shape, len(INPUTS.classes), seed=0)
    rng = np.random.default_rng(0)
    network.parameters.values += 0.2 * rng.standard_normal(network.parameters.size, np.float32)
    for place, buffer in network.buffers.items():
        if place.endswith(".var"):
            buffer[...] = rng.uniform(0.5, 2, buffer.shape)
        elif place.endswith(".mean"):
            buffer[...] = rng.standard_normal(buffer.shape)
        else:
            buffer += 0.1 * rng.standard_normal(buffer.shape)
    return network


def pixels_of(count: int) -> np.ndarray:
    """Random images, uint8 (count, H, W, C)."""
    return np.random.default_rng(1).integers(0, 256, (count, *INPUTS.shape)).astype(np.uint8)


def logits_of(network: Network, pixels: np.ndarray) -> np.ndarray:
    """What the network itself makes of them."""
    mean, std = np.array(INPUTS.mean, np.float32), np.array(INPUTS.std, np.float32)
    return network.forward((pixels - mean) / std).copy()
