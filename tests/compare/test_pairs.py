"""Two runs image by image, against counts by hand and SciPy's binomial test."""

import pytest
from run_folders import make_run
from scipy.stats import binomtest

from scratchnet.__main__ import main
from scratchnet.compare import pairs
from scratchnet.compare.groups import group
from scratchnet.runs.load import read_runs

HEADER = "image,label,prediction,label_probability,prediction_probability,loss\n"


def write(run, said: str, labels: str = "aaaabbbbbb") -> None:
    rows = [f"{i},{a},{b},0.5,0.5,0.7\n" for i, (a, b) in enumerate(zip(labels, said, strict=True))]
    run.joinpath("predictions.csv").write_text("".join([HEADER, *rows]))


@pytest.fixture
def two(tmp_path):
    return [make_run(tmp_path / name, seed=i) for i, name in enumerate(("first", "second"))]


def notes_of(tmp_path):
    return pairs.notes(group(read_runs(tmp_path)[0]))


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 1), (3, 12), (40, 18), (900, 1000)])
def test_the_p_value_is_that_of_the_binomial_test(first, second):
    n = first + second
    expected = binomtest(first, n).pvalue if n else 1.0
    assert pairs.mcnemar(first, second) == pytest.approx(expected, rel=1e-9)
    assert pairs.mcnemar(second, first) == pairs.mcnemar(first, second)


def test_images_that_only_one_gets_right_are_counted_and_named(two, tmp_path):
    write(two[0], "aaaabbbbba")  # wrong: 9
    write(two[1], "bbbbaabbbb")  # wrong: 0 to 5
    test, first, second = notes_of(tmp_path)
    assert test.text.startswith("test images that only one run gets right: 6 and 1;")
    assert "p = 0.12, they cannot be told apart" in test.text
    assert first.text == "only first is right: 0 (a), 1 (a), 2 (a), 3 (a), 4 (b) and 1 more"
    assert [*first.details] == ["0 (a)", "1 (a)", "2 (a)", "3 (a)", "4 (b)", "5 (b)"]
    assert second.text == "only second is right: 9 (b)"


def test_the_command_says_so_beside_the_table(two, tmp_path, capsys):
    write(two[0], "aaaabbbbbb")
    write(two[1], "bbbbaabbbb")
    assert main(["compare", *map(str, two)]) == 0
    assert "6 and 0; McNemar's test: p = 0.031, they differ" in capsys.readouterr().err


@pytest.mark.parametrize("labels", ["abaabbbbbb", "aaaabbbbb"])
def test_other_images_are_not_compared(two, tmp_path, labels):
    write(two[0], "aaaabbbbbb")
    write(two[1], labels, labels)
    assert notes_of(tmp_path) == []


def test_runs_without_predictions_are_not_compared(two, tmp_path):
    write(two[0], "aaaabbbbbb")
    assert notes_of(tmp_path) == []
    two[1].joinpath("predictions.csv").write_text("nothing")
    (note,) = notes_of(tmp_path)
    assert note.text.startswith("not compared image by image: ")
