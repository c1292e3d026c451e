"""Nested settings and their dotted names."""

from scratchnet.settings.plain import flatten


def test_dotted_names():
    nested = {"a": {"b": {"c": 1}, "d": [2], "f": {}}, "e": None}
    assert flatten(nested) == {"a.b.c": 1, "a.d": [2], "e": None}
