"""search.png: the results of a search, trial by trial, and which settings mattered."""

import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.reports.figure import BLUE, GREY, ORANGE, Panels, heading, shortened

if TYPE_CHECKING:
    import optuna
    from matplotlib.axes import Axes

PANELS = Panels(2, 4.6, 3.0, left=0.8, right=0.6, bottom=0.55, top=0.85, gap=2.0)
ENOUGH = 4  # completed trials, to estimate which settings mattered


def draw_search(study: "optuna.Study", path: Path, metric: str, best: list[str]) -> None:
    """Draw the history of a study and the importance of its settings."""
    with PANELS.figure(path) as drawn:
        heading(drawn, f"best {metric} {study.best_value:.4f}: {shortened(' '.join(best), 90)}")
        history, importance = PANELS.axes(drawn)
        _draw_history(history, study, metric)
        _draw_importance(importance, study)


def _draw_history(axes: "Axes", study: "optuna.Study", metric: str) -> None:
    from optuna.study import StudyDirection
    from optuna.trial import TrialState

    better = max if study.direction is StudyDirection.MAXIMIZE else min
    trials = study.get_trials(deepcopy=False)
    completed = [trial for trial in trials if trial.state is TrialState.COMPLETE]
    numbers = [trial.number for trial in completed]
    values = [trial.value for trial in completed]
    so_far = list(itertools.accumulate(values, better))
    steps, bests = [*numbers, trials[-1].number], [*so_far, so_far[-1]]
    axes.step(steps, bests, where="post", color=ORANGE, label="best so far")
    axes.plot(numbers, values, "o", color=BLUE, markersize=5, label="completed")
    last_values = {
        trial.number: trial.intermediate_values[max(trial.intermediate_values)]
        for trial in trials
        if trial.state is TrialState.PRUNED and trial.intermediate_values
    }
    pruned = {number: value for number, value in last_values.items() if math.isfinite(value)}
    if pruned:
        axes.plot(list(pruned), list(pruned.values()), "x", color=GREY, label="pruned")
    axes.set_title("History")
    axes.set_xlabel("trial")
    axes.set_ylabel(metric)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=8)
    axes.xaxis.get_major_locator().set_params(integer=True)


def _draw_importance(axes: "Axes", study: "optuna.Study") -> None:
    """Draw bars of the PED-ANOVA importances (Watanabe, Bansal and Hutter, 2023; sum to 1)."""
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
    from optuna.trial import TrialState

    axes.set_title("Importance of the settings")
    completed = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(completed) < ENOUGH:
        axes.text(0.5, 0.5, f"needs {ENOUGH} completed trials", ha="center", color=GREY)
        axes.set_axis_off()
        return
    found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
    names = list(found)[::-1]
    axes.barh([shortened(name, 26) for name in names], [found[n] for n in names], color=BLUE)
    for row, name in enumerate(names):
        axes.text(found[name], row, f" {found[name]:.2f}", va="center", color=GREY, fontsize=9)
    axes.set_xlim(0, 1.1 * max(*found.values(), 0.1))
    axes.set_xlabel("share of the result")
    axes.grid(visible=False, axis="y")
