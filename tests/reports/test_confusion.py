"""confusion.png counts as scikit-learn does."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from scratchnet.reports.confusion import confusion, draw_confusion


@pytest.fixture
def guesses():
    rng = np.random.default_rng(0)
    return rng.integers(0, 5, 200), rng.integers(0, 5, 200)


def test_counts_agree_with_scikit_learn(guesses):
    labels, predictions = guesses
    np.testing.assert_array_equal(
        confusion(labels, predictions, 7), confusion_matrix(labels, predictions, labels=range(7))
    )


def test_colours_are_shares_of_the_true_class_and_numbers_are_counts(tmp_path, figures, texts):
    labels, predictions = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])
    draw_confusion(labels, predictions, ["cat", "dog", "none"], tmp_path / "a.png", "run")
    (axes,) = (axes for axes in figures[0].axes if axes.images)
    correct, mistaken = axes.images
    assert correct.get_array().tolist() == [[2 / 3, None, None], [None, 1, None], [None, None, 0]]
    assert mistaken.get_array().tolist() == [[None, 1 / 3, 0], [0, None, 0], [0, 0, None]]
    assert mistaken.get_clim() == (0, 1 / 3)  # a scale of their own
    counts = {(text.get_position(), text.get_text()) for text in axes.texts}
    recalls = {((2.6, -0.5), "recall"), ((2.6, 0), "66.7 %"), ((2.6, 1), "100.0 %")}
    assert counts == {((0, 0), "2"), ((1, 0), "1"), ((1, 1), "2")} | recalls
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["cat", "dog", "none"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["cat", "dog", "none"]
    assert axes.get_ylabel() == "true class"
    assert "80.00 % of 5 test images correct" in texts(figures[0])
    assert "run" in texts(figures[0])


@pytest.mark.parametrize("classes", [1, 2, 10, 40, 41, 100])
def test_any_number_of_classes_is_drawn(tmp_path, classes, figures, texts):
    labels = np.arange(classes)
    names = [f"class number {i} $ <b> 日本" for i in labels]
    draw_confusion(labels, labels[::-1], names, tmp_path / "a.png", "$x_{")
    assert (texts(figures[0]).count("class num") > 0) == (classes <= 40)


def test_no_images(tmp_path):
    nothing = np.empty(0, np.int64)
    draw_confusion(nothing, nothing, ["a", "b"], tmp_path / "a.png", "")
    assert (tmp_path / "a.png").exists()
