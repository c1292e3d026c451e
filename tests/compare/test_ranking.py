"""What ranks the runs, and which of them cannot be told from the best."""

import pytest
from run_folders import DATA, make_run

from scratchnet.compare import notes, ranking
from scratchnet.compare.groups import group
from scratchnet.runs.load import read_runs


@pytest.fixture
def groups_of(tmp_path):
    def read():
        return group(read_runs(tmp_path)[0])

    return read


def test_runs_are_ranked_by_what_they_were_selected_by(tmp_path, groups_of):
    by_loss = {"early_stopping": {"metric": "val_loss"}}
    make_run(tmp_path / "0", trainer=by_loss)
    assert ranking.objective(groups_of()) == "val_loss"
    make_run(tmp_path / "1")
    assert ranking.objective(groups_of()) == "val_accuracy"  # a draw
    (note,) = notes.selection(groups_of())
    assert note.text == "ranked by val_accuracy, but 1 of 2 runs were not"
    assert "/0: val_loss" in note.details[0]


def test_test_figures_rank_nothing(tmp_path, groups_of):
    make_run(tmp_path / "0", dataset__validation="none")
    assert ranking.objective(groups_of()) is None
    assert [note.text for note in notes.selection(groups_of())] == [
        "not ranked: no run has validation images"
    ]


def test_single_runs_are_told_apart_by_their_intervals(tmp_path, groups_of):
    for number, accuracy in enumerate((0.98, 0.97, 0.80)):
        make_run(tmp_path / str(number), accuracy, optimizer__lr=float(number + 1))
    make_run(tmp_path / "3", 0.979, status="diverged", optimizer__lr=9.0)
    assert ranking.standings(groups_of(), "val_accuracy") == ["best", "~", "", ""]
    assert ranking.standings(groups_of(), "val_loss") == ["best", "?", "?", ""]
    texts = [note.text for note in notes.undecided(groups_of(), "val_accuracy")]
    assert texts == ["~ 1 row cannot be told from the best by val_accuracy (95 %)"]
    (unsure,) = notes.undecided(groups_of(), "val_loss")
    assert unsure.text == "? 2 rows: how sure val_loss is, only several seeds can tell"


def test_seeds_are_compared_in_pairs(tmp_path, groups_of):
    """The seeds differ by more than the settings, but the difference is the same for each."""
    for lr, offset in ((0.1, 0.0), (0.2, 0.05)):
        for seed, accuracy in enumerate((0.70, 0.80, 0.90)):
            folder = tmp_path / f"{lr}-{seed}"
            make_run(folder, accuracy - offset, optimizer__lr=lr, seed=seed)
    assert ranking.standings(groups_of(), "val_accuracy") == ["best", ""]
    assert ranking.standings(groups_of(), "val_loss") == ["best", ""]


def test_few_images_are_worth_a_note(tmp_path, groups_of):
    make_run(tmp_path / "0")
    text = "1 image is 0.56 points of val_accuracy, 0.28 points of test_accuracy"
    assert [note.text for note in notes.resolution(groups_of())] == [text]
    many = DATA | {"images": {"train": 50_000, "val": 5000, "test": 10_000}}
    make_run(tmp_path / "big" / "0", data=many)
    assert notes.resolution(group(read_runs(tmp_path / "big")[0])) == []


def test_repeated_and_failed_runs_are_one_line_each(tmp_path, groups_of):
    for number in range(3):
        make_run(tmp_path / str(number))
    make_run(tmp_path / "bad", status="failed", reason="no space left", seed=1)
    (repeated,) = notes.repeated(groups_of())
    assert repeated.text == "not counted: 2 runs whose seeds were run again later"
    assert len(repeated.details) == 2
    (failed,) = notes.not_completed(groups_of())
    assert failed.text == "not completed: 1 of 4 runs (1 failed)"
    assert failed.details[0].endswith("/bad (all settings equal): no space left")
