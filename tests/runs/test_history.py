"""What run.json tells of a run's earlier processes, whoever has written it."""

import pytest

from scratchnet.runs import history


def test_seconds_of_processes_that_ended_and_of_one_that_was_killed():
    assert history.seconds_so_far({"seconds": 7.5}, [1.0, 2.0]) == 7.5
    assert history.seconds_so_far({"seconds": None}, [1.0, 2.0]) == 3.0
    resumed = {"resumed": [{"epoch": 1, "seconds": 10.0}], "seconds": None}
    assert history.seconds_before(resumed) == 10.0
    assert history.seconds_so_far(resumed, [1.0, 2.0, 3.0]) == 15.0


def test_what_was_raised():
    entry = {"epoch": 3, "from": 3, "to": 4}
    assert history.raised({"raised": [entry | {"more": 1}]}) == [entry]


@pytest.mark.parametrize("bad", [None, "x", 3, {"epoch": 1}, [1, "x", {}], [{"epoch": "x"}]])
def test_damaged_entries_are_nothing(bad):
    info = {"resumed": bad, "raised": bad, "seconds": bad if bad != 3 else -3}
    assert history.raised(info) == []
    assert history.seconds_before(info) == 0
    assert history.seconds_so_far(info, [1.0]) == 1.0
