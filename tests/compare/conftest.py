"""Groups of runs, one of them with a hostile text, for the tests of what shows them."""

import pytest
from run_folders import make_run

from scratchnet.compare.groups import Group, group
from scratchnet.compare.table import sort
from scratchnet.runs.load import read_runs

HOSTILE = "=cmd|' /C calc'!A0 </script><img src=x onerror=alert(1)> \x1b[2J [a](javascript:b) `x` &"


@pytest.fixture
def hostile() -> str:
    """A text that tries to be a formula, a tag, a link and a terminal command."""
    return HOSTILE


@pytest.fixture
def groups(tmp_path) -> list[Group]:
    """Three groups, the best first: a hostile name, two seeds of an MLP, a failed run."""
    for seed, accuracy in enumerate((0.875, 0.9375)):
        make_run(tmp_path / str(seed), accuracy, seed=seed)
    make_run(tmp_path / "2", 0.95, model__name=HOSTILE)
    make_run(tmp_path / "3", 0.10, status="failed", model__name="linear")
    return sort(group(read_runs(tmp_path)[0]), "test_accuracy")
