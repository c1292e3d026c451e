"""Conditions as a user types them."""

import pytest
from run_folders import make_run

from scratchnet.compare.where import parse
from scratchnet.errors import UserError
from scratchnet.runs.load import read_runs


@pytest.fixture
def runs(tmp_path):
    make_run(tmp_path / "0", 0.9, optimizer__lr=1e-4)
    make_run(tmp_path / "1", 0.8, optimizer__lr=1e-2, model__hidden_dims=[8])
    make_run(tmp_path / "2", status="failed", model__name="linear", trainer__live=True)
    return read_runs(tmp_path)[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("optimizer.lr<1e-3", "0"),
        ("lr<=0.001", "02"),
        (" lr >= 1e-3 ", "12"),
        ("lr=0.0001", "0"),
        ("lr!=0.0001", "12"),
        ("model=linear", "2"),
        ("model.name!=linear", "01"),
        ("hidden_dims=[8]", "1"),
        ("trainer.live=true", "2"),
        ("status==completed", "01"),
        ("test_accuracy>0.85", "0"),
        ("test_accuracy!=0.9", "12"),
        ("dataset.root=null", "012"),
        ("model>1", ""),
    ],
)
def test_conditions(runs, text, names):
    condition = parse(text, runs)
    assert "".join(run.path.name for run in runs if condition.holds(run)) == names


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("lr", "must be NAME OPERATOR VALUE"),
        ("__import__('os').system('id')", "must be NAME OPERATOR VALUE"),
        ("optimiser.lr<1", r"did you mean optimizer.lr\?"),
        ("lr<small", "small is not a number"),
        ("name=mlp", "is ambiguous: dataset.name or model.name or"),
    ],
)
def test_a_text_that_is_not_a_condition_is_refused(runs, text, problem):
    with pytest.raises(UserError, match=problem):
        parse(text, runs)


def test_a_full_name_takes_precedence_over_a_last_part(runs):
    assert parse("epochs<1", runs).name == "epochs"  # the result, not trainer.epochs


def test_tags_are_compared_one_by_one(tmp_path):
    make_run(tmp_path / "0", tags=["baseline", "final"])
    make_run(tmp_path / "1", tags=["2"])
    make_run(tmp_path / "2")
    runs = read_runs(tmp_path)[0]

    def found(text):
        return "".join(run.path.name for run in runs if parse(text, runs).holds(run))

    assert [found(f"tags{text}") for text in ("=final", "=fin", "!=final")] == ["0", "", "12"]
