"""Plots leave nothing behind except their file."""

import subprocess
import sys

import matplotlib
import pytest
from PIL import Image

from scratchnet.errors import RunError
from scratchnet.reports.figure import DPI, Panels, figure, shortened


def test_a_figure_has_the_size_that_was_asked_for(tmp_path):
    with figure(tmp_path / "a.png", 3, 2) as drawn:
        drawn.subplots()
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (3 * DPI, 2 * DPI)
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_global_settings_stay_and_pyplot_is_not_used(tmp_path):
    code = """
import matplotlib, sys, warnings
from pathlib import Path
from scratchnet.reports.figure import figure
def draw():
    with figure(Path(sys.argv[1]), 2, 2) as drawn:
        drawn.subplots().set_title("$ \\\\frac 日本")
def settings():  # except the backend: reading it chooses one
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != "backend"}
before = settings()
draw()  # the first time imports modules that add filters
filters = list(warnings.filters)
draw()
assert settings() == before and warnings.filters == filters
assert "matplotlib.pyplot" not in sys.modules
"""
    command = [sys.executable, "-W", "error", "-c", code, str(tmp_path / "a.png")]
    subprocess.run(command, check=True)


def test_the_style_of_a_user_does_no_harm(tmp_path):
    with (
        matplotlib.rc_context({"text.usetex": True, "font.family": "no such font"}),
        figure(tmp_path / "a.png", 2, 2) as drawn,
    ):
        drawn.text(0.5, 0.5, "text")
    assert (tmp_path / "a.png").exists()


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(RunError, match=r"gone/a\.png: cannot be written"):  # noqa: SIM117
        with figure(tmp_path / "gone" / "a.png", 2, 2):
            pass


def test_panels_have_their_size_margins_and_gaps(tmp_path):
    panels = Panels(3, 1.0, 0.5, left=0.2, right=0.3, bottom=0.4, top=0.1, gap=0.5)
    assert panels.size == pytest.approx((0.2 + 3 * 1.0 + 2 * 0.5 + 0.3, 0.4 + 0.5 + 0.1))
    with panels.figure(tmp_path / "a.png") as drawn:
        _, _, last = panels.axes(drawn)
        box = last.get_window_extent()
    assert box.width / DPI == pytest.approx(1.0)
    assert box.height / DPI == pytest.approx(0.5)
    assert box.x0 / DPI == pytest.approx(0.2 + 2 * 1.5)
    assert box.y0 / DPI == pytest.approx(0.4)


def test_shortened():
    assert shortened("truck", 5) == "truck"
    assert shortened("trucks", 5) == "truc…"
