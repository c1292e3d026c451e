"""The plots of a run are drawn, and never stop it."""

import logging
import os
import subprocess
import sys

import numpy as np
import pytest

from scratchnet.data.images import Images, Splits
from scratchnet.reports import plots as plots_module
from scratchnet.reports.plots import Plots, label
from scratchnet.runs import RunFolder
from scratchnet.system import files
from scratchnet.training.early_stopping import BestEpoch, EarlyStopping
from scratchnet.training.metrics import BatchMetrics, EpochMetrics, Evaluation

CONFIG = {group: {"name": group} for group in ("dataset", "model", "optimizer")}
METRICS = EpochMetrics(1, 10, 1e-3, 1.0, 0.5, 1.0, 0.5, 1.0, 100.0, 1.0)
TEST = Images(np.zeros((4, 2, 2, 1), np.uint8), np.array([0, 1, 0, 1]))
ONE = np.ones(1, np.float32)
SPLITS = Splits(TEST, TEST, TEST, ["cat", "dog"], ONE, ONE, 255, "ff", True, "holdout")
EVALUATION = Evaluation(
    1.0, 0.5, np.array([0] * 4), np.ones(4, np.float32), np.ones(4, np.float32), np.array([1, 0])
)


@pytest.fixture
def run(tmp_path):
    run = RunFolder.create(tmp_path / "2026-11-23" / "10-15-02-3f9a1c", CONFIG, [], {})
    run.append_metrics(METRICS)
    return run


@pytest.fixture
def plots(run):
    best = BestEpoch(EarlyStopping())
    best.update(METRICS)
    return Plots(run, best)


def test_all_plots_are_drawn(run, plots, figures):
    plots.on_batch(BatchMetrics(1, 1, 1, 1.0, 0.5, 1e-3))
    plots.on_epoch(METRICS, is_best=True)
    assert not list(run.plots.iterdir())  # too soon
    plots.draw_curves()
    assert [file.name for file in run.plots.iterdir()] == ["curves.png"]
    plots.draw_test(EVALUATION, SPLITS)
    files_drawn = {file.name for file in run.plots.iterdir()}
    assert files_drawn == {"curves.png", "confusion.png", "worst.png"}
    heading = "dataset, model, optimizer (2026-11-23/10-15-02-3f9a1c)"
    assert label(run) == figures[0].texts[0].get_text() == heading
    assert figures[0].axes[0].get_title("right").startswith("best epoch 1")


def test_vectors_have_no_mosaic_of_wrong_images(run, plots):
    vectors = Images(np.zeros((4, 1, 1, 7), np.float32), TEST.labels)
    splits = Splits(vectors, vectors, vectors, ["a", "b"], ONE, ONE, 255, "ff", False, "holdout")
    plots.draw_test(EVALUATION, splits)
    assert [file.name for file in run.plots.iterdir()] == ["confusion.png"]


def test_what_is_drawn_to_warm_up_changes_no_plot(run, plots, tmp_path):
    (tmp_path / "warm").mkdir()
    pngs = []
    for _ in range(2):
        plots._drawn = 0
        plots.draw_curves()
        plots.draw_test(EVALUATION, SPLITS)
        pngs.append([path.read_bytes() for path in sorted(run.plots.iterdir())])
        plots_module.warm_up(tmp_path / "warm")
    assert pngs[0] == pngs[1]
    assert len(list((tmp_path / "warm").iterdir())) == 3


def test_curves_are_drawn_again_only_when_there_is_time(run, plots, monkeypatch):
    drawn, recorded = [], []
    monkeypatch.setattr(plots_module, "draw_curves", lambda rows, *_: drawn.append(len(rows)))
    monkeypatch.setattr(type(plots.run), "metrics", property(lambda _: recorded))
    monkeypatch.setattr(plots._pace, "is_due", iter([True, False, True]).__next__)
    for epoch in range(1, 4):
        recorded.append(epoch)
        plots.on_epoch(METRICS, is_best=False)
    assert drawn == [1, 3]
    plots.draw_curves()  # at the end: nothing is new
    assert drawn == [1, 3]


@pytest.mark.parametrize("error", [ValueError("no fonts\nat all"), MemoryError(), SystemError("x")])
def test_errors_of_any_kind_are_one_warning(plots, monkeypatch, caplog, error):
    def fail(*_, **__):
        raise error

    for name in ("draw_curves", "draw_confusion", "draw_worst"):
        monkeypatch.setattr(plots_module, name, fail)
    plots.on_epoch(METRICS, is_best=False)
    plots.draw_curves()
    plots.draw_test(EVALUATION, SPLITS)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "the run continues" in record.getMessage()


def test_a_full_disk_is_one_warning(run, plots, monkeypatch, caplog):
    def full(operation, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "hook", full)
    plots.draw_curves()
    plots.draw_test(EVALUATION, SPLITS)
    (record,) = caplog.records
    assert "No space left on device" in record.getMessage()
    assert not list(run.plots.iterdir())


def test_ctrl_c_is_not_taken_for_a_plotting_error(plots, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(plots_module, "draw_curves", interrupt)
    with pytest.raises(KeyboardInterrupt):
        plots.draw_curves()


NO_FONTS = """
from matplotlib import font_manager
font_manager.fontManager.ttflist.clear()
font_manager.findfont = font_manager.fontManager.findfont = lambda *_, **__: "/nowhere.ttf"
"""


@pytest.mark.parametrize("broken", ["sys.modules['matplotlib'] = None", NO_FONTS])
def test_a_broken_matplotlib_is_one_warning(run, broken):
    code = f"""
import sys
{broken}
from pathlib import Path
from scratchnet.reports.plots import Plots
from scratchnet.runs import RunFolder
from scratchnet.training.early_stopping import BestEpoch, EarlyStopping
plots = Plots(RunFolder.open(Path(sys.argv[1])), BestEpoch(EarlyStopping()))
plots.draw_curves()
plots.draw_curves()
"""
    command = [sys.executable, "-c", code, str(run.path)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert result.stderr.count("\n") == 1
    assert "the run continues" in result.stderr


@pytest.mark.parametrize("backend", [None, "tkagg", "module://matplotlib_inline.x"])
def test_no_display_is_needed(run, backend):
    code = "from scratchnet.reports.plots import *; plots = Plots(RunFolder.open(Path({!r})), "
    code += "BestEpoch(EarlyStopping())); plots.draw_curves()"
    headers = "from scratchnet.training.early_stopping import EarlyStopping\n"
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"MPLBACKEND": backend} if backend else {}
    command = [sys.executable, "-c", headers + code.format(str(run.path))]
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert (result.stdout, result.stderr) == ("", "")
    assert (run.plots / "curves.png").exists()


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = """
import sys
import scratchnet.reports.plots, scratchnet.reports.live, scratchnet.reports.progress
heavy = {"matplotlib", "rich", "PIL", "pandas"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)
