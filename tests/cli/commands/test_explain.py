"""`explain` draws a figure; `demo` refuses and writes what it should (the page: tests/demo/)."""

import numpy as np
import pytest
from PIL import Image
from small_runs import train, without_plots

from scratchnet.__main__ import main
from scratchnet.data.digits import Digits


@pytest.fixture(scope="module")
def run_folder(conf, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        without_plots(patch)
        return train(tmp_path_factory.mktemp("explain") / "run", "trainer.epochs=20")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def image(tmp_path):
    test = Digits().load(0).test
    path = tmp_path / "digit.png"
    Image.fromarray((test.pixels[0, :, :, 0] * (255 / 16)).astype(np.uint8)).save(path)
    return path, test.labels[0]


def test_explain_names_the_class_and_the_figure(run_folder, image, capsys):
    path, label = image
    for _ in range(2):  # ours is replaced
        assert main(["explain", str(run_folder), str(path), "--as-is"]) == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.split()[0] == str(label)
    assert last == "explanation.png"
    with Image.open(last) as figure:
        assert figure.width == 1800


def test_explain_warns_as_predict_does(run_folder, image, capsys):
    pixels = np.asarray(Image.open(image[0]))
    Image.fromarray(255 - pixels).save("dark.png")
    assert main(["explain", str(run_folder), "dark.png", "--as-is"]) == 0
    warning = "dark.png: has a lighter border than any training image: do not trust the answer"
    assert capsys.readouterr().err == f"{warning}\n"
    assert main(["explain", str(run_folder), "dark.png"]) == 0
    assert capsys.readouterr().err.startswith("prepared: inverted")


def test_demo_says_what_rounding_costs(run_folder, capsys):
    assert main(["demo", str(run_folder), "--weights", "int8"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("demo.html: ")
    assert second.startswith("weights as int8: test accuracy ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "RUN", "nothing.png"], "nothing.png: there is no such file"),
        (["explain", "RUN", "digit.png", "--output", "digit.png"], "digit.png: exists"),
        (["explain", "RUN", "digit.png", "--output", "e.txt"], "e.txt: an image is written as PNG"),
        (["demo", "RUN", "--output", "digit.png"], "digit.png: exists"),
        (["demo", "RUN", "--weights", "int4"], "argument --weights: invalid choice: 'int4'"),
    ],
)
def test_a_mistake_is_one_line(run_folder, image, capsys, arguments, message):
    given = [str(run_folder) if argument == "RUN" else argument for argument in arguments]
    assert main(given) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
