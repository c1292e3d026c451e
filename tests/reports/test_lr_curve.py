"""The plot of a range test marks what the command prints."""

import pytest

from scratchnet.reports.lr_curve import draw_lr_curve
from scratchnet.training.range_test import Rates

LRS = [1e-4, 1e-3, 1e-2, 0.1, 1.0]
LOSSES = [2.0, 1.0, 0.5, 0.25, 3.0]


@pytest.mark.parametrize("has_diverged", [True, False])
def test_the_lowest_point_the_suggestion_and_the_end_are_marked(
    tmp_path, figures, texts, has_diverged
):
    rates = Rates(LRS, LOSSES, LOSSES, has_diverged)
    draw_lr_curve(rates, tmp_path / "a.png", "digits")
    (axes,) = figures[0].axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    (lowest,) = (line for line in axes.lines if line.get_marker() == "o")
    assert (lowest.get_xdata()[0], lowest.get_ydata()[0]) == (0.1, 0.25)
    upright = [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
    assert 0.01 in upright
    assert (1.0 in upright) == has_diverged
    assert axes.get_title("right") == "lowest at 0.1, suggested 0.01"
    assert "suggested: 1/10 of the rate with the lowest smoothed loss" in axes.get_xlabel()
    assert ("diverged" in texts(figures[0])) == has_diverged
