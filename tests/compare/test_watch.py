"""A page that is kept up to date: by the command while runs proceed, and by itself in a browser."""

import json
import re
import time

import pytest
from run_folders import make_run

from scratchnet.__main__ import main
from scratchnet.cli.commands import compare

# While the page is being loaded there is no `data`, or it is the <script id="data">: undefined.
COUNT = "typeof data === 'undefined' ? undefined : data.runs?.length"


def data_of(page) -> dict:
    """What a page shows."""
    return json.loads(re.search(r'id="data"[^>]*>(.*?)</script>', page.read_text(), re.S)[1])


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """In a folder with one run; the command looks often."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(compare, "PAUSE", 0.01)
    monkeypatch.setattr(compare, "INTERVAL", 0.01)
    make_run(tmp_path / "outputs" / "0")
    return tmp_path


def test_the_page_follows_the_runs_until_ctrl_c(quick, monkeypatch, capsys):
    seen = []

    def stop_requested() -> bool:
        page = quick / "compare.html"
        seen.append((len(data_of(page)["runs"]), data_of(page)["view"]["reload"]))
        if len(seen) == 1:
            make_run(quick / "outputs" / "1")
        return len(seen) == 3

    monkeypatch.setattr(compare.interrupts, "stop_requested", stop_requested)
    assert main(["compare", "outputs", "--watch"]) == 0
    assert seen == [(1, 10), (2, 10), (2, 10)]
    assert data_of(quick / "compare.html")["view"]["reload"] is None  # it is finished
    assert capsys.readouterr().out == "compare.html: kept up to date until Ctrl-C\n"


def test_an_unchanged_page_is_not_written_again(quick, monkeypatch):
    times = []

    def stop_requested() -> bool:
        times.append((quick / "p.html").stat().st_mtime_ns)
        return len(times) == 3

    monkeypatch.setattr(compare.interrupts, "stop_requested", stop_requested)
    assert main(["compare", "outputs", "--watch", "--html", "p.html"]) == 0
    assert len(set(times)) == 1


def test_only_a_page_can_be_watched(quick, capsys):
    assert main(["compare", "outputs", "--watch", "--csv"]) == 2
    assert "--watch: keeps an HTML report up to date" in capsys.readouterr().err


def test_the_page_loads_itself_again_and_keeps_its_view(browser, quick, monkeypatch):
    monkeypatch.setattr(compare, "RELOAD", 1)
    limit = time.monotonic() + 20

    is_open = []

    def stop_requested() -> bool:
        if not is_open:
            is_open.append(browser.open(quick / "p.html"))
            browser.run("setFilter('lr<1')")
            make_run(quick / "outputs" / "1", optimizer__lr=0.5)
        return browser.run(COUNT) == 2 or time.monotonic() > limit

    monkeypatch.setattr(compare.interrupts, "stop_requested", stop_requested)
    assert main(["compare", "outputs", "--watch", "--html", "p.html"]) == 0
    assert browser.run(COUNT) == 2
    assert browser.run("state.words") == "lr<1"
