"""search.png shows every trial that has a finite result, and the best so far."""

import math

import pytest

from scratchnet.reports.figure import ORANGE
from scratchnet.reports.search_figure import ENOUGH, draw_search

optuna = pytest.importorskip("optuna")

LR = optuna.distributions.FloatDistribution(1e-4, 1.0, log=True)


def study_of(direction: str, *trials) -> "optuna.Study":
    """A study with these trials: a number completed, a list pruned after these values."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction=direction)
    for number, result in enumerate(trials):
        is_pruned = isinstance(result, list)
        states = optuna.trial.TrialState
        trial = optuna.trial.create_trial(
            state=states.PRUNED if is_pruned else states.COMPLETE,
            value=None if is_pruned else result,
            params={"optimizer.lr": 10.0 ** -(number % 4)},
            distributions={"optimizer.lr": LR},
            intermediate_values=dict(enumerate(result, start=1)) if is_pruned else {},
        )
        study.add_trial(trial)
    return study


def points(axes, label: str) -> list[tuple[float, float]]:
    (line,) = (line for line in axes.lines if line.get_label() == label)
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


@pytest.mark.parametrize(
    ("direction", "best"), [("maximize", [50, 90, 90]), ("minimize", [50, 50, 20])]
)
def test_the_history_shows_trials_and_the_best_so_far(tmp_path, figures, direction, best):
    study = study_of(direction, 0.5, [0.1, 0.3], 0.9, 0.2, [0.4, math.nan], [0.7])
    draw_search(study, tmp_path / "search.png", "val_accuracy", ["optimizer.lr=0.01"])
    history = figures[0].axes[0]
    assert points(history, "completed (3)") == [(0, 50), (2, 90), (3, 20)]
    assert points(history, "pruned (2)") == [(1, 30), (5, 70)]  # the last value, if it is finite
    steps = list(zip([0, 2, 3], best, strict=True))
    assert points(history, "best so far") == [*steps, (5, best[-1])]  # up to the last trial
    assert history.get_ylabel() == "val_accuracy (%)"
    (line,) = (line for line in history.lines if line.get_label() == "best so far")
    assert line.get_color() == ORANGE


def test_without_pruned_trials_there_is_no_label_for_them(tmp_path, figures):
    draw_search(study_of("maximize", 0.5), tmp_path / "search.png", "val_accuracy", ["a=1"])
    labels = [text.get_text() for text in figures[0].axes[0].get_legend().get_texts()]
    assert labels == ["best so far", "completed (1)"]


def test_the_heading_names_the_best_value_and_its_settings(tmp_path, figures):
    study = study_of("maximize", 0.25, 0.75)
    draw_search(study, tmp_path / "search.png", "val_accuracy", ["optimizer=adam", "lr=$x_{"])
    heading = "best val_accuracy 75.00 %: optimizer=adam lr=$x_{"
    assert figures[0].texts[0].get_text() == heading


def test_importances_need_some_completed_trials_and_sum_to_one(tmp_path, figures, texts):
    few = [0.1 * number for number in range(1, ENOUGH)]
    draw_search(study_of("maximize", *few), tmp_path / "a.png", "val_accuracy", ["a=1"])
    assert f"needs {ENOUGH} completed trials" in texts(figures[0])
    enough = [0.1, 0.9, 0.3, 0.2, 0.15, 0.8, 0.35, 0.25]
    draw_search(study_of("maximize", *enough), tmp_path / "a.png", "val_accuracy", ["a=1"])
    importance = figures[1].axes[1]
    assert sum(bar.get_width() for bar in importance.patches) == pytest.approx(1)
    assert [tick.get_text() for tick in importance.get_yticklabels()] == ["optimizer.lr"]


def test_results_far_from_all_others_are_arrows_at_the_edge(tmp_path, figures):
    values = [0.97, 0.98, 0.975, 0.985, 0.1, 0.97, 0.98]
    draw_search(study_of("maximize", *values), tmp_path / "a.png", "val_accuracy", ["a=1"])
    history = figures[0].axes[0]
    low, high = history.get_ylim()
    assert 90 < low < 97
    assert 98.5 < high < 100
    (arrow,) = (line for line in history.lines if line.get_marker() == "v")
    assert arrow.get_xdata()[0] == 4
    assert low < arrow.get_ydata()[0] < 97


def test_losses_are_no_percentages_and_the_best_is_always_shown(tmp_path, figures):
    values = [2.0, 2.1, 2.05, 2.0, 0.3]
    draw_search(study_of("minimize", *values), tmp_path / "a.png", "val_loss", ["a=1"])
    history = figures[0].axes[0]
    assert history.get_ylabel() == "val_loss"
    assert history.get_ylim()[0] < 0.3
    assert figures[0].texts[0].get_text() == "best val_loss 0.3000: a=1"
