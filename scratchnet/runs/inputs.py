"""What a network expects as input: enough to prepare an image without the dataset."""

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from scratchnet.data.fit import Fit
from scratchnet.data.images import Splits
from scratchnet.data.likeness import border_range
from scratchnet.errors import RunError
from scratchnet.settings.plain import Plain

if TYPE_CHECKING:
    from scratchnet.data.image_format import ImageFormat

MOST_NUMBERS = 4096 * 4096 * 3  # in a sample
LARGEST = 1e37  # of the numbers in a vector, as float32


@dataclass(frozen=True)
class Inputs:
    """The format of a dataset's images; a network sees x = (pixel - mean) / std."""

    shape: list[int]  # height, width, channels
    classes: list[str]  # names, by label
    mean: list[float]  # per channel, in pixel units
    std: list[float]  # per channel, in pixel units
    pixel_max: int  # the largest value that a pixel has, <= 255
    fit: str | None = None  # how image files were brought to that shape; None: there were none
    background: str | None = None  # seen through transparent pixels, and where padded
    features: list[str] = field(default_factory=list)  # columns of a table, in a sample's order
    border: list[float] | None = None  # `data.likeness.border_range`; None: unknown
    white: float = 255.0  # in the files of numbers of the training data; 1 for fractions

    @property
    def are_vectors(self) -> bool:
        """Whether samples are vectors, float32 (1, 1, features), and no images of bytes."""
        return self.shape[:2] == [1, 1]

    @property
    def image_format(self) -> "ImageFormat | None":
        """What the image files of the training set were brought to, if it was made of files."""
        from scratchnet.data.image_format import ImageFormat  # here, as it imports Pillow

        if self.fit is None or self.background is None:
            return None
        height, width, channels = self.shape
        return ImageFormat(height, width, channels, Fit[self.fit], self.background)

    @classmethod
    def of(cls, splits: Splits) -> "Inputs":
        """The format of the images of `splits`."""
        return cls(
            shape=[int(length) for length in splits.shape],
            classes=list(splits.classes),
            mean=[float(value) for value in splits.mean],
            std=[float(value) for value in splits.std],
            pixel_max=max(1, splits.pixel_max),  # all may be black
            border=border_range(splits.train),
            white=float(splits.white),
            fit=splits.image_format.fit.name if splits.image_format else None,
            background=splits.image_format.background if splits.image_format else None,
            features=list(splits.features),
        )

    @classmethod
    def from_plain(cls, plain: object) -> "Inputs":
        """Read back what `to_plain` returned. Raises RunError if anything is missing or invalid."""
        try:
            inputs = cls(**plain)
            inputs._check()
        except (TypeError, ValueError) as error:
            raise RunError(
                "run.json: `inputs` must hold shape, classes, mean, std and pixel_max of the "
                "images; train a new run"
            ) from error
        return inputs

    def to_plain(self) -> Plain:
        """As plain values, for run.json."""
        return asdict(self)

    def _check(self) -> None:
        lists = (self.shape, self.classes, self.mean, self.std, self.features)
        fits = (
            all(isinstance(values, list) for values in lists)
            and len(self.shape) == 3
            and all(type(n) is int and n >= 1 for n in self.shape)
            and math.prod(self.shape) <= MOST_NUMBERS
            and (self.shape[2] in (1, 3) or self.shape[:2] == [1, 1])
            and len(self.mean) == len(self.std) == self.shape[2]
            and all(type(x) is float and abs(x) < LARGEST for x in self.mean)
            and all(type(x) is float and 1 / LARGEST < x < LARGEST for x in self.std)
            and len(self.classes) >= 1
            and all(isinstance(name, str) for name in [*self.classes, *self.features])
            and len(self.features) in (0, math.prod(self.shape))
            and type(self.pixel_max) is int
            and 1 <= self.pixel_max <= 255
            and type(self.white) is float
            and 1 <= self.white < LARGEST
            and (self.border is None or _is_range(self.border))
            and (self.fit is None) == (self.background is None)
            and self.fit in (None, *Fit.__members__)
            and isinstance(self.background, str | None)
        )
        if not fits:
            raise ValueError
        if self.background is not None:
            from scratchnet.data.image_format import rgb

            rgb(self.background)  # raises ValueError


def _is_range(values: object) -> bool:
    return (
        isinstance(values, list)
        and [type(x) for x in values] == [float, float]
        and 0 <= values[0] <= values[1] <= 255
    )
