"""The data of the report: links that survive a move, and curves of bounded length."""

from run_folders import make_run

from scratchnet.compare.groups import group
from scratchnet.compare.payload import View, payload
from scratchnet.compare.payload_run import thinned
from scratchnet.runs.load import read_runs

VIEW = View(columns=None, ranked_by="val_accuracy", sort="val_accuracy", reverse=False)


def test_links_are_relative_and_quoted(tmp_path):
    run = make_run(tmp_path / "runs" / "javascript:alert(1) %&'\"")
    (run / "plots").mkdir()
    (run / "plots" / "curves.png").touch()
    some = group(read_runs(run)[0])
    (written,) = payload(some, [], [], tmp_path / "report.html", VIEW)["runs"]
    assert written["link"] == "runs/javascript%3Aalert%281%29%20%25%26%27%22"
    assert written["images"] == [["curves.png", written["link"] + "/plots/curves.png"]]


def test_long_curves_are_thinned_with_both_ends():
    assert thinned(3, 5) == [0, 1, 2]
    assert thinned(101, 5) == [0, 25, 50, 75, 100]
