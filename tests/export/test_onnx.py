"""Exported models give our logits, in ONNX's own evaluator and in onnxruntime."""

import dataclasses
import json

import numpy as np
import pytest
from export.exported import INPUTS, MODELS, logits_of, network_of, pixels_of

from scratchnet.export.onnx import to_onnx
from scratchnet.nn.loss import softmax
from scratchnet.nn.models import MLP

pytest.importorskip("onnx", reason="needs the extra `onnx`", exc_type=ImportError)
pytest.importorskip("onnxruntime", reason="needs the extra `dev`", exc_type=ImportError)


def evaluated(content, pixels):
    from onnx import load_from_string
    from onnx.reference import ReferenceEvaluator

    return ReferenceEvaluator(load_from_string(content)).run(None, {"pixels": pixels})


def run(content, pixels):
    import onnxruntime

    return onnxruntime.InferenceSession(content).run(None, {"pixels": pixels})


@pytest.mark.parametrize("name", MODELS)
def test_logits_and_probabilities_are_ours(name):
    network = network_of(name)
    content = to_onnx(network, INPUTS, {})
    for runtime, count in ((run, 5), (run, 2), (evaluated, 2)):  # of any number of images
        pixels = pixels_of(count)
        expected = logits_of(network, pixels)
        logits, probabilities = runtime(content, pixels)
        np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(probabilities, softmax(expected), atol=1e-4)
    assert np.abs(expected).max() > 0.1


def test_vectors_are_floats():
    inputs = dataclasses.replace(INPUTS, shape=[1, 1, 3])
    network = MLP(hidden_dims=[4]).build((1, 1, 3), 3, seed=0)
    vectors = np.random.default_rng(0).standard_normal((2, 1, 1, 3)).astype(np.float32)
    logits, _ = run(to_onnx(network, inputs, {}), vectors)
    np.testing.assert_allclose(logits, logits_of(network, vectors), atol=1e-4)


def test_the_model_says_what_it_takes_and_what_its_classes_are():
    from onnx import load_from_string

    model = load_from_string(to_onnx(network_of("cnn"), INPUTS, {"run": "outputs/x"}))
    about = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(about["classes"]) == INPUTS.classes
    assert (about["pixel_max"], about["run"]) == ("255", "outputs/x")
    shape = model.graph.input[0].type.tensor_type.shape.dim
    assert [dim.dim_param or dim.dim_value for dim in shape] == ["batch", 9, 8, 3]
