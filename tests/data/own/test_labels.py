"""Labels of every kind become class indices with names, or are refused with the reason."""

import numpy as np
import pytest

from scratchnet.data.own.labels import as_column, encode, from_text


def encoded(*labels, names=()):
    (*indices,), classes = encode([as_column(np.array(one)) for one in labels], list(names))
    return [one.tolist() for one in indices], classes


@pytest.mark.parametrize(
    "labels",
    [
        [3, 1, 3, 7],
        [[3], [1], [3], [7]],
        [3.0, 1.0, 3.0, 7.0],
        np.array([3, 1, 3, 7], np.uint8),
        np.array([3, 1, 3, 7], ">i4"),
    ],
)
def test_whole_numbers(labels):
    assert encoded(labels) == ([[1, 0, 1, 2]], ["1", "3", "7"])


def test_one_hot_true_and_false_and_text():
    assert encoded(np.eye(3)[[2, 0, 2, 1]]) == ([[2, 0, 2, 1]], ["0", "1", "2"])
    assert encoded([[True], [False], [True]]) == ([[1, 0, 1]], ["False", "True"])
    assert encoded(["b10", "b9 ", "b10"]) == ([[1, 0, 1]], ["b9", "b10"])
    assert encoded(np.array(["é", "e", "é"]).astype("U")) == ([[1, 0, 1]], ["e", "é"])
    assert encoded(np.char.encode(["é", "e", "e"], "utf-8")) == ([[1, 0, 0]], ["e", "é"])


def test_splits_share_their_classes():
    assert encoded([5, 5, 1], [9, 1]) == ([[1, 1, 0], [2, 0]], ["1", "5", "9"])


def test_names_of_classes():
    names = ["zero", "one", "two"]
    assert encoded([0, 2, 2], names=names) == ([[0, 2, 2]], names)
    assert encoded([1, 3, 2, 1], names=names) == ([[0, 2, 1, 0]], names)  # EMNIST's letters: from 1
    assert encoded(["two", "zero", "two"], names=names) == ([[2, 0, 2]], names)
    with pytest.raises(ValueError, match="3 names of classes are given for 2 labels from 1 to 5"):
        encoded([1, 5, 5], names=names)
    with pytest.raises(ValueError, match="label four is none of the classes given: zero, one"):
        encoded(["four", "one", "one"], names=names)


def test_cells_of_a_table():
    assert from_text(["10", " 2", "3.0"]).tolist() == [10, 2, 3]
    assert from_text(["10", "2", "3.5"]).tolist() == ["10", "2", "3.5"]
    assert from_text(["-1", "+1"]).tolist() == [-1, 1]


def test_zero_has_no_sign():
    assert from_text(["0.5", "-0.0", "0.0", "-0.5"]).tolist() == ["0.5", "0.0", "0.0", "-0.5"]
    assert from_text(["-0.0", "0.0", "1"]).tolist() == [0, 0, 1]
    assert from_text(["1.1", "1.10", "-"]).tolist() == ["1.1", "1.10", "-"]


@pytest.mark.parametrize("step", [1, 0.37])
def test_a_quantity_names_no_classes(step):
    values = step * (np.arange(100) % 45)
    cells = [f"{value:g}" for value in values]
    with pytest.raises(ValueError, match=r"holds 45 different numbers in 100 samples: classes are"):
        from_text(cells)
    assert len(from_text([f"{step * (i % 45):g}" for i in range(450)])) == 450


def test_many_whole_numbers_that_hardly_repeat_are_a_quantity():
    with pytest.raises(ValueError, match=r"45 different numbers in 100 samples: classes are want"):
        encoded(np.arange(100) % 45)


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ([[1, 1, 0], [0, 0, 1]], "sample 0 has 2 labels: .*multi-label"),
        ([[0, 1, 0], [0, 0, 0]], "sample 1 has 0 labels"),
        ([[0.5, 0.5], [0, 1]], r"labels of shape \(2, 2\): must be"),
        (np.zeros((2, 2, 2)), r"labels of shape \(2, 2, 2\)"),
        ([0.5, 1.0, 1.0], "label 0.5 is not a class"),
        ([np.nan, 1.0], "label nan is not a class"),
        ([1 + 2j, 0], "labels of type complex128"),
        (["a", " ", "b"], "label 1 .* is empty"),
        ([4, 4, 4], "all labels are 4: there must be two classes"),
        (np.arange(50), "all 50 labels differ"),
    ],
)
def test_what_names_no_class_is_refused(labels, reason):
    with pytest.raises(ValueError, match=reason):
        encoded(labels)
