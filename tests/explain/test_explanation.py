"""An explanation holds what the network computes."""

import numpy as np
import pytest
from export.exported import INPUTS, logits_of, network_of, pixels_of
from PIL import Image

from scratchnet.explain.explanation import explain
from scratchnet.explain.figure import draw
from scratchnet.nn.loss import softmax


@pytest.mark.parametrize("name", ["mlp", "lenet", "resnet", "airnet"])
def test_the_outputs_end_with_the_logits(name):
    network, pixels = network_of(name), pixels_of(1)
    expected = logits_of(network, pixels)
    explained = explain(network, INPUTS, pixels[0], seed=0)
    *_, last = explained.outputs.values()
    np.testing.assert_allclose(last, expected[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(explained.probabilities, softmax(expected)[0], atol=1e-5)
    assert explained.occlusion.shape == explained.saliency.shape == (9, 8)
    assert not np.allclose(explained.saliency, explained.shuffled_saliency)
    np.testing.assert_array_equal(logits_of(network, pixels), expected)  # it is left as it was


def test_names_tell_two_layers_in_one():
    outputs = explain(network_of("cnn"), INPUTS, pixels_of(1)[0], seed=0).outputs
    assert list(outputs)[:2] == ["0.Conv2d", "1.BatchNorm and 2.ReLU"]


def test_the_figure_has_a_row_for_each_layer(tmp_path):
    heights = []
    for name in ("linear", "residual mlp"):
        pixels = pixels_of(1)[0]
        explained = explain(network_of(name), INPUTS, pixels, seed=0)
        draw(explained, pixels, 255, INPUTS.classes, tmp_path / "explanation.png")
        with Image.open(tmp_path / "explanation.png") as image:
            heights.append((len(explained.outputs), image.height))
    (few, low), (many, high) = heights
    assert (high - low) / (many - few) == pytest.approx(150 * 1.06, abs=1)  # 150 pixels an inch
