"""Runs work in folders of any name, through links, and without a writable home folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_runs import train, without_plots

from scratchnet.experiment import resume
from scratchnet.runs import RunFolder

RUN = Path(__file__).resolve().parents[2] / "run.py"
NAMES = ["with space", "ünïcödé ☃ 数字", "x" * 200, "-n", "a$b{c}", "${seed}", "a=b,c", "it's"]


@pytest.fixture(autouse=True)
def no_plots(conf, monkeypatch):
    without_plots(monkeypatch)


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_run_is_made_and_resumed_anywhere(tmp_path, name):
    folder = train(tmp_path / name, "schedule=constant")
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    resume.run(link, ["trainer.epochs=4"])
    assert RunFolder.open(folder).summary["epochs"] == 4


def test_no_writable_home_folder_is_needed(tmp_path):
    home = tmp_path / "file" / "home"  # not even root can create a folder there
    home.parent.touch()
    small = ["trainer.epochs=1", "model.hidden_dims=[16]", "hydra.run.dir=a run"]
    homes = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, str(RUN), *small],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | homes | {"MPLCONFIGDIR": str(home)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(tmp_path.glob("a run/plots/*.png"))) == 3
    assert (tmp_path / "a run" / "summary.json").exists()
