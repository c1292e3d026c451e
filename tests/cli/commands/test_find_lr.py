"""`find-lr` says what to type, leaves a plot and nothing else."""

import pytest
from PIL import Image

from scratchnet.__main__ import main

SMALL = ["model.hidden_dims=[16]", "optimizer=sgd", "--steps", "60", "--low", "1e-4"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch, conf):
    monkeypatch.chdir(tmp_path)


def test_it_suggests_a_rate_and_draws_it(tmp_path, capsys):
    assert main(["find-lr", *SMALL]) == 0
    *_, suggestion, plot = capsys.readouterr().out.splitlines()
    assert suggestion.startswith("suggested, a tenth of that rate: optimizer.lr=")
    assert 1e-3 < float(suggestion.rpartition("=")[2]) <= 1
    assert plot == "outputs/find-lr-digits-mlp-sgd.png"
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == [tmp_path / plot]
    with Image.open(plot) as image:
        assert image.width > 900


def test_a_range_too_narrow_for_a_suggestion_is_reported(capsys):
    assert main(["find-lr", *SMALL[:4], "--low", "1e-3", "--high", "2e-3"]) == 0
    *_, last, _ = capsys.readouterr().out.splitlines()
    assert last == "no suggestion: a tenth of that rate is lower than --low; test a wider range"


def test_the_plot_goes_where_it_is_told_to_and_the_result_repeats(tmp_path, capsys):
    assert main(["find-lr", *SMALL, "--plot", "a.png"]) == 0
    first = capsys.readouterr().out
    assert main(["find-lr", "--plot", "a.png", *SMALL[2:], *SMALL[:2]]) == 0
    assert capsys.readouterr().out == first
    assert (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--low", "0"], "--low=0.0: must be > 0"),
        (["--low", "1", "--high", "0.5"], "--high=0.5: must be > low=1"),
        (["--steps", "3"], "--steps=3: must be >= 20"),
        (["--steps", "many"], "argument --steps: invalid int value"),
        (["optimizer=sgdd"], "optimizer=sgdd: must be one of"),
        (["optimizer.lr=1,2"], "several values"),
        (["trainer.epoch=3"], "did you mean trainer.epochs?"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(tmp_path, capsys, arguments, message):
    assert main(["find-lr", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert message in output.err
    assert output.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_user_is_not_replaced(tmp_path, capsys):
    (tmp_path / "photo.png").write_text("mine")
    assert main(["find-lr", *SMALL, "--plot", "photo.png"]) == 2
    assert "photo.png: exists, and scratchnet has not written it" in capsys.readouterr().err
    assert (tmp_path / "photo.png").read_text() == "mine"
