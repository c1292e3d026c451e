"""UCI optical digits: 1,797 images of 8x8 pixels, included in the package.

The file holds the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin and
C. Kaynak, 1998, UCI Machine Learning Repository, https://doi.org/10.24432/C50P49), licensed under
CC BY 4.0; unchanged, and in the order of scikit-learn's `load_digits`. Pixels range from 0 to 16.
"""

from pathlib import Path
from typing import ClassVar

import numpy as np

from scratchnet.data.augmentation import Augmentation
from scratchnet.data.framing import FILLING
from scratchnet.data.images import Images
from scratchnet.data.official_dataset import OfficialDataset
from scratchnet.data.splits import split_off, stratified
from scratchnet.settings import choice, setting


@choice("digits")
class Digits(OfficialDataset):
    """Handwritten digits of 8x8 pixels; a fixed fifth of each class is the test set."""

    shape: ClassVar = (8, 8, 1)
    framing: ClassVar = FILLING
    classes: ClassVar = [str(digit) for digit in range(10)]
    mean: ClassVar = [4.887493475991649]
    std: ClassVar = [6.019212251933809]
    train_images: ClassVar = 1437
    test_images: ClassVar = 360

    validation_size: int = setting(
        180, "held out of the training set for validation", unit="images", at_least=1
    )
    augmentation: Augmentation = setting(Augmentation(crop=1), "how images are augmented")

    @property
    def is_complete(self) -> bool:
        """Yes: the file is part of the package."""
        return True

    def _read(self) -> tuple[Images, Images, bool]:
        with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as file:
            images = Images(file["images"][..., None], file["labels"].astype(np.int64))
        train, test = split_off(images, stratified(images.labels, self.test_images))
        return train, test, True
