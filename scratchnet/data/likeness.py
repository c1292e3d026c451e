"""Whether an image looks like those that a network was trained on, told by simple signs."""

import numpy as np

from scratchnet.data.images import Images

SOME = 10_000  # training images looked at
NEARLY = 0.05  # of the range of pixels: what differs less is the same
FAR = 30  # standard deviations of a feature from its mean: worth a warning
SQUEEZED = 1.5  # a change of proportions that is worth a warning


def border(pixels: np.ndarray) -> np.ndarray:
    """The outermost pixels of images (..., H, W), each once: (..., count)."""
    height, width = pixels.shape[-2:]
    outer = np.ones((height, width), bool)
    outer[1:-1, 1:-1] = False
    return pixels[..., outer]


def border_range(images: Images) -> list[float] | None:
    """The lowest and the highest mean of the borders of training images, in pixel units.

    None where there is no border: for samples that are no images.
    """
    if min(images.pixels.shape[1:3]) < 3:
        return None
    positions = np.arange(0, len(images), 1 + len(images) // SOME)
    channels_first = np.moveaxis(images.take(positions), -1, 1)
    means = border(channels_first).mean(axis=(1, 2), dtype=np.float64)
    return [float(means.min()), float(means.max())]


def far_features(
    vector: np.ndarray, mean: np.ndarray, std: np.ndarray, names: list[str]
) -> list[str]:
    """What makes an answer doubtful for a vector (features,): numbers unlike those in training.

    `mean` and `std` (features,) are those of the training split; `names` may be empty.
    """
    distances = np.abs(vector.astype(np.float64) - mean) / std
    far = np.flatnonzero(distances > FAR)
    if not len(far):
        return []
    most = int(distances.argmax())
    name = names[most] if names else f"number {most + 1}"
    others = f" and {len(far) - 1:,} more" if len(far) > 1 else ""
    return [f"has {name}{others} far from the training data (mean {mean[most]:.3g})"]


def doubts(
    pixels: np.ndarray, pixel_max: int, borders: list[float] | None, squeezed: float
) -> list[str]:
    """What makes an answer doubtful for an image (H, W, C) in the form that a network sees.

    `borders` is the `border_range` of the training images; `squeezed` is the ratio of height to
    width before, divided by that after.
    """
    found = []
    if np.ptp(pixels.astype(int)) <= NEARLY * pixel_max:
        found.append("is blank or nearly so")
    elif borders is not None:
        mean = border(np.moveaxis(pixels, -1, 0)).mean()
        for beyond, word in ((mean - borders[1], "lighter"), (borders[0] - mean, "darker")):
            if beyond > NEARLY * pixel_max:
                found.append(f"has a {word} border than any training image")
    factor = max(squeezed, 1 / squeezed)
    if factor >= SQUEEZED:
        found.append(
            f"is {'flattened' if squeezed > 1 else 'narrowed'} by a factor of {factor:.1f}"
        )
    return found
