"""How training images are augmented."""

from dataclasses import dataclass
from enum import Enum

from scratchnet.errors import SettingError
from scratchnet.settings import Settings, setting

UNFIT = (
    "must be false, as the samples of {name} are vectors, which cannot be augmented (only "
    "augmentation.mixup_alpha makes sense for them)"
)


class Flip(Enum):
    """Which images are mirrored left to right."""

    none = "none"
    random = "random"  # half of them, drawn anew in each epoch
    alternating = "alternating"  # half of them, and in the next epoch the other half


@dataclass
class Augmentation(Settings):
    """How strongly each augmentation changes an image; 0 or none turns it off."""

    crop: int = setting(
        0, "mirrored border added before a random crop back to size", unit="pixels", at_least=0
    )
    flip: Flip = setting(Flip.none, "mirror half of the images left to right")
    rotation: float = setting(
        0.0, "largest random rotation, either way", unit="degrees", at_least=0, at_most=180
    )
    scaling: float = setting(
        0.0, "largest random change in size, as a fraction, up or down", at_least=0, below=1
    )
    elastic_alpha: float = setting(
        0.0, "strength of elastic deformation", unit="pixels", at_least=0, at_most=1000
    )
    elastic_sigma: float = setting(
        4.0,
        "standard deviation of the Gaussian that smooths a deformation",
        unit="pixels",
        at_least=0.1,
        at_most=100,
    )
    cutout: int = setting(0, "side of the square that is blanked out", unit="pixels", at_least=0)
    mixup_alpha: float = setting(
        0.0, "mix images in pairs, weighted by Beta(alpha, alpha)", at_least=0, at_most=100
    )

    def check(self, name: str, shape: tuple[int, int, int]) -> None:
        """Raise SettingError if this does not fit the samples (H, W, C) of the dataset `name`."""
        height, width, _ = shape
        moved = self.crop or self.flip is not Flip.none or self.rotation or self.scaling
        if (height, width) == (1, 1) and (moved or self.elastic_alpha or self.cutout):
            raise SettingError("augment", f"=true: {UNFIT.format(name=name)}")
        size = min(height, width)
        for field, value, most in (("crop", self.crop, size - 1), ("cutout", self.cutout, size)):
            if value > most:
                raise SettingError(
                    f"augmentation.{field}",
                    f"={value}: must be <= {most} (pixels) for the {height} x {width} images "
                    f"of {name}",
                )
