"""search.png: the results of a search, trial by trial, and which settings mattered."""

import itertools
import math
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from scratchnet.reports import numbers
from scratchnet.reports.figure import BLUE, GREY, ORANGE, Panels, heading, shortened

if TYPE_CHECKING:
    import optuna
    from matplotlib.axes import Axes

PANELS = Panels(2, 4.6, 3.0, left=0.8, right=0.6, bottom=0.55, top=0.85, gap=2.0)
ENOUGH = 4  # completed trials, to estimate which settings mattered, and results, for quartiles
FAR = 3.0  # from the middle half of the results, in widths of it


def draw_search(study: "optuna.Study", path: Path, metric: str, best: list[str]) -> None:
    """Draw the history of a study and the importance of its settings."""
    with PANELS.figure(path) as drawn:
        is_share = metric.endswith("accuracy")
        value = numbers.percent(study.best_value) if is_share else f"{study.best_value:.4f}"
        heading(drawn, f"best {metric} {value}: {shortened(' '.join(best), 90)}")
        history, importance = PANELS.axes(drawn)
        _draw_history(history, study, metric)
        _draw_importance(importance, study)


def _draw_history(axes: "Axes", study: "optuna.Study", metric: str) -> None:
    from optuna.study import StudyDirection
    from optuna.trial import TrialState

    better = max if study.direction is StudyDirection.MAXIMIZE else min
    trials = study.get_trials(deepcopy=False)
    scale = 100.0 if metric.endswith("accuracy") else 1.0
    completed = {t.number: scale * t.value for t in trials if t.state is TrialState.COMPLETE}
    last_values = {
        trial.number: scale * trial.intermediate_values[max(trial.intermediate_values)]
        for trial in trials
        if trial.state is TrialState.PRUNED and trial.intermediate_values
    }
    pruned = {number: value for number, value in last_values.items() if math.isfinite(value)}
    so_far = list(itertools.accumulate(completed.values(), better))
    steps, bests = [*completed, trials[-1].number], [*so_far, so_far[-1]]
    axes.step(steps, bests, where="post", color=ORANGE, label="best so far")
    _draw_points(axes, completed, BLUE, "o", f"completed ({len(completed)})")
    if pruned:
        _draw_points(axes, pruned, GREY, "x", f"pruned ({len(pruned)})")
    _fit(axes, pruned | completed, so_far[-1])
    axes.set_title("History")
    axes.set_xlabel("trial")
    axes.set_ylabel(f"{metric} (%)" if scale > 1 else metric)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=8)
    axes.xaxis.get_major_locator().set_params(integer=True)


def _draw_points(
    axes: "Axes", values: dict[int, float], colour: str, marker: str, label: str
) -> None:
    axes.plot(list(values), list(values.values()), marker, color=colour, markersize=5, label=label)


def _fit(axes: "Axes", values: dict[int, float], best: float) -> None:
    """Leave out results far from most others, which would press these into a line.

    Arrows at the edge stand for them; the best one is always shown.
    """
    if len(values) < ENOUGH:
        return
    first, _, third = statistics.quantiles(values.values(), n=4)
    reach = FAR * (third - first)
    low = min(max(min(values.values()), first - reach), best)
    high = max(min(max(values.values()), third + reach), best)
    margin = 0.08 * (high - low) or 0.01 * abs(high) or 1.0
    axes.set_ylim(low - margin, high + margin)
    for number, value in values.items():
        if not low <= value <= high:
            edge, arrow = (low, "v") if value < low else (high, "^")
            axes.plot(number, edge, arrow, color=GREY, markersize=5)


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
        axes.text(
            found[name], row, f" {100 * found[name]:.0f} %", va="center", color=GREY, fontsize=9
        )
    axes.set_xlim(0, 1.1 * max(*found.values(), 0.1))
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.set_xlabel(f"share of the result (PED-ANOVA, n = {len(completed)})")
    axes.grid(visible=False, axis="y")
