"""resume=RUN: what it accepts, what it refuses, and how the run ends."""

import json
import math
import multiprocessing
import shutil

import pytest
from small_runs import composed, train, without_plots

from scratchnet.compare.groups import group
from scratchnet.errors import RunError, UserError
from scratchnet.experiment import resume
from scratchnet.experiment import train as experiment
from scratchnet.runs import RunFolder
from scratchnet.runs.load import read_runs
from scratchnet.system import locks
from scratchnet.training import checkpoint
from scratchnet.training.trainer import Trainer


class Stop(Exception):
    """Stands for any error that ends a run after some epochs."""


@pytest.fixture
def stopped(tmp_path, conf, monkeypatch):
    """The folder of a run that failed right after writing the metrics of its third epoch."""
    without_plots(monkeypatch)
    append = RunFolder.append_metrics

    def stop(run, metrics):
        append(run, metrics)
        if metrics.epoch == 3:
            raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "append_metrics", stop)
        with pytest.raises(Stop):
            train(tmp_path / "stopped")
    return tmp_path / "stopped"


def test_it_ends_with_the_same_bits(stopped, tmp_path):
    assert len(RunFolder.open(stopped).metrics) == 3  # one more than the checkpoint has seen
    resume.run(stopped, [])
    whole = train(tmp_path / "whole")
    for name in ("last.npz", "best.npz"):
        found, expected = stopped / "checkpoints" / name, whole / "checkpoints" / name
        assert found.read_bytes() == expected.read_bytes()
    info = RunFolder.open(stopped).info
    assert info["status"] == "completed"
    assert [(entry["epoch"], entry["overrides"]) for entry in info["resumed"]] == [(2, [])]


def test_epochs_may_be_raised(stopped, tmp_path):
    resume.run(stopped, ["trainer.epochs=4"])
    run = RunFolder.open(stopped)
    assert run.config["trainer"]["epochs"] == 4
    assert [row["epoch"] for row in run.metrics] == [1, 2, 3, 4]
    resume.run(stopped, ["trainer.epochs=5"])
    assert run.summary["epochs"] == 5
    assert [entry["epoch"] for entry in RunFolder.open(stopped).info["resumed"]] == [2, 4]


@pytest.mark.parametrize(
    "choices", [[], ["optimizer=lion", "averaging=ema"], ["optimizer=muon", "averaging=lookahead"]]
)
def test_raising_the_epochs_equals_typing_them_at_first_if_the_rate_is_constant(
    tmp_path, conf, monkeypatch, choices
):
    without_plots(monkeypatch)
    train(tmp_path / "a", "schedule=constant", *choices)
    resume.run(tmp_path / "a", ["trainer.epochs=5"])
    train(tmp_path / "b", "schedule=constant", "trainer.epochs=5", *choices)
    for name in ("last.npz", "best.npz"):
        first, second = (tmp_path / run / "checkpoints" / name for run in "ab")
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("optimizer.lr=0.1", "optimizer.lr=0.1: a run resumes with its own settings; only"),
        ("trainer.epochs=2", "trainer.epochs=2: must be >= 3, the number of epochs the run"),
        ("trainer.epochs=2e0", "trainer.epochs=2: must be >= 3"),
        ("trainer.epochs=x", "trainer.epochs=x: must be a whole number >= 1 and <= 1000000 ("),
        ("trainer.epochs=${seed}", "must be a plain value"),
        ("trainer.epochs", "trainer.epochs: a run resumes with its own settings"),
    ],
)
def test_any_other_override_is_refused_and_changes_nothing(stopped, override, message):
    before = {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()}
    with pytest.raises(UserError) as error:
        resume.run(stopped, [override])
    assert message in str(error.value)
    assert {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()} == before


def test_a_completed_run_has_nothing_to_do(stopped):
    resume.run(stopped, [])
    with pytest.raises(RunError, match=r"is completed; to train longer, raise trainer\.epochs"):
        resume.run(stopped, [])


def test_early_stopping_is_said_and_final(tmp_path, conf, monkeypatch, capsys):
    without_plots(monkeypatch)
    stops = ("trainer.early_stopping.patience=1", "optimizer.lr=1e-30")
    train(tmp_path / "run", *stops)
    said = "stopped early, after epoch 2: val_accuracy has not improved for 1 epoch\n"
    assert said in capsys.readouterr().out
    with pytest.raises(RunError, match="early stopping ended this run after epoch 2"):
        resume.run(tmp_path / "run", ["trainer.epochs=9"])


