"""Test-time augmentation against the definition, one image and one view at a time."""

import numpy as np
import pytest

from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.nn.models import MLP
from scratchnet.training.evaluation import evaluate
from scratchnet.training.views import Views, logits_of

pytestmark = pytest.mark.usefixtures("each_engine")


def some_network(shape):
    return MLP(hidden_dims=[9]).build(shape, classes=4, seed=0)


def by_definition(network, image, views):
    """airbench94's `infer_mirror` and `infer_mirror_translate`."""
    if views is Views.none:
        return network.forward(image[None])[0]
    if views is Views.flip:
        return mirror_of(network, image)
    height, width, _ = image.shape
    padded = np.pad(image, [(1, 1), (1, 1), (0, 0)], mode="reflect")
    moved = [padded[:height, :width], padded[2:, 2:]]
    rest = sum(mirror_of(network, view) for view in moved) / 2
    return (mirror_of(network, image) + rest) / 2


def mirror_of(network, image):
    both = [network.forward(p[None].copy())[0].copy() for p in (image, image[:, ::-1])]
    return (both[0] + both[1]) / 2


@pytest.mark.parametrize("shape", [(5, 5, 1), (4, 7, 3)])
@pytest.mark.parametrize("views", list(Views))
def test_logits_are_the_mean_over_the_views(shape, views):
    network = some_network(shape)
    x = np.random.default_rng(0).standard_normal((3, *shape), np.float32)
    before = x.copy()
    expected = [by_definition(network, image, views).copy() for image in x]
    logits = logits_of(network, x, views)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)
    assert logits.dtype == np.float32
    np.testing.assert_array_equal(x, before)


def test_mirrored_images_give_the_same_with_flips():
    network = some_network((6, 6, 1))
    x = np.random.default_rng(0).standard_normal((3, 6, 6, 1), np.float32)
    plain, mirrored = x, np.ascontiguousarray(x[:, :, ::-1])
    first = logits_of(network, plain, Views.flip)
    np.testing.assert_allclose(first, logits_of(network, mirrored, Views.flip), atol=1e-6)
    assert np.abs(network.forward(plain) - first).max() > 1e-3


def test_evaluation_with_views_is_a_second_result():
    rng = np.random.default_rng(0)
    data = Images(rng.integers(0, 256, (30, 6, 6, 1), np.uint8), rng.integers(0, 4, 30))
    mean, std = np.array([128], np.float32), np.array([70], np.float32)
    loader, network = Loader(data, 8, mean=mean, std=std, seed=0), some_network((6, 6, 1))
    plain, flipped = (evaluate(network, loader, views) for views in (Views.none, Views.flip))
    assert plain.loss == evaluate(network, loader).loss
    assert plain.loss != flipped.loss
    assert (flipped.predictions == data.labels).mean() == pytest.approx(flipped.accuracy)
