"""Groups of runs, one of them with a hostile text, and a report of some in a real browser."""

import pytest
from compare import pages
from compare.browser import Browser
from run_folders import make_run

from scratchnet.__main__ import main
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


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    for number, (lr, dropout, seed) in enumerate(
        (lr, dropout, seed) for lr in (0.1, 0.01) for dropout in (0.0, 0.5) for seed in (0, 1)
    ):
        make_run(
            folder / "sweep" / str(number),
            accuracy=0.95 - lr - dropout / 10 + seed / 100,
            optimizer__lr=lr,
            model__dropout=dropout,
            seed=seed,
        )
    plots = folder / "sweep" / "0" / "plots"
    plots.mkdir()
    (plots / "curves.png").touch()
    (folder / "sweep" / "0" / "report.html").touch()
    make_run(
        folder / "sweep" / "8", status="diverged", optimizer__lr=9.0, model__name=pages.HOSTILE
    )
    (folder / "sweep" / "torn").mkdir()
    (folder / "sweep" / "torn" / "config.yaml").touch()
    path = folder / "report.html"
    assert main(["compare", str(folder / "sweep"), "--html", str(path)]) == 0
    return path


@pytest.fixture
def page(browser, report):
    browser.open(report)
    yield browser
    assert browser.requests == [report.as_uri()]  # nothing else is loaded
    assert browser.complaints == []
    assert browser.run("document.title") == "Comparison of runs"


@pytest.fixture
def report_of(browser, tmp_path):
    """A function that opens the report of the runs in the test's folder."""

    def open_report(width: int = 1280, dark: bool = False) -> Browser:
        path = tmp_path / "report.html"
        assert main(["compare", str(tmp_path), "--html", str(path)]) == 0
        browser.open(path, width, 900, dark)
        return browser

    yield open_report
    assert browser.complaints == []
