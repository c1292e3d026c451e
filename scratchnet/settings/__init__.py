"""Typed settings that know their range, unit and meaning, and the words to explain them."""

from scratchnet.settings.choice import Choice, choice
from scratchnet.settings.settings import (
    LARGEST_SEED,
    MOST_EPOCHS,
    Settings,
    describe_range,
    setting,
)

__all__ = [
    "LARGEST_SEED",
    "MOST_EPOCHS",
    "Choice",
    "Settings",
    "choice",
    "describe_range",
    "setting",
]
