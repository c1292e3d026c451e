"""Settings in words."""

from dataclasses import dataclass
from enum import Enum

import pytest

from scratchnet.settings import Settings, setting
from scratchnet.settings.wording import as_typed, as_whole, type_in_words, wrong_type


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


@pytest.mark.parametrize(
    ("value", "annotation", "whole"),
    [
        (1e1, int, 10),
        (64.0, int | None, 64),
        ([1e2, 16], list[int], [100, 16]),
        ("1e1", int, 10),
        (2.0, int | str, 2),
    ],
)
def test_a_whole_number_may_be_written_as_any_number(value, annotation, whole):
    assert repr(as_whole(value, annotation)) == repr(whole)  # not 10.0


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (1.5, int),
        (2.0, float),
        (2.0, str),
        ("2.0", int | str),
        ("many", int),
        (float("nan"), int),
        (float("inf"), int),
        (1e300, int),  # more digits than were typed
        (True, int),
        (None, int | None),
    ],
)
def test_all_other_values_stay_as_they_are(value, annotation):
    assert as_whole(value, annotation) is value
