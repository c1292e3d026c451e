"""Searches with Optuna, whose trials are processes of a stand-in for run.py."""

import dataclasses
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf
from PIL import Image
from sweep_places import RUN_PY, Place

from scratchnet.__main__ import main
from scratchnet.cli import composition, multirun
from scratchnet.cli.arguments import parse
from scratchnet.config import to_plain
from scratchnet.errors import RunError, UserError
from scratchnet.runs.folder import COLUMNS
from scratchnet.sweeps.job import Runner
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.record import Outcome
from scratchnet.sweeps.search.settings import SearchSettings, register
from scratchnet.sweeps.search.study import Study

pytest.importorskip("optuna")

STAND_IN = Path(__file__).with_name("trial_stand_in.py")
LR = "optimizer.lr=tag(log,interval(1e-4,8e-2))"
SEARCH = ["-m", "hydra/sweeper=optuna", "hydra.sweeper.startup_trials=2"]


@pytest.fixture(scope="module")
def checkout(new_checkout, conf):
    """A checkout with the stand-in."""
    checkout = new_checkout(STAND_IN)
    config = to_plain(composition.check(["optimizer.lr=0.125"], conf))
    OmegaConf.save(config, checkout / "template.yaml")
    (checkout / "columns.txt").write_text(",".join(COLUMNS))
    return checkout


class Searches(Place):
    """Where searches run; `ran` names the folders of the trials."""

    def run(self, *typed: str, trials: int = 5, is_slow: bool = False) -> int:
        (self.checkout / "slow.json").write_text(json.dumps(is_slow))
        arguments = [*SEARCH, f"hydra.sweeper.n_trials={trials}", *typed]
        return multirun.run(parse(arguments), self.conf)

    def jobs(self, name: str) -> list[dict]:
        return json.loads((self.path / name / "sweep.json").read_text())["jobs"]

    def drawn(self, name: str) -> list[list[str]]:
        """The settings of all trials."""
        return [job["overrides"] for job in self.jobs(name)]