def test_a_missing_folder_is_not_created(tmp_path):
    with pytest.raises(RunError, match="nowhere: there is no such folder"):
        resume.run(tmp_path / "nowhere", [])
    assert list(tmp_path.iterdir()) == []


def test_a_diverged_run_would_diverge_again(stopped):
    info = json.loads((stopped / "run.json").read_text())
    (stopped / "run.json").write_text(json.dumps(info | {"status": "diverged"}))
    with pytest.raises(RunError, match="diverged and would diverge again"):
        resume.run(stopped, [])


def test_different_data_is_refused(stopped):
    info = json.loads((stopped / "run.json").read_text())
    info["data"]["fingerprint"] = "0"
    (stopped / "run.json").write_text(json.dumps(info))
    with pytest.raises(RunError, match="was started with different data"):
        resume.run(stopped, [])


def test_changed_software_gives_a_warning(stopped, capsys):
    info = json.loads((stopped / "run.json").read_text())
    info["versions"]["numpy"] = "1.0"
    (stopped / "run.json").write_text(json.dumps(info))
    resume.run(stopped, [])
    assert capsys.readouterr().err.startswith(
        "warning: versions: changed since the run was started"
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"epoch": "2"}, "does not say which epoch"),
        ({"step": 7}, "another number of steps per epoch"),
        ({"optimizer_steps": None}, "does not say how far the training got"),
        ({"best": {"epoch": 2}}, "does not say how far the training got"),
    ],
)
def test_a_checkpoint_that_does_not_belong_to_the_run_is_refused(stopped, changes, problem):
    path = stopped / "checkpoints" / "last.npz"
    state, meta = checkpoint.load(path)
    checkpoint.save(path, state, meta | changes)
    (stopped / "checkpoints" / "previous" / "last.npz").write_bytes(path.read_bytes())
    with pytest.raises(RunError, match=problem):
        resume.run(stopped, [])


def test_a_damaged_checkpoint_falls_back_to_the_previous_one(stopped, tmp_path, capsys):
    path = stopped / "checkpoints" / "last.npz"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.unlink()  # the best epoch shares this file
    path.write_bytes(content)
    capsys.readouterr()
    resume.run(stopped, [])
    (warning,) = capsys.readouterr().err.splitlines()
    assert warning.startswith("warning: ")
    assert "last.npz: the checkpoint is damaged" in warning
    assert warning.endswith("resuming from the previous epoch")
    assert [entry["epoch"] for entry in RunFolder.open(stopped).info["resumed"]] == [1]
    assert path.read_bytes() == (train(tmp_path / "whole") / "checkpoints/last.npz").read_bytes()


def delete_checkpoints(run, with_folder):
    for path in run.rglob("*.npz"):
        path.unlink()
    if with_folder:
        shutil.rmtree(run / "checkpoints")


@pytest.mark.parametrize("overrides", [[], ["trainer.epochs=5"]])
@pytest.mark.parametrize("with_folder", [True, False])
@pytest.mark.parametrize("is_completed", [True, False])
def test_a_run_whose_checkpoints_were_removed_is_refused_and_stays(
    stopped, overrides, with_folder, is_completed
):
    if is_completed:
        resume.run(stopped, [])
    delete_checkpoints(stopped, with_folder)
    before = {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()}
    with pytest.raises(RunError, match=r"last\.npz: is missing; start the run again"):
        resume.run(stopped, overrides)
    assert {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()} == before


def test_a_run_that_had_saved_no_epoch_starts_at_the_first_one(stopped, tmp_path):
    delete_checkpoints(stopped, with_folder=True)
    rows = (stopped / "metrics.csv").read_text().splitlines()[:2]  # one epoch, recorded not saved
    (stopped / "metrics.csv").write_text("\n".join(rows) + "\n")
    resume.run(stopped, [])
    found, expected = RunFolder.open(stopped), RunFolder.open(train(tmp_path / "whole"))
    assert found.last_checkpoint.read_bytes() == expected.last_checkpoint.read_bytes()
    assert found.info["resumed"][0]["epoch"] == 0
    assert "no epoch was saved: the run starts again at epoch 1" in found.log.read_text()


