"""What a network expects as input: enough to prepare an image without the dataset."""

from dataclasses import asdict, dataclass

from scratchnet.data.images import Splits
from scratchnet.errors import RunError
from scratchnet.settings.plain import Plain


@dataclass(frozen=True)
class Inputs:
    """The format of a dataset's images; a network sees x = (pixel - mean) / std."""

    shape: list[int]  # height, width, channels
    classes: list[str]  # names, by label
    mean: list[float]  # per channel, in pixel units
    std: list[float]  # per channel, in pixel units
    pixel_max: int  # the largest value that a pixel has, <= 255

    @classmethod
    def of(cls, splits: Splits) -> "Inputs":
        """The format of the images of `splits`."""
        return cls(
            shape=[int(length) for length in splits.shape],
            classes=list(splits.classes),
            mean=[float(value) for value in splits.mean],
            std=[float(value) for value in splits.std],
            pixel_max=splits.pixel_max,
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
        lists = (self.shape, self.classes, self.mean, self.std)
        fits = (
            all(isinstance(values, list) for values in lists)
            and len(self.shape) == 3
            and all(type(n) is int and 1 <= n <= 4096 for n in self.shape)
            and self.shape[2] in (1, 3)
            and len(self.mean) == len(self.std) == self.shape[2]
            and all(type(x) is float and abs(x) < 1e6 for x in self.mean)
            and all(type(x) is float and 1e-6 < x < 1e6 for x in self.std)
            and len(self.classes) >= 1
            and all(isinstance(name, str) for name in self.classes)
            and type(self.pixel_max) is int
            and 1 <= self.pixel_max <= 255
        )
        if not fits:
            raise ValueError
