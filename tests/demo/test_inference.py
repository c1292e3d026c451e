"""The page's JavaScript computes what NumPy does, for every kind of network."""

import json

import numpy as np
import pytest
from demo.pages import TEST, payload_of, write_page
from export.exported import INPUTS, MODELS, logits_of, network_of

from scratchnet.demo.weights import WeightType, rounded_weights

COMPUTE = """(async ({ steps, examples }) => {
    const network = new Network(await withArrays(steps, data.inputs.shape));
    const runs = examples.map((one) => network.run(pixelsOf(one)));
    const gradients = runs.map(({ logits, trace }) => network.gradient(trace, argmax(logits)));
    return [runs.map(({ logits }) => Array.from(logits)), gradients.map((one) => Array.from(one))];
})"""  # as on a page of its own: only the steps differ, and what the network expects is the same


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    browser.open(write_page(tmp_path_factory.mktemp("demo") / "demo.html", network_of("cnn")))
    return browser


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, WeightType.float16) for name in MODELS),
        ("airnet", WeightType.int8),
        ("mlp", WeightType.int3),
    ],
)
def test_logits_and_gradients_are_those_of_numpy(page, name, kind):
    network = network_of(name)
    values = payload_of(network, kind=kind)
    positions = [example["position"] for example in values["examples"]]
    logits, gradients = page.run(f"{COMPUTE}({json.dumps(values)})")
    with rounded_weights(network, kind):
        expected = logits_of(network, TEST.pixels[positions])
        one_hot = np.eye(expected.shape[1], dtype=np.float32)[expected.argmax(axis=1)]
        in_numpy = network.input_gradient(one_hot) / np.array(INPUTS.std)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(gradients, in_numpy.reshape(20, -1), rtol=1e-3, atol=1e-5)
    assert np.abs(expected).max() > 0.1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("residual mlp", WeightType.float16),
        ("resnet", WeightType.float16),
        ("cnn", WeightType.int8),
    ],
)
def test_a_page_shows_how_far_it_is_from_numpy_and_what_rounding_costs(
    browser, tmp_path, name, kind
):
    network = network_of(name)
    browser.open(write_page(tmp_path / "demo.html", network, kind=kind))
    browser.run("ready")
    assert browser.complaints == []
    shown = browser.run("({...document.getElementById('check').dataset})")
    assert 0 < float(shown["difference"]) < 1e-3

    positions = browser.run("data.examples.map((one) => one.position)")
    before = logits_of(network, TEST.pixels[positions])
    with rounded_weights(network, kind):
        after = logits_of(network, TEST.pixels[positions])
        share = np.mean(logits_of(network, TEST.pixels).argmax(axis=1) == TEST.labels)
    largest = np.abs(before - after).max()
    assert float(shown["unrounded"]) == pytest.approx(largest, rel=1e-2, abs=1e-4)
    text = browser.run("document.getElementById('rounding').textContent")
    assert f"the accuracy is {100 * share:.2f} %" in text
