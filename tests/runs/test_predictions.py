"""predictions.csv holds what the evaluation found, for pandas as for us."""

import csv
import io

import numpy as np
import pytest

from scratchnet.data.images import Images
from scratchnet.errors import RunError
from scratchnet.nn.loss import softmax
from scratchnet.runs.predictions import Predictions, read_answers
from scratchnet.training.metrics import Evaluation

CLASSES = ["cat", "=1+1", "dog, small"]


@pytest.fixture
def logits():
    return np.random.default_rng(0).normal(0, 2, (50, 3)).astype(np.float32)


def predictions_of(logits, labels, names=None):
    shares = softmax(logits.astype(np.float64))
    evaluation = Evaluation(
        loss=0.0,
        accuracy=0.0,
        predictions=logits.argmax(axis=1),
        losses=-np.log(shares[np.arange(len(labels)), labels]).astype(np.float32),
        probabilities=shares.max(axis=1).astype(np.float32),
        class_accuracies=np.zeros(3),
    )
    pixels = np.zeros((len(labels), 2, 2, 1), np.uint8)
    return Predictions.of(evaluation, Images(pixels, labels, names=names))


def test_both_probabilities_are_those_of_the_softmax(logits, tmp_path):
    labels = np.arange(50) % 3
    path = tmp_path / "predictions.csv"
    path.write_text(predictions_of(logits, labels).to_csv(CLASSES))
    read = Predictions.read(path, CLASSES)
    shares = softmax(logits.astype(np.float64))
    np.testing.assert_array_equal(read.labels, labels)
    np.testing.assert_array_equal(read.predictions, shares.argmax(axis=1))
    np.testing.assert_allclose(read.label_probabilities, shares[range(50), labels], rtol=1e-6)
    np.testing.assert_allclose(read.probabilities, shares.max(axis=1), rtol=1e-6)
    np.testing.assert_allclose(read.losses, -np.log(shares[range(50), labels]), rtol=1e-5)
    assert read.images == [str(i) for i in range(50)]


def test_names_of_files_and_classes_are_texts_and_no_formulas(logits, tmp_path):
    names = ["a,b.png", "+c.png", *(f"{i}.png" for i in range(48))]
    table = predictions_of(logits, np.ones(50, int), names).to_csv(CLASSES)
    path = tmp_path / "predictions.csv"
    path.write_text(table)
    read = Predictions.read(path, CLASSES)
    assert (read.images, set(read.labels)) == (names, {1})
    assert read_answers(path)["+c.png"][0] == "=1+1"
    rows = [*csv.DictReader(io.StringIO(table))]
    assert [row["image"] for row in rows[:2]] == ["a,b.png", "'+c.png"]
    assert {row["label"] for row in rows} == {"'=1+1"}
    assert {row["prediction"] for row in rows} == {"cat", "'=1+1", "dog, small"}


def test_answers_know_what_is_right(logits, tmp_path):
    labels = np.arange(50) % 3
    path = tmp_path / "predictions.csv"
    path.write_text(predictions_of(logits, labels).to_csv(CLASSES))
    answers = read_answers(path)
    assert [right for _, right in answers.values()] == [*(logits.argmax(axis=1) == labels)]
    assert answers["2"][0] == "dog, small"


HEADER = "image,label,prediction,label_probability,prediction_probability,loss\n"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"",
        HEADER.encode(),
        b"a,b\n1,2\n",
        f"{HEADER}0,cat\n".encode(),
        f"{HEADER}0,cat,cow,0.5,0.5,1\n".encode(),
        f"{HEADER}0,cat,cat,x,0.5,1\n".encode(),
        f"{HEADER}0,cat,cat,nan,0.5,1\n".encode(),
    ],
)
def test_anything_else_is_refused_in_one_line(content, tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_bytes(content)
    with pytest.raises(RunError, match=r"predictions\.csv: ") as error:
        Predictions.read(path, CLASSES)
    assert "\n" not in str(error.value)