@pytest.fixture
def place(tmp_path, checkout, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Searches(tmp_path, checkout)


def best_lr(folder: Path) -> float:
    return OmegaConf.load(folder / "best.yaml").optimizer.lr


def test_a_search_finds_the_best_and_writes_it_as_an_experiment(place, capsys):
    assert place.run(LR, "hydra.sweep.dir=s", "hydra.sweeper.pruner=none", trials=8) == 0
    lr = best_lr(place.path / "s")
    assert 3e-3 < lr < 3e-2
    output = capsys.readouterr().out
    assert "8 trials: 8 completed" in output
    copy = r"to run it: cp s/best.yaml \S+/conf/experiment/"
    assert re.search(rf"{copy} && {RUN_PY} experiment=best\n", output)
    assert main(["compare", "s", "--json"]) == 0  # ranks the trials as the search did
    assert json.loads(capsys.readouterr().out)[0]["optimizer.lr"] == lr
    shutil.copy(place.path / "s" / "best.yaml", place.conf / "experiment")
    config = composition.check(["experiment=best"], place.conf)
    assert config == composition.check([f"optimizer.lr={lr}"], place.conf)
    with Image.open(place.path / "s" / "search.png") as image:
        assert image.width > 1000


def test_a_killed_search_is_resumed_as_if_it_had_not_been_killed(place, monkeypatch):
    place.run(LR, "hydra.sweep.dir=whole")
    with monkeypatch.context() as patch:
        run = Runner.run

        def die(runner, folder, *arguments):
            if folder.name == "3":
                raise SystemExit
            return run(runner, folder, *arguments)

        patch.setattr(Runner, "run", die)
        with pytest.raises(SystemExit):
            place.run(LR, "hydra.sweep.dir=killed")
    place.ran()
    study = place.path / "killed" / "study.log"
    study.write_bytes(study.read_bytes() + b'{"op_code": 5, "wor')  # it died while it wrote
    study.with_name("study.log.lock").symlink_to(study)
    assert place.run(LR, "sweep_dir=killed") == 0
    assert place.ran() == ["3", "4"]
    assert place.drawn("killed") == place.drawn("whole")
    assert best_lr(place.path / "killed") == best_lr(place.path / "whole")


def test_more_trials_later(place):
    place.run(LR, "hydra.sweep.dir=s", trials=2)
    place.run(LR, "sweep_dir=s", trials=3)
    assert place.ran() == ["0", "1", "2"]


def test_what_is_not_promising_is_pruned_from_its_epochs(place, capsys):
    """With the seed 0, the choice falls upon the bad value first and fourth."""
    lr = "optimizer.lr=0.01,0.0001"
    settings = ["hydra.sweeper.warmup_epochs=1", "hydra.sweeper.sampler=random"]
    place.run(lr, "hydra.sweep.dir=s", *settings, trials=3)
    place.run(lr, "sweep_dir=s", *settings, trials=5, is_slow=True)
    found = [(job["overrides"][0], job["status"]) for job in place.jobs("s")]
    assert found == [
        ("optimizer.lr=0.0001", "completed"),
        ("optimizer.lr=0.01", "completed"),
        ("optimizer.lr=0.01", "completed"),
        ("optimizer.lr=0.0001", "pruned"),
        ("optimizer.lr=0.01", "completed"),
    ]
    run = json.loads((place.path / "s" / "3" / "run.json").read_text())
    assert run["status"] == "pruned"
    assert "was not promising" in run["reason"]
    assert "was not promising" in capsys.readouterr().out


def test_trials_that_fail_are_reported_and_do_not_end_a_search(place, capsys):
    assert place.run("optimizer.lr=0.01,0.1", "hydra.sweep.dir=s", trials=4) == 1
    reasons = {job["reason"] for job in place.jobs("s")}
    assert reasons == {None, "killed by SIGKILL"}
    output = capsys.readouterr().out
    assert "killed by SIGKILL" in output
    assert "to resume" in output


def test_a_search_succeeds_once_other_trials_have_replaced_those_that_failed(place, capsys):
    lr = "optimizer.lr=0.01,0.1"
    code, runs = place.run(lr, "hydra.sweep.dir=s", trials=3), 1
    assert code == 1
    while code and runs < 10:  # whether a trial fails is a matter of luck, with a fixed seed
        code, runs = place.run(lr, "sweep_dir=s", trials=3), runs + 1
    assert code == 0
    statuses = [job["status"] for job in place.jobs("s")]
    assert statuses.count("completed") == 3
    assert "failed" in statuses
    assert "to resume" not in capsys.readouterr().out.split("3 completed")[-1]


def test_a_trial_whose_end_could_not_be_written_is_not_waited_for(place, monkeypatch):
    with monkeypatch.context() as patch:

        def full(outcome, folder):
            raise RunError("No space left on device")

        patch.setattr(Outcome, "write", full)
        assert place.run(LR, "hydra.sweep.dir=s", trials=1) == 1
    assert place.run(LR, "sweep_dir=s", trials=1) == 0
    assert [job["status"] for job in place.jobs("s")] == ["failed", "completed"]


def test_a_search_killed_at_its_very_start_is_resumed(place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Study, "__init__", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            place.run(LR, "hydra.sweep.dir=s", trials=1)
    assert place.run(LR, "sweep_dir=s", trials=1) == 0


def test_no_link_is_followed_to_another_file(place):
    (place.path / "mine").write_text("precious")
    place.run(LR, "hydra.sweep.dir=s", trials=1)
    (place.path / "s" / "study.log").unlink()
    (place.path / "s" / "study.log").symlink_to(place.path / "mine")
    with pytest.raises(RunError, match=r"study\.log: is a link"):
        place.run(LR, "sweep_dir=s", trials=1)
    assert (place.path / "mine").read_text() == "precious"


def test_several_trials_at_a_time(place):
    assert place.run(LR, "hydra.sweep.dir=s", "hydra.sweeper.n_jobs=2", trials=4) == 0
    assert sorted(place.ran()) == ["0", "1", "2", "3"]


def test_a_dry_run_leaves_nothing(place, capsys):
    assert place.run(LR, "hydra.sweep.dir=s", "--dry-run") == 0
    assert capsys.readouterr().out == f"{LR}\n5 trials\n"
    assert not (place.path / "s").exists()


def test_conf_spells_out_all_settings_with_their_defaults(conf):
    register()
    settings = Launcher(["hydra/sweeper=optuna"], conf).settings.sweeper
    assert OmegaConf.to_object(settings) == SearchSettings()
    written = OmegaConf.load(conf / "hydra" / "sweeper" / "optuna.yaml")
    assert list(written)[1:] == [field.name for field in dataclasses.fields(SearchSettings)]


BAD = [
    ("seed=0", "a search needs settings with ranges"),
    ("optimizer.lr=interval(0,1)", "optimizer.lr=0.0: must be > 0"),
    ("optimizer.lr=tag(log,interval(0,1))", "interval(0,1)): with log, all values must be > 0"),
    ("optimizer.lr=interval(1,0.5)", "interval(1,0.5): write the lower end first"),
    ("optimizer.lr=tag(fast,interval(0.1,1))", "the only tag is log"),
    ("model.dropout=interval(0,2)", "model.dropout=2.0: must be >= 0"),
    ("trainer.epochs=interval(1,9.5)", "trainer.epochs=9.5: must be a whole number"),
    ("trainer.epochs=range(9,1)", "the values of a range must increase"),
    ("optimizer=sgd,adamm", "did you mean adam?"),
    (f"{LR} hydra.sweeper.n_jobs=0", "hydra.sweeper.n_jobs=0: must be >= 1"),
    (f"{LR} hydra.sweeper.metric=test_accuracy", "hydra.sweeper.metric"),
    (f"{LR} hydra.sweeper.n_trial=3", "did you mean hydra.sweeper.n_trials?"),
    (f"{LR} optimizer.lr=*.1", "optimizer.lr is given twice"),
    (f"{LR} hydra/sweeper=ax", "hydra/sweeper=ax: must be one of basic, optuna"),
]


@pytest.mark.parametrize(("typed", "message"), BAD, ids=[typed[:40] for typed, _ in BAD])
def test_bad_input(place, typed, message):
    with pytest.raises(UserError) as error:
        place.run(*typed.split(), "hydra.sweep.dir=s")
    assert message in str(error.value)
    assert not (place.path / "s").exists()


def test_results_that_cannot_be_compared_are_not_mixed(place):
    place.run(LR, "hydra.sweep.dir=s", trials=1)
    for other in (["trainer.epochs=9"], ["hydra.sweeper.metric=val_loss"]):
        with pytest.raises(UserError, match="is the folder of another sweep"):
            place.run(LR, *other, "sweep_dir=s")


@pytest.mark.parametrize("damage", [b"{\n", b"[]\n", b'{"op_code": 99}\n', b"\xff\n", b"{}\n"])
def test_a_damaged_study_is_refused(place, damage):
    place.run(LR, "hydra.sweep.dir=s", trials=1)
    study = place.path / "s" / "study.log"
    study.write_bytes(damage + study.read_bytes())
    with pytest.raises(RunError, match=r"study\.log: cannot be read") as error:
        place.run(LR, "sweep_dir=s")
    assert "\n" not in str(error.value)
