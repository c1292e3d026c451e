"""The short names of runs."""

from pathlib import Path

from scratchnet.compare.names import short_ids


def test_a_job_has_its_number_and_a_run_its_last_letters():
    paths = [Path("outputs/2026-11-28/10-00-00-81b2d0/137"), Path("outputs/d/10-15-02-3f9a1c")]
    assert short_ids(paths) == ["#137", "3f9a1c"]


def test_two_sweeps_are_told_apart():
    paths = [Path("o/10-00-00-81b2d0/1"), Path("o/11-00-00-aa01ff/1"), Path("o/11-00-00-aa01ff/2")]
    assert short_ids(paths) == ["81b2d0#1", "aa01ff#1", "#2"]


def test_what_is_still_ambiguous_has_its_whole_path():
    paths = [Path("a/run/1"), Path("b/run/1"), Path("c/x")]
    assert short_ids(paths) == ["a/run/1", "b/run/1", "x"]
