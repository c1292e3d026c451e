"""What all datasets share: their settings, and that splits are loaded from them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from scratchnet.data.augmentation import Augmentation
from scratchnet.data.framing import Framing
from scratchnet.data.images import Specification, Splits
from scratchnet.data.splits import Validation
from scratchnet.settings import Choice, setting

if TYPE_CHECKING:
    from scratchnet.data.image_format import ImageFormat  # imports Pillow, which few runs need


@dataclass
class DatasetSettings(Choice):
    """Base of all datasets: see `official_dataset` and `own.dataset`."""

    framing: ClassVar[Framing | None] = None  # what `predict` prepares images for

    validation: Validation = setting(Validation.holdout, "where the validation images come from")
    augment: bool = setting(False, "augment the training images as `augmentation` says")
    augmentation: Augmentation = setting(Augmentation(), "how images are augmented")

    @property
    def specification(self) -> Specification | None:
        """What a network has to fit; None if only the data can tell, once they are loaded."""
        return None

    def check_source(self) -> None:
        """Raise UserError if it is clear at a glance that there is nothing to load."""

    def of_a_run(self) -> "DatasetSettings":
        """These settings as `evaluate` may use them: a run's folder may be a stranger's."""
        return self

    def as_seen_by(self, classes: list[str], image_format: "ImageFormat | None") -> Self:
        """The same for a network with these classes, trained on images in this format.

        It differs where settings leave open what only the data can tell, and they have changed.
        """
        return self

    def load(self, seed: int) -> Splits:
        """Read the dataset and split it. Raises DataError.

        `seed` chooses the validation images of `holdout` and nothing else.
        """
        raise NotImplementedError
