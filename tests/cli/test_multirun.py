"""Mistakes after -m are found before anything is on disk."""

import pytest

from scratchnet.cli import multirun
from scratchnet.cli.arguments import parse
from scratchnet.errors import UserError
from scratchnet.system import extras

BAD = [
    ("hydra/launcher=jobib", "submitit_local, submitit_slurm (did you mean joblib?)"),
    ("hydra/launcher=[joblib]", "hydra/launcher=[joblib]: must be one of basic, joblib"),
    ("hydra/sweeper=ax", "hydra/sweeper=ax: must be one of basic, optuna"),
    ("hydra.launcher.n_jobs=2", "hydra.launcher.n_jobs: no such setting"),
    ("hydra.sweep.dirr=x", "did you mean hydra.sweep.dir?"),
    ("optimizer=sgd,adamm", "optimizer=adamm: must be one of adam"),
]


@pytest.mark.parametrize(("override", "message"), BAD)
def test_a_mistake_is_one_line_and_leaves_nothing(conf, tmp_path, monkeypatch, override, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as error:
        multirun.run(parse(["-m", "seed=0,1", override]), conf)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("override", "extra"),
    [("hydra/launcher=ray", "cluster"), ("trainer.tensorboard=true", "tensorboard")],
)
def test_an_extra_that_is_missing_is_named(conf, tmp_path, monkeypatch, override, extra):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extras, "is_installed", lambda module: False)
    with pytest.raises(UserError, match=rf'pip install -e "\.\[{extra}\]"'):
        multirun.run(parse(["-m", "seed=0,1", override]), conf)
    assert list(tmp_path.iterdir()) == []
