"""Settings in words."""

from dataclasses import dataclass
from enum import Enum

import pytest

from scratchnet.settings import Settings, setting
from scratchnet.settings.wording import as_typed, type_in_words, wrong_type


class Colour(Enum):
    red = "red"
    green = "green"


@dataclass
class Paint(Settings):
    coats: int = setting(1, "how often to paint", unit="coats", at_least=1)
    colour: Colour = setting(Colour.red)


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (int, "a whole number"),
        (list[float], "a list of numbers"),
        (float | None, "a number or null"),
        (int | str, "a whole number or text"),
        (Colour, "one of red, green"),
    ],
)
def test_types_in_words(annotation, words):
    assert type_in_words(annotation) == words


def test_a_wrong_type_is_reported_with_range_unit_and_meaning():
    text = wrong_type(Paint, "coats", "many")
    assert text == "=many: must be a whole number >= 1 (coats: how often to paint)"


def test_a_wrong_choice_is_reported_with_the_nearest():
    text = wrong_type(Paint, "colour", "gren")
    assert text == "=gren: must be one of red, green (did you mean green?)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1e-5, "1e-05"),
        ([256, 128], "[256,128]"),
        (Colour.red, "red"),
        ({"lr": 0.1}, "{lr:0.1}"),
    ],
)
def test_values_as_they_are_typed(value, text):
    assert as_typed(value) == text
