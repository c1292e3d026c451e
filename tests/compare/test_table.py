"""The columns of a comparison and the order of its rows."""

import pytest
from run_folders import make_run

from scratchnet.compare import writing
from scratchnet.compare.groups import group
from scratchnet.compare.table import columns, sort
from scratchnet.errors import UserError
from scratchnet.runs.load import read_runs


def test_the_default_columns(groups):
    names = [column.name for column in columns(groups)]
    assert names == ["model.name", "n", "test_accuracy", "epochs", "seconds", "status", "folder"]
    names = [column.name for column in columns(groups, ranked_by="val_accuracy")]
    assert names[:5] == ["model.name", "n", "vs_best", "val_accuracy", "test_accuracy"]


def test_columns_can_be_chosen(groups):
    assert [c.name for c in columns(groups, ["lr", "label"])] == ["optimizer.lr", "label"]
    with pytest.raises(UserError, match=r"--columns optimzer.lr: .*did you mean optimizer.lr"):
        columns(groups, ["optimzer.lr"])


def test_sorting_puts_the_best_first_and_missing_values_last(groups, hostile):
    def accuracies(reverse):
        some = sort(groups, "test_accuracy", reverse)
        return [one.result("test_accuracy") and one.result("test_accuracy").mean for one in some]

    assert accuracies(False) == [0.95, 0.90625, None]
    assert accuracies(True) == [0.90625, 0.95, None]
    by_name = sort(groups, "model.name")
    assert [one.settings["model.name"] for one in by_name] == [hostile, "linear", "mlp"]


def test_null_differs_from_a_missing_setting(tmp_path):
    make_run(tmp_path / "0", trainer__clip_norm=None)
    make_run(tmp_path / "1", trainer__clip_norm=1.0, trainer__epochs=5)
    make_run(tmp_path / "2")
    table = columns(sort(group(read_runs(tmp_path)[0]), "clip_norm"))
    heading, _, *rows = [line.split(" | ")[:2] for line in writing.markdown(table).splitlines()]
    assert heading == ["| trainer.epochs", "clip\\_norm"]  # another column is called epochs
    assert rows == [["| 5", "1"], ["| 3", "null"], ["| 3", "-"]]


def test_faster_is_better(tmp_path):
    for seconds in (0.5, 2.0):
        run = make_run(tmp_path / str(seconds), optimizer__lr=seconds)
        metrics = run / "metrics.csv"
        metrics.write_text(metrics.read_text().replace("2514.123", str(1000 / seconds)))
    by_speed = sort(group(read_runs(tmp_path)[0]), "samples_per_second")
    assert [one.settings["optimizer.lr"] for one in by_speed] == [0.5, 2.0]
    (speed,) = columns(by_speed, ["samples_per_second"])
    assert writing.text_of(speed.name, speed.cells[0]) == "2,000"


def test_a_run_that_has_not_completed_ranks_after_those_that_have(tmp_path):
    make_run(tmp_path / "0", 0.9)
    make_run(tmp_path / "1", 0.99, status="pruned", optimizer__lr=0.1)
    make_run(tmp_path / "2", 0.95, status="running", optimizer__lr=0.2)
    groups = sort(group(read_runs(tmp_path)[0]), "val_accuracy")
    assert [one.runs[0].path.name for one in groups] == ["0", "1", "2"]
    (marks,) = columns(groups, ["vs_best"], ranked_by="val_accuracy")
    assert marks.cells == ["", "", ""]  # with a single completed run there is nothing to compare
    by_lr = sort(groups, "lr", reverse=True)
    assert [one.runs[0].path.name for one in by_lr] == ["2", "1", "0"]


def test_what_was_written_for_people_is_shown_but_separates_nothing(tmp_path):
    make_run(tmp_path / "0", name="first try", tags=["a", "b"], note="slow")
    make_run(tmp_path / "1", name="again", seed=1)
    (both,) = group(read_runs(tmp_path)[0])
    table = {column.name: column.cells for column in columns([both])}
    assert (table["name"], table["tags"]) == (["first try, again"], ["a b (1 of 2)"])
    (note,) = columns([both], ["note"])
    assert note.cells == ["slow (1 of 2)"]
