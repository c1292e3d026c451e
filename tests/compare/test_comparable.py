"""Runs on different data are reported as not comparable."""

import json

import pytest
from run_folders import DATA, make_run

from scratchnet.compare import comparable
from scratchnet.compare.groups import group
from scratchnet.runs.load import read_runs


@pytest.fixture
def groups_of(tmp_path):
    def read():
        return group(read_runs(tmp_path)[0])

    return read


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (DATA | {"protocol": "test_halves"}, "different validation protocols"),
        (DATA | {"images": {"train": 1, "val": 2, "test": 3}}, "different splits"),
        ({}, "different data"),
    ],
)
def test_different_data_splits_or_protocols_are_a_warning(tmp_path, groups_of, data, problem):
    make_run(tmp_path / "0")
    assert comparable.warnings(groups_of()) == []
    make_run(tmp_path / "1", data=data, optimizer__lr=1.0)
    assert problem in comparable.warnings(groups_of())[0].text


def test_different_datasets_are_a_warning(tmp_path, groups_of):
    make_run(tmp_path / "0")
    make_run(tmp_path / "1", dataset__name="mnist", data=DATA | {"fingerprint": "cd" * 32})
    (note,) = comparable.warnings(groups_of())
    assert note.text == "not comparable: the runs are on digits (1 run) and mnist (1 run)"


def test_an_old_folder_is_comparable_with_a_new_one(tmp_path, groups_of):
    """run.json called the counts of images `pictures` until November 2026."""
    make_run(tmp_path / "new", seed=0)
    old = make_run(tmp_path / "old", seed=1)
    info = json.loads((old / "run.json").read_text())
    info["data"]["pictures"] = info["data"].pop("images")
    (old / "run.json").write_text(json.dumps(info))
    groups = groups_of()
    assert [len(one.runs) for one in groups] == [2]  # one experiment with two seeds
    assert comparable.warnings(groups) == []
    info["data"]["pictures"]["train"] += 1
    (old / "run.json").write_text(json.dumps(info))
    (warning,) = comparable.warnings(groups_of())
    assert warning.text.startswith("not comparable: different splits on digits")
    assert [
        str(tmp_path / name) in line
        for name, line in zip(("new", "old"), warning.details, strict=True)
    ]
