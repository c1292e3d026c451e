"""Confusion, precision and recall are those of scikit-learn."""

from collections import Counter

import numpy as np
import pytest
from insight.answers import answers
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from scratchnet.insight.mistakes import MOST_CLASSES, by_class, mistakes


def test_counts_and_shares_are_those_of_scikit_learn():
    said = answers()
    found = mistakes(said, 5)
    np.testing.assert_array_equal(found["counts"], confusion_matrix(said.labels, said.predictions))
    precision, recall, _, support = precision_recall_fscore_support(said.labels, said.predictions)
    assert [one["precision"] for one in found["classes"]] == pytest.approx(precision)
    assert [one["recall"] for one in found["classes"]] == pytest.approx(recall)
    assert [one["support"] for one in found["classes"]] == support.tolist()


def test_the_most_confused_pairs_come_first():
    said = answers()
    wrong = Counter(
        (a, b)
        for a, b in zip(said.labels.tolist(), said.predictions.tolist(), strict=True)
        if a != b
    )
    found = mistakes(said, 5)["pairs"]
    counts = [one["count"] for one in found]
    assert counts == sorted(wrong.values(), reverse=True)[:12]
    for one in found:
        assert wrong[one["label"], one["prediction"]] == one["count"]
        assert one["share"] == pytest.approx(one["count"] / np.sum(said.labels == one["label"]))


def test_a_share_of_nothing_is_no_number():
    first, second, third = by_class(np.array([[2, 0, 0], [3, 0, 0], [0, 0, 0]]))
    assert (first["precision"], first["recall"]) == (0.4, 1.0)
    assert (second["precision"], second["recall"]) == (None, 0.0)
    assert (third["precision"], third["recall"], third["support"]) == (None, None, 0)


def test_too_many_classes_have_no_matrix_but_pairs():
    found = mistakes(answers(classes=MOST_CLASSES + 1), MOST_CLASSES + 1)
    assert found["counts"] is None
    assert len(found["pairs"]) == 12
