"""How an image with other proportions is brought to the size of the others."""

from enum import Enum


class Fit(Enum):
    """What happens to the proportions of an image."""

    crop = "crop"  # scaled until it covers the size, then cut to its middle
    pad = "pad"  # scaled until it fits in, on the background
    stretch = "stretch"  # its proportions change
