"""Settings that know their type, range, unit and meaning, and the words to explain them."""

from scratchnet.settings.settings import Settings, describe_range, setting

__all__ = ["Settings", "describe_range", "setting"]
