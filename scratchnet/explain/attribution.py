"""Which pixels matter for a class, found in two ways, and a control for one of them."""

from contextlib import AbstractContextManager

import numpy as np

from scratchnet.compute.randomness import stream
from scratchnet.nn.loss import softmax
from scratchnet.nn.network import Network

WINDOW = 0.2  # side of the square that is covered, as a share of the shorter side of the image


def gradient_times_pixel(
    network: Network, x: np.ndarray, pixels: np.ndarray, std: np.ndarray, chosen: int
) -> np.ndarray:
    """d(logit) / d(pixel) times the pixel, summed over channels: (H, W).

    The first-order estimate of how much of the logit of class `chosen` each pixel brings about,
    compared with black. `x` is the image as the network sees it, (1, H, W, C), `pixels` the same
    before normalisation, (H, W, C). Shrikumar et al. 2017, "Learning Important Features", sec. 2.2.
    """
    dlogits = np.zeros_like(network.forward(x))
    dlogits[0, chosen] = 1
    by_channel: np.ndarray = network.input_gradient(dlogits)[0] / std * pixels
    return by_channel.sum(axis=-1)


def occlusion(network: Network, x: np.ndarray, chosen: int) -> np.ndarray:
    """How much the probability of class `chosen` falls if what is around a pixel is covered.

    Returns (H, W), from -1 to 1. A square is moved over the image in steps of half its side, and
    has the mean colour of the training set; a pixel gets the mean over all squares that cover it.
    Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks", sec. 4.2.
    """
    _, height, width, _ = x.shape
    side = max(1, round(WINDOW * min(height, width)))
    before = softmax(network.forward(x))[0, chosen]
    falls, counts = np.zeros((height, width)), np.zeros((height, width))
    for top in _starts(height, side):
        covered = np.repeat(x, len(_starts(width, side)), axis=0)
        for image, left in zip(covered, _starts(width, side), strict=True):
            image[top : top + side, left : left + side] = 0
        shares = softmax(network.forward(covered))[:, chosen]
        for left, share in zip(_starts(width, side), shares, strict=True):
            falls[top : top + side, left : left + side] += before - share
            counts[top : top + side, left : left + side] += 1
    return falls / counts


def shuffled_weights(network: Network, seed: int) -> AbstractContextManager[None]:
    """Within this context, the numbers of each weight array are in random order.

    What a method still shows then, it shows of the image and not of what was learned. Adebayo et
    al. 2018, "Sanity Checks for Saliency Maps".
    """
    rng = stream(seed, "shuffled weights")
    return network.with_weights(
        lambda weight: rng.permutation(weight.reshape(-1)).reshape(weight.shape)
    )


def _starts(length: int, side: int) -> list[int]:
    """Where the squares begin along one axis: the last one ends where the image does."""
    step = max(1, side // 2)
    return [*range(0, length - side, step), length - side]
