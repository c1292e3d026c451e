"""Random changes to training images, new in each epoch: one per file; `Augmenter` applies them."""

from scratchnet.data.augmentation.augmenter import Augmenter
from scratchnet.data.augmentation.mixup import Mixup
from scratchnet.data.augmentation.part import Part
from scratchnet.data.augmentation.settings import Augmentation, Flip

__all__ = ["Augmentation", "Augmenter", "Flip", "Mixup", "Part"]
