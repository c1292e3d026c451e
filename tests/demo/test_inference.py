"""The page's JavaScript computes what NumPy does, for every kind of network."""

import numpy as np
import pytest
from demo.pages import TEST, write_page
from export.exported import INPUTS, MODELS, logits_of, network_of

from scratchnet.demo.weights import WeightType, rounded_weights

RUN = "data.examples.map((one) => Array.from(network.run(pixelsOf(one)).logits))"
GRADIENT = """(() => {
    const { logits, trace } = network.run(pixelsOf(data.examples[4]));
    return [argmax(logits), Array.from(network.gradient(trace, argmax(logits)))];
})()"""


@pytest.fixture
def shown(request, browser, tmp_path):
    """The network of a page that is open, with the page's weights."""
    name, kind = request.param
    network = network_of(name)
    browser.open(write_page(tmp_path / "demo.html", network, kind=kind))
    assert browser.complaints == []
    with rounded_weights(network, kind):
        yield network


@pytest.mark.parametrize(
    "shown",
    [(name, WeightType.float16) for name in MODELS] + [("airnet", WeightType.int8)],
    indirect=True,
    ids=lambda one: f"{one[0]} {one[1].value}",
)
def test_logits_and_gradients_are_those_of_numpy(browser, shown):
    positions = browser.run("data.examples.map((one) => one.position)")
    expected = logits_of(shown, TEST.pixels[positions])
    np.testing.assert_allclose(browser.run(RUN), expected, rtol=1e-4, atol=1e-4)
    difference = float(browser.run("document.getElementById('check').dataset.difference"))
    assert 0 < difference < 1e-3
    assert len(positions) == 20

    pixels = TEST.pixels[positions[4]][None]
    chosen, gradient = browser.run(GRADIENT)
    one_hot = np.zeros_like(logits_of(shown, pixels))
    one_hot[0, chosen] = 1
    in_numpy = shown.input_gradient(one_hot)[0] / np.array(INPUTS.std)
    np.testing.assert_allclose(gradient, in_numpy.ravel(), rtol=1e-3, atol=1e-6)


def test_what_rounding_costs_is_measured(browser, tmp_path):
    network = network_of("cnn")
    browser.open(write_page(tmp_path / "demo.html", network, kind=WeightType.int8))
    unrounded = float(browser.run("document.getElementById('check').dataset.unrounded"))
    positions = browser.run("data.examples.map((one) => one.position)")
    pixels = TEST.pixels[positions]
    before = logits_of(network, pixels)
    with rounded_weights(network, WeightType.int8):
        after = logits_of(network, pixels)
        share = np.mean(logits_of(network, TEST.pixels).argmax(axis=1) == TEST.labels)
    assert unrounded == pytest.approx(np.abs(before - after).max(), rel=1e-3)
    assert f"the accuracy is {100 * share:.2f} %" in browser.run(
        "document.getElementById('rounding').textContent"
    )
    np.testing.assert_array_equal(logits_of(network, pixels), before)
