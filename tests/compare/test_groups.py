"""Which runs belong together, and the results of a group."""

import statistics

import pytest
from run_folders import DATA, make_run

from scratchnet.compare import comparable
from scratchnet.compare.groups import Spread, group
from scratchnet.compare.noise import wilson
from scratchnet.runs.load import read_runs


@pytest.fixture
def groups_of(tmp_path):
    def read():
        return group(read_runs(tmp_path)[0])

    return read


def test_seeds_are_grouped_with_mean_and_standard_deviation(tmp_path, groups_of):
    for seed, accuracy in enumerate((0.90, 0.92, 0.97)):
        make_run(tmp_path / str(seed), accuracy, seed=seed)
    make_run(tmp_path / "3", 0.5, optimizer__lr=0.1)
    many, one = groups_of()
    assert (many.label, one.label) == ("lr=0.001", "lr=0.1")
    mean, std, n, _ = many.result("test_accuracy")
    assert (mean, n) == (pytest.approx(0.93), 3)
    assert std == pytest.approx(statistics.stdev([0.90, 0.92, 0.97]))
    assert one.result("test_accuracy") == Spread(0.5, 0.0, 1, wilson(0.5, 360))
    assert one.result("nothing") is None


def test_failed_runs_are_listed_but_not_in_the_mean(tmp_path, groups_of):
    make_run(tmp_path / "0", 0.9, seed=0)
    make_run(tmp_path / "1", 0.1, status="diverged", reason="the loss is nan", seed=1)
    (both,) = groups_of()
    assert both.status == "1 completed, 1 diverged"
    assert both.reason == "the loss is nan"
    assert [run.path.name for run in both.not_completed] == ["1"]
    assert both.result("val_accuracy").n == 1


def test_a_run_in_progress_shows_how_far_it_is(tmp_path, groups_of):
    make_run(tmp_path / "0", 0.9, status="running", epochs=2)
    (alone,) = groups_of()
    assert alone.result("epochs") == Spread(2, 0.0, 1)
    assert alone.result("test_accuracy") is None


def test_of_a_repeated_seed_only_the_latest_run_counts(tmp_path, groups_of):
    make_run(tmp_path / "old", 0.8, start="2026-01-01T00:00:00+00:00")
    make_run(tmp_path / "new", 0.9, start="2026-01-02T00:00:00+00:00")
    (both,) = groups_of()
    assert both.result("test_accuracy")[:3] == (0.9, 0.0, 1)


def test_settings_without_effect_do_not_split_a_group(tmp_path, groups_of):
    make_run(tmp_path / "0", dataset__root="a")
    make_run(tmp_path / "1", dataset__root="b", trainer__live=True, seed=1)
    assert len(groups_of()) == 1


def test_different_data_is_another_group_and_a_warning(tmp_path, groups_of):
    make_run(tmp_path / "0")
    make_run(tmp_path / "1", seed=1, data=DATA | {"fingerprint": "cd" * 32})
    groups = groups_of()
    assert [one.label for one in groups] == [
        "all settings equal (1)",
        "all settings equal (2)",
    ]
    (warning,) = comparable.warnings(groups)
    assert warning.text.startswith("not comparable: different data on digits: abababab (1 run)")
