"""curves.png shows the rows of metrics.csv."""

import math

import pytest
from PIL import Image

from scratchnet.reports.curves import draw_curves
from scratchnet.reports.figure import BLUE, ORANGE


def row(epoch, **changes):
    values = {
        "epoch": epoch,
        "lr": 1e-3 / epoch,
        "train_loss": 1 / epoch,
        "train_accuracy": 1 - 0.5 / epoch,
        "val_loss": 1.2 / epoch,
        "val_accuracy": 1 - 0.6 / epoch,
        "grad_norm": 3 / epoch,
    }
    return values | changes


def line(axes, label):
    return next(line for line in axes.lines if line.get_label() == label)


def test_all_epochs_are_drawn_with_units_and_a_legend(tmp_path, figures):
    rows = [row(epoch) for epoch in range(1, 41)]
    draw_curves(rows, tmp_path / "curves.png", "digits, mlp", best_epoch=40)
    (figure,) = figures
    loss, accuracy, lr, norm = figure.axes
    for axes, name, scale in ((loss, "loss", 1), (accuracy, "accuracy", 100)):
        for split, label, colour in (("train", "training", BLUE), ("val", "validation", ORANGE)):
            drawn = line(axes, label)
            assert list(drawn.get_xdata()) == list(range(1, 41))
            assert list(drawn.get_ydata()) == [scale * r[f"{split}_{name}"] for r in rows]
            assert drawn.get_color() == colour
    assert list(lr.lines[0].get_ydata()) == [r["lr"] for r in rows]
    assert list(norm.lines[0].get_ydata()) == [r["grad_norm"] for r in rows]
    titles = [axes.get_title("left") for axes in figure.axes]
    assert titles == ["Loss", "Accuracy", "Learning rate", "Gradient"]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "epoch", "epoch"]
    assert all(axes.get_ylabel() for axes in figure.axes)
    assert [axes.get_yscale() for axes in (loss, accuracy, norm)] == ["log", "linear", "log"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["training", "validation"]
    assert loss.get_title("right") == "best epoch 40: 0.0300"
    assert accuracy.get_title("right") == "best epoch 40: 98.50 %"
    assert figure.texts[0].get_text() == "digits, mlp"
    with Image.open(tmp_path / "curves.png") as image:
        assert image.width > 1500


STEPS = [0.1] * 3 + [0.01] * 3 + [0.001] * 3
COSINE = [0.1 * (1 + math.cos(math.pi * step / 20)) / 2 for step in range(1, 21)]


@pytest.mark.parametrize(
    ("rates", "scale"),
    [
        ([0.5], "linear"),
        ([0.5] * 9, "linear"),
        (COSINE, "linear"),  # although it ends at 0
        ([0.0] * 9, "linear"),
        (STEPS, "log"),
    ],
)
def test_the_learning_rate_has_a_log_axis_where_it_spans_decades(tmp_path, figures, rates, scale):
    rows = [row(epoch, lr=lr) for epoch, lr in enumerate(rates, 1)]
    draw_curves(rows, tmp_path / "a.png", "")
    assert figures[0].axes[2].get_yscale() == scale


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(1)],
        [row(1), row(2, val_loss=math.nan), row(3, val_loss=math.inf, train_loss=math.inf)],
        [row(1, lr=0.0)],
        [row(1, lr=0.0), row(2, lr=1e-8), row(3, lr=1.0)],
    ],
)
def test_odd_metrics_are_drawn(tmp_path, rows):
    for title in ("", "$x_{", "日本 <b>[red]"):
        draw_curves(rows, tmp_path / "a.png", title, best_epoch=len(rows))
    assert (tmp_path / "a.png").exists()


def test_without_validation_there_is_no_validation_curve(tmp_path, figures):
    rows = [row(epoch, val_loss=math.nan, val_accuracy=math.nan) for epoch in (1, 2)]
    draw_curves(rows, tmp_path / "a.png", "", best_epoch=2)
    loss = figures[0].axes[0]
    assert [text.get_text() for text in figures[0].legends[0].get_texts()] == ["training"]
    named = [line.get_label() for line in loss.lines if not line.get_label().startswith("_")]
    assert named == ["training"]
    assert loss.get_title("right") == ""


def test_epochs_are_whole_numbers(tmp_path, figures):
    for count in (1, 2, 3, 120):
        draw_curves([row(epoch) for epoch in range(1, count + 1)], tmp_path / "a.png", "")
        ticks = list(figures[-1].axes[0].get_xticks())
        assert all(tick == round(tick) for tick in ticks)
        assert ticks == sorted(set(ticks))
        assert ticks[-1] == count


def test_a_loss_that_hardly_changes_has_a_linear_axis_with_numbers_to_read(tmp_path, figures):
    rows = [row(1, train_loss=1.9, val_loss=1.5), row(2, train_loss=0.9, val_loss=1.1)]
    draw_curves(rows, tmp_path / "a.png", "")
    assert figures[0].axes[0].get_yscale() == "linear"
