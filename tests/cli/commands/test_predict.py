"""`predict` sees an image as training did."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from scratchnet.__main__ import main
from scratchnet.cli.commands.predict import predict, table
from scratchnet.experiment.measure import evaluation_loader
from scratchnet.experiment.restore import read_config
from scratchnet.nn.loss import softmax
from scratchnet.runs.inputs import Inputs
from scratchnet.training import checkpoint


@pytest.fixture(scope="module")
def splits(run):
    config = read_config(run)
    return config.dataset.load(config.seed)


def test_probabilities_are_those_of_the_evaluation(run, splits):
    config = read_config(run)
    network = config.model.build(splits.shape, 10, config.seed)
    network.restore(checkpoint.load(run.best_checkpoint)[0])
    x, _ = next(evaluation_loader(config, splits, splits.test).batches(0))
    expected = softmax(network.forward(x))
    inputs = Inputs.from_plain(run.info["inputs"])
    for i in range(5):
        found = predict(run, inputs, splits.test.pixels[i], "best")
        np.testing.assert_allclose(found, expected[i], rtol=1e-4, atol=1e-6)


def test_images_of_the_test_set_are_recognised_from_files(run, splits, tmp_path, capsys):
    hits = 0
    for i in range(20):
        path = tmp_path / f"{i}.png"
        pixels = np.round(splits.test.pixels[i, :, :, 0] * (255 / 16)).astype(np.uint8)
        Image.fromarray(pixels).resize((96, 96), Image.Resampling.BICUBIC).save(path)
        assert main(["predict", str(run.path), str(path)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 10
        hits += lines[0].split()[0] == splits.classes[splits.test.labels[i]]
    assert hits >= 18


def test_the_dataset_is_not_needed(run, tmp_path, monkeypatch):
    monkeypatch.setattr("scratchnet.data.Digits.load", None)
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    assert main(["predict", str(run.path), str(tmp_path / "a.png"), "--checkpoint", "last"]) == 0


def test_the_most_probable_class_comes_first():
    lines = table(["cat", "a\x1b[2Jb", "horse"], np.array([0.25, 0.70004, 0.04996], np.float32))
    first, second, third = lines.splitlines()
    assert first.startswith("a [2Jb   70.00 %  ████")
    assert second.startswith("cat      25.00 %  ██████████")
    assert third.startswith("horse     5.00 %  ██")


def test_bars_where_the_terminal_has_no_blocks(monkeypatch):
    class Ascii:
        encoding = "ascii"

    monkeypatch.setattr("sys.stdout", Ascii())
    assert table(["a"], np.array([1.0])).isascii()


@pytest.mark.parametrize("content", [b"", b"text"])
def test_a_file_that_is_no_image_is_one_line_and_exit_2(run, tmp_path, capsys, content):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert main(["predict", str(run.path), str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_that_does_not_tell_what_it_sees(run, tmp_path, capsys):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    (copy / "run.json").write_text(json.dumps(run.info | {"inputs": {"shape": [8, 8, 1]}}))
    assert main(["predict", str(copy), "a.png"]) == 2
    assert "`inputs` must hold shape" in capsys.readouterr().err


def test_another_size_than_the_network_has(run, tmp_path, capsys):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    inputs = run.info["inputs"] | {"shape": [9, 9, 1]}
    (copy / "run.json").write_text(json.dumps(run.info | {"inputs": inputs}))
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    assert main(["predict", str(copy), str(tmp_path / "a.png")]) == 2
    assert "does not fit this network" in capsys.readouterr().err
