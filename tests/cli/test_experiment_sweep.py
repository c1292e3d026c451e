"""The sweep in an experiment file is the one that would be typed after -m."""

import pytest

from scratchnet.cli import experiment_sweep, multirun
from scratchnet.cli.arguments import parse
from scratchnet.errors import UserError

MINE = """# @package _global_
defaults:
  - override /hydra/launcher: joblib
hydra:
  sweep:
    dir: swept
  launcher:
    n_jobs: 3
  sweeper:
    params:
      optimizer.lr: 1e-3,3e-4
      seed: range(0,2)
model:
  dropout: 0.25
"""
SEARCH = """# @package _global_
defaults:
  - override /hydra/sweeper: optuna
hydra:
  mode: MULTIRUN
  sweeper:
    n_trials: 7
    params:
      model.dropout: interval(0, 0.5)
"""


@pytest.fixture
def find(tmp_path, monkeypatch, conf):
    """A function: the sweep of the experiments among what is typed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiment").mkdir()
    for name, text in {
        "mine": MINE,
        "search": SEARCH,
        "plain": "# @package _global_\nseed: 1\n",
    }.items():
        (tmp_path / "experiment" / f"{name}.yaml").write_text(text)
    return lambda *typed: experiment_sweep.find([f"hydra.searchpath=['{tmp_path}']", *typed], conf)


@pytest.fixture
def planned(find, tmp_path, monkeypatch, conf):
    """A function: the sweep or search that would be run, and its folder."""
    monkeypatch.setattr(multirun, "_run_in", lambda folder, sweep, typed: (folder, sweep))
    return lambda *typed: multirun.run(
        parse(["-m", f"hydra.searchpath=['{tmp_path}']", *typed]), conf
    )


def test_all_its_settings_are_obeyed(planned, tmp_path):
    folder, sweep = planned("experiment=mine")
    lines = [" ".join(job.swept) for job in sweep.jobs]
    assert lines == [
        f"optimizer.lr={lr} seed={seed}" for lr in ("0.001", "0.0003") for seed in (0, 1)
    ]
    assert [job.config["model"]["dropout"] for job in sweep.jobs] == 4 * [0.25]
    assert all("experiment=mine" in job.overrides for job in sweep.jobs)
    assert (sweep.launcher.name, sweep.launcher.settings.launcher.n_jobs) == ("joblib", 3)
    assert folder.path == tmp_path / "swept"


def test_what_is_typed_wins(planned, tmp_path):
    typed = ["seed=5", "hydra.launcher.n_jobs=2", "hydra.sweep.dir=here"]
    folder, sweep = planned("experiment=mine", *typed)
    assert [job.swept for job in sweep.jobs] == [["optimizer.lr=0.001"], ["optimizer.lr=0.0003"]]
    assert [job.config["seed"] for job in sweep.jobs] == [5, 5]
    assert sweep.launcher.settings.launcher.n_jobs == 2
    assert folder.path == tmp_path / "here"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            ["experiment=mine", "hydra/launcher=basic"],
            "hydra/launcher=basic: has no setting hydra.launcher.n_jobs, which "
            "experiment/mine.yaml, line 8 sets; take that line out, or leave out "
            "hydra/launcher=basic",
        ),
        (
            ["experiment=search", "hydra/sweeper=basic", "seed=0,1"],
            "hydra/sweeper=basic: has no setting hydra.sweeper.n_trials, which "
            "experiment/search.yaml, line 7 sets; take that line out, or leave out "
            "hydra/sweeper=basic",
        ),
        (
            ["experiment=unchosen"],
            "experiment/unchosen.yaml, line 4: hydra/launcher=basic has no setting "
            "hydra.launcher.n_jobs",
        ),
    ],
)
def test_settings_of_another_plugin_are_refused(planned, tmp_path, typed, message):
    (tmp_path / "experiment" / "unchosen.yaml").write_text(
        "# @package _global_\nhydra:\n  launcher:\n    n_jobs: 2\n"
    )
    with pytest.raises(UserError) as error:
        planned(*typed)
    assert str(error.value) == message


def test_a_search(planned):
    _, search = planned("experiment=search", "hydra.sweeper.seed=2")
    assert search.plan.settings.n_trials == 7
    assert search.plan.settings.seed == 2
    assert [dimension.key for dimension in search.plan.space] == ["model.dropout"]


def test_the_mode_makes_a_sweep_unless_the_folder_of_one_run_is_typed(find):
    assert find("experiment=search").is_multirun
    assert not find("experiment=search", "hydra.run.dir=one").is_multirun  # so are its own jobs
    assert not find("experiment=mine").is_multirun
    assert not find("seed=1").is_multirun


def test_several_experiments_hold_no_sweep(find):
    assert find("experiment=plain,mnist_mlp").params == []
    with pytest.raises(UserError, match=r"mine\.yaml has settings of a sweep below `hydra`"):
        find("experiment=plain,mine")


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ("{optimizer.lr: [1, 2]}", r"line 4: write the values of optimizer\.lr in a line"),
        ("{optimizer: {lr: '1,2'}}", "line 4: write the values of optimizer in a line"),
    ],
)
def test_other_forms_are_refused(find, tmp_path, params, problem):
    text = f"# @package _global_\nhydra:\n  sweeper:\n    params: {params}\n"
    (tmp_path / "experiment" / "wrong.yaml").write_text(text)
    with pytest.raises(UserError, match=problem):
        find("experiment=wrong")
