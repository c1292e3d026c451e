"""Class weights against scikit-learn, and their effect on what a network learns."""

import numpy as np
import pytest
from sklearn.metrics import recall_score
from sklearn.utils.class_weight import compute_class_weight
from small_trainings import Recorder, loader, training

from scratchnet.data.images import Images
from scratchnet.nn.models import LinearModel
from scratchnet.training.class_weights import ClassWeights
from scratchnet.training.evaluation import evaluate
from scratchnet.training.settings import TrainerSettings


def test_balanced_weights_are_those_of_scikit_learn():
    labels = np.array([2] * 7 + [0] * 2 + [1])
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    weights = ClassWeights.balanced.of(labels, 3)
    np.testing.assert_allclose(weights, expected)
    assert np.mean(weights[labels]) == pytest.approx(1)
    assert ClassWeights.none.of(labels, 3) is None


def test_a_class_without_samples_has_no_weight():
    weights = ClassWeights.balanced.of(np.array([0, 2, 2, 2]), 4)
    np.testing.assert_allclose(weights, [2, 0, 2 / 3, 0])


def noisy(count, seed=0):
    """Three classes that overlap: 90 % are of class 0."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(3, count, p=[0.9, 0.05, 0.05])
    pixels = rng.normal(100 + 25 * labels.reshape(-1, 1, 1, 1), 90, (count, 4, 4, 1))
    return Images(np.clip(pixels, 0, 255).astype(np.uint8), labels)


@pytest.mark.usefixtures("each_engine")
def test_rare_classes_are_found_more_often():
    balanced = {}
    for weights in ClassWeights:
        settings = TrainerSettings(epochs=10, batch_size=20, class_weights=weights)
        job = training(settings, model=LinearModel(), images_of=noisy, count=400)
        job.fit(Recorder())
        test = loader(noisy(1000, seed=2), batch_size=100)
        balanced[weights] = evaluate(job.network, test).balanced_accuracy
    assert balanced[ClassWeights.balanced] > balanced[ClassWeights.none] + 0.05


def test_accuracies_by_class_are_those_of_scikit_learn():
    data = noisy(200, seed=3)
    network = LinearModel().build((4, 4, 1), classes=4, seed=0)  # the fourth has no images
    found = evaluate(network, loader(data, batch_size=7))
    recalls = recall_score(data.labels, found.predictions, average=None, labels=[0, 1, 2])
    np.testing.assert_allclose(found.class_accuracies, [*recalls, np.nan])
    assert found.balanced_accuracy == pytest.approx(recalls.mean())
