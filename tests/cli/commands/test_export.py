"""`export` writes a run's network for other programs."""

import json

import numpy as np
import pytest
from small_runs import train, without_plots

from scratchnet.__main__ import main
from scratchnet.data.digits import Digits


@pytest.fixture(scope="module")
def run_folder(conf, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        without_plots(patch)
        return train(tmp_path_factory.mktemp("export") / "run")


def test_the_printed_program_classifies_as_the_run_did(run_folder, tmp_path, capsys):
    path = tmp_path / "model.npz"
    assert main(["export", str(run_folder), "--npz", str(path)]) == 0
    capsys.readouterr()
    assert main(["export", str(run_folder), "--npz", str(path)]) == 0  # ours is replaced
    first, _, text = capsys.readouterr().out.partition("\n")
    assert first == f"{path}: {path.stat().st_size:,} bytes"
    scope = {}
    exec(text, scope)
    test = Digits().load(0).test
    accuracy = np.mean(scope["logits"](test.pixels).argmax(axis=1) == test.labels)
    assert accuracy == json.loads((run_folder / "summary.json").read_text())["test_accuracy"]


def test_onnx_and_safetensors_say_where_they_come_from(run_folder, tmp_path):
    pytest.importorskip("onnx", reason="needs the extra `onnx`", exc_type=ImportError)
    onnx, arrays = tmp_path / "model.onnx", tmp_path / "model.safetensors"
    arguments = ["--onnx", str(onnx), "--safetensors", str(arrays), "--checkpoint", "last"]
    for _ in range(2):  # our own files are replaced
        assert main(["export", str(run_folder), *arguments]) == 0
    for path in (onnx, arrays):
        content = path.read_bytes()
        assert str(run_folder).encode() in content
        assert b"epoch" in content


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say what to write: --onnx FILE, --safetensors FILE, --npz FILE"),
        (["--npz", "nowhere/a.npz"], "nowhere/a.npz: cannot be written: its folder does not exist"),
        (["--npz", "photo.npz"], "photo.npz: exists"),
    ],
)
def test_a_mistake_is_one_line(run_folder, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.npz").write_text("mine")
    assert main(["export", str(run_folder), *arguments]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert (tmp_path / "photo.npz").read_text() == "mine"


def test_a_missing_extra_is_named_before_anything_is_written(
    run_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("scratchnet.system.extras.is_installed", lambda module: False)
    path = tmp_path / "model.onnx"
    assert main(["export", str(run_folder), "--onnx", str(path)]) == 2
    assert 'run pip install -e ".[onnx]"' in capsys.readouterr().err
    assert not path.exists()
