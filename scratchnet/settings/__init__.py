"""Typed settings that know their range, unit and meaning, and the words to explain them."""

from scratchnet.settings.choice import Choice, choice
from scratchnet.settings.settings import Settings, describe_range, setting

__all__ = ["Choice", "Settings", "choice", "describe_range", "setting"]