def hold(folder, is_held, may_end):
    with locks.locked(folder / ".lock"):
        is_held.set()
        may_end.wait(60)


def test_a_running_run_is_refused_and_a_killed_one_is_resumed(stopped, monkeypatch):
    context = multiprocessing.get_context("spawn")
    is_held, may_end = context.Event(), context.Event()
    other = context.Process(target=hold, args=(stopped, is_held, may_end))
    other.start()
    assert is_held.wait(60)
    with pytest.raises(RunError, match="another process is using this folder"):
        resume.run(stopped, [])
    with pytest.raises(RunError, match="already holds a run"):
        experiment.run(composed(), stopped, [])
    other.kill()
    other.join()
    resume.run(stopped, [])


def test_a_raised_run_says_so_and_is_no_equal_of_a_longer_one(stopped, tmp_path, capsys):
    """Its cosine had ended: the rate jumps, and no run of 4 epochs takes these steps."""
    resume.run(stopped, [])
    capsys.readouterr()
    resume.run(stopped, ["trainer.epochs=4"])
    run = RunFolder.open(stopped)
    assert run.info["raised"] == [{"epoch": 3, "from": 3, "to": 4}]
    warning = capsys.readouterr().err
    assert "was raised from 3 to 4 after epoch 3: schedule=cosine is stretched" in warning
    old, new = (1e-3 * (1 + math.cos(math.pi * t)) / 2 for t in (14 / 15, 15 / 20))
    assert f"the learning rate goes from {old:.2g} to {new:.2g}; the result is not" in warning
    assert "was raised from 3 to 4" in run.log.read_text()
    longer = train(tmp_path / "longer", "trainer.epochs=4")
    runs, _ = read_runs([stopped, longer])
    assert runs[0].settings["trainer.epochs_raised"] == "3 to 4 after 3"
    assert len(group(runs)) == 2


def test_a_raised_run_whose_steps_are_those_of_a_longer_one_is_its_equal(tmp_path, conf):
    folder = train(tmp_path / "raised", "schedule=constant")
    resume.run(folder, ["trainer.epochs=4"])
    longer = train(tmp_path / "longer", "schedule=constant", "trainer.epochs=4")
    found, expected = (RunFolder.open(one).last_checkpoint for one in (folder, longer))
    assert found.read_bytes() == expected.read_bytes()
    assert "raised" not in RunFolder.open(folder).info


def test_an_interrupted_run_has_no_numbers_of_an_earlier_end(tmp_path, conf, monkeypatch):
    without_plots(monkeypatch)
    folder = train(tmp_path / "a run")
    monkeypatch.setattr(Trainer, "fit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        resume.run(folder, ["trainer.epochs=4"])
    (run,), _ = read_runs(folder)
    assert run.status == "interrupted"
    assert "test_accuracy" not in run.results
    assert not (folder / "summary.json").exists()


@pytest.mark.parametrize("is_killed", [False, True])
def test_the_seconds_are_those_of_all_processes(stopped, is_killed):
    info = json.loads((stopped / "run.json").read_text())
    assert 0 < info["seconds"] < 60
    ended = {"status": "running", "seconds": None} if is_killed else {"seconds": 1000.0}
    (stopped / "run.json").write_text(json.dumps(info | ended))
    lines = (stopped / "metrics.csv").read_text().splitlines()
    column = lines[0].split(",").index("seconds")
    for i in (1, 2):  # the epochs that are kept; the third is trained again
        cells = lines[i].split(",")
        cells[column] = "500.0"
        lines[i] = ",".join(cells)
    (stopped / "metrics.csv").write_text("".join(f"{line}\n" for line in lines))
    resume.run(stopped, [])
    run = RunFolder.open(stopped)
    assert 1000 < run.summary["seconds"] < 1060
    assert run.info["seconds"] >= run.summary["seconds"]


def test_no_link_is_followed_out_of_the_folder(stopped, tmp_path):
    (tmp_path / "mine").mkdir()
    shutil.rmtree(stopped / "plots")
    (stopped / "plots").symlink_to(tmp_path / "mine")
    with pytest.raises(RunError, match="plots: is a link"):
        resume.run(stopped, [])
    assert not list((tmp_path / "mine").iterdir())
