"""How a thing lies in the images of a dataset."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Framing:
    """One thing on an empty ground, light on black, always of the same size and in the middle."""

    box: float  # the longer side of the thing, as a share of the image
    centre_of_mass: bool  # what lies in the middle: its centre of mass, or else that of its box
    stroke: float | None = None  # of lines: the least width, as a share of the thing


DIGIT = Framing(box=20 / 28, centre_of_mass=True, stroke=0.07)
"""As in MNIST: 20 pixels of 28 (LeCun et al. 1998, "Gradient-Based Learning Applied to Document
Recognition", sec. III.A)."""
FILLING = Framing(box=1, centre_of_mass=False)
"""From edge to edge."""
