"""Arrays in other formats, and the program that is printed for them."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from export.exported import INPUTS, MODELS, logits_of, network_of, pixels_of

from scratchnet.export.arrays import to_npz, to_safetensors
from scratchnet.export.operations import operations
from scratchnet.export.program import program
from scratchnet.runs.inputs import Inputs


@pytest.mark.parametrize("name", MODELS)
def test_the_printed_program_gives_our_logits(name, tmp_path, capsys):
    network, path = network_of(name), tmp_path / "it's.npz"
    steps = operations(network)
    path.write_bytes(to_npz(steps, INPUTS))
    text = program(steps, INPUTS, path)
    scope = {}
    exec(text, scope)
    pixels = pixels_of(4)
    expected = logits_of(network, pixels)
    np.testing.assert_allclose(scope["logits"](pixels), expected, rtol=1e-4, atol=1e-4)
    assert np.abs(expected).max() > 0.1
    assert capsys.readouterr().out[2:-3] in INPUTS.classes  # of a black image
    lines = text.replace(str(path), "model.npz").splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 45


def test_npz_holds_plain_arrays_by_readable_names():
    network = network_of("residual mlp")
    with np.load(io.BytesIO(to_npz(operations(network), INPUTS)), allow_pickle=False) as arrays:
        assert list(arrays["classes"]) == INPUTS.classes
        np.testing.assert_array_equal(arrays["1.Linear.weight"], network.layers[1].weight)
        assert {"mean", "std", "2.LayerNorm.scale"} <= set(arrays)


def test_safetensors_holds_the_same():
    pytest.importorskip("safetensors", reason="needs the extra `onnx`", exc_type=ImportError)
    from safetensors.numpy import load

    steps = operations(network_of("cnn"))
    content = to_safetensors(steps, INPUTS, {"run": "outputs/x"})
    with np.load(io.BytesIO(to_npz(steps, INPUTS))) as arrays:
        expected = {name: arrays[name] for name in arrays.files[2:]}
    found = load(content)
    assert found.keys() == expected.keys()
    for name, array in found.items():
        np.testing.assert_array_equal(array, expected[name])
    size = int.from_bytes(content[:8], "little")
    about = json.loads(content[8 : 8 + size])["__metadata__"]
    assert json.loads(about["classes"]) == INPUTS.classes
    assert about["run"] == "outputs/x"


def test_the_program_says_what_numbers_the_run_took():
    steps = operations(network_of("linear", (1, 1, 2)))
    vectors = Inputs([1, 1, 2], ["a"] * 3, [0.0] * 2, [1.0] * 2, pixel_max=255)
    text = program(steps, vectors, Path("m.npz"))
    assert "# features, as in the training data, (batch, 1, 1, 2)" in text
    assert "pixels" not in text
    assert "images" not in text


@pytest.mark.parametrize(("white", "scale"), [(1, 255), (65_535, 257)])
def test_the_program_takes_the_range_of_the_training_data(tmp_path, white, scale):
    """Bytes of 0 to 255 stand for fractions, or for two bytes each."""
    network, path = network_of("linear"), tmp_path / "m.npz"
    steps, inputs = operations(network), replace(INPUTS, white=float(white))
    path.write_bytes(to_npz(steps, inputs))
    text = program(steps, inputs, path)
    assert f"# pixels from 0 to {white}, (batch" in text
    scope = {}
    exec(text, scope)
    pixels = pixels_of(4)
    given = pixels / scale if white == 1 else pixels.astype(np.uint16) * scale
    expected = logits_of(network, pixels)
    np.testing.assert_allclose(scope["logits"](given), expected, rtol=1e-4, atol=1e-4)
