"""The runs beside a run that differ in their seed alone are linked, others are not."""

import pytest
from run_folders import make_run

from scratchnet.insight.origin import origin
from scratchnet.runs.load import read_run
from scratchnet.runs.parsing import read_json


def origin_of(path):
    return origin(read_run(path), read_json(path / "run.json"))


def test_other_seeds_and_the_sweep_are_linked(tmp_path):
    for number, changes in enumerate(({}, {"seed": 1}, {"seed": 2, "optimizer__lr": 0.5})):
        make_run(tmp_path / str(number), **changes)
        (tmp_path / str(number) / "report.html").touch()
    make_run(tmp_path / "without a report", seed=3)
    assert origin_of(tmp_path / "0")["sweep"] is None
    (tmp_path / "sweep.json").touch()
    found = origin_of(tmp_path / "0")
    assert found["sweep"] == "../"
    assert found["siblings"] == [{"name": "1", "address": "../1/report.html"}]
    assert origin_of(tmp_path / "2")["siblings"] == []


@pytest.mark.parametrize("name", ["#1 %", "<b>"])
def test_any_name_makes_an_address(tmp_path, name):
    make_run(tmp_path / "0")
    make_run(tmp_path / name, seed=1)
    (tmp_path / name / "report.html").touch()
    (one,) = origin_of(tmp_path / "0")["siblings"]
    assert one["name"] == name
    assert set(one["address"]).isdisjoint("#<> ")


def test_the_log_is_shown_or_why_it_is_not(tmp_path):
    run = make_run(tmp_path / "0")
    assert "run.log: there is no such file" in origin_of(run)["log"][0]
    (run / "run.log").write_bytes(b"first\nlast \xff \x1b[2J\n")
    first, last = origin_of(run)["log"]
    assert first == "first"
    assert "\x1b" not in last
