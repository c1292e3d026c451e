"""Predictions as people and programs read them."""

import csv
import io

import numpy as np
import pytest

from scratchnet.reports.predictions import bars, is_kaggle, to_csv


def test_the_most_probable_class_comes_first():
    lines = bars(["cat", "a\x1b[2Jb", "horse"], np.array([0.25, 0.70004, 0.04996], np.float32))
    first, second, third = lines.splitlines()
    assert first.startswith("a [2Jb   70.00 %  ████")
    assert second.startswith("cat      25.00 %  ██████████")
    assert third.startswith("horse     5.00 %  ██")


def test_bars_where_the_terminal_has_no_blocks(monkeypatch):
    class Ascii:
        encoding = "ascii"

    monkeypatch.setattr("sys.stdout", Ascii())
    assert bars(["a"], np.array([1.0])).isascii()


def test_only_the_first_few_classes():
    assert bars(["a", "b", "c"], np.array([0.2, 0.7, 0.1]), top=2).split()[::4] == ["b", "a"]


def test_csv_keeps_all_digits_and_is_harmless_in_a_spreadsheet():
    probabilities = np.array([[0.1, 0.9], [1 / 3, 2 / 3]], np.float32)
    text = to_csv(["a,b.png", "=1+1.png"], ["cat", "=dog"], probabilities)
    header, first, second = csv.reader(io.StringIO(text))
    assert header == ["file", "class", "probability_cat", "probability_=dog"]
    assert first[:2] == ["a,b.png", "'=dog"]
    assert second[:2] == ["'=1+1.png", "'=dog"]
    np.testing.assert_array_equal(np.array([first[2:], second[2:]], np.float32), probabilities)


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (b"ImageId,Label\n1,cat\n2,dog\n", True),
        (b"ImageId,Label\n1,cat\n2,cat\n", False),  # as Kaggle's own sample
        (b"ImageId,Label\n1,cat\n1,dog\n", False),
        (b"ImageId,Label\n1,cat\n2,bird\n", False),
        (b"ImageId,Label\n1,cat\n2,dog,7\n", False),
        (b"ImageId,Name\n1,cat\n2,dog\n", False),
        (b"ImageId,Label\n", False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
)
def test_answers_for_kaggle_are_recognised(tmp_path, content, ours):
    path = tmp_path / "a.csv"
    assert not is_kaggle(path, ["cat", "dog"])
    path.write_bytes(content)
    assert is_kaggle(path, ["cat", "dog"]) is ours
