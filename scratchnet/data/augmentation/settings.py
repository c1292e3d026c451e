"""How training images are augmented."""

from dataclasses import dataclass
from enum import Enum

from scratchnet.errors import SettingError
from scratchnet.settings import Settings, setting


class Flip(Enum):
    """Which images are mirrored left to right."""

    none = "none"
    random = "random"  # half of them, drawn anew in each epoch
    alternating = "alternating"  # half of them, and in the next epoch the other half


@dataclass
class Augmentation(Settings):
    """Everything that can be done to an image; 0 or none: left out."""

    crop: int = setting(
        0, "mirrored border around an image before a crop of its size", unit="pixels", at_least=0
    )
    flip: Flip = setting(Flip.none, "mirror half of the images left to right")
    rotation: float = setting(
        0.0, "largest turn to either side", unit="degrees", at_least=0, at_most=180
    )
    scaling: float = setting(
        0.0, "largest change of size to either side, as a share", at_least=0, below=1
    )
    elastic_alpha: float = setting(
        0.0, "strength of elastic deformation", unit="pixels", at_least=0, at_most=1000
    )
    elastic_sigma: float = setting(
        4.0, "how far a deformation reaches (Gaussian)", unit="pixels", at_least=0.1, at_most=100
    )
    cutout: int = setting(0, "side of a square that is blanked out", unit="pixels", at_least=0)
    mixup_alpha: float = setting(
        0.0, "mix pairs of images, with a share from Beta(alpha, alpha)", at_least=0, at_most=100
    )

    def check(self, name: str, shape: tuple[int, int, int]) -> None:
        """Raise SettingError where it does not fit images (H, W, C) of the dataset `name`."""
        size = min(shape[:2])
        for field, value, most in (("crop", self.crop, size - 1), ("cutout", self.cutout, size)):
            if value > most:
                problem = f"={value}: must be <= {most} pixels for the {shape[0]} x {shape[1]} ones"
                raise SettingError(f"augmentation.{field}", f"{problem} of {name}")
