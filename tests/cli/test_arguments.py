"""Flags, overrides, and errors on one line."""

from pathlib import Path

import pytest

from scratchnet.cli.arguments import expand_home, parse
from scratchnet.cli.composition import check
from scratchnet.errors import UserError


def test_flags_may_stand_anywhere():
    arguments = parse(["seed=1", "-m", "optimizer.lr=1,2"])
    assert arguments.multirun
    assert arguments.overrides == ["seed=1", "optimizer.lr=1,2"]


def test_no_arguments_is_a_plain_run():
    arguments = parse([])
    assert not arguments.multirun
    assert not arguments.help
    assert arguments.show is None
    assert arguments.overrides == []


def test_the_config_can_be_shown():
    arguments = parse(["--cfg", "job", "seed=1"])
    assert arguments.show == "job"
    assert arguments.overrides == ["seed=1"]


def test_the_home_folder_needs_no_quotes(conf, monkeypatch):
    monkeypatch.setenv("HOME", "/home/o'neil")
    arguments = parse(["-m", "dataset=folder", "dataset.path=~/my pets", "seed=1", "sweep_dir=~/s"])
    assert check(arguments.overrides, conf).dataset.path == "/home/o'neil/my pets"
    assert arguments.sweep_dir == Path("/home/o'neil/s")
    assert parse(["resume=~/run"]).resume == Path("/home/o'neil/run")
    unchanged = ["a=b~c", "path='~/x'", "path=[~/x]", "path=~/a,~/b", "~seed", "path=~x"]
    assert [expand_home(text) for text in unchanged] == unchanged


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--multi"], "did you mean --multirun"),
        (["-x", "seed=1"], "-x: unknown flag"),
        (["--cfg", "nothing"], "invalid choice: 'nothing'"),
        (["sweep_dir=x", "seed=0,1"], "sweep_dir=FOLDER resumes a sweep; add -m, and the same"),
        (["-m", "--cfg", "job"], "not allowed with"),
        (["--experimental-rerun", "config.pickle"], "unknown flag"),
        (["--config-dir", "elsewhere"], "unknown flag"),
        (["--lr=0.1"], "--lr=0.1: write settings without dashes: optimizer.lr=0.1"),
        (["--optimizer.lr=0.1"], "without dashes: optimizer.lr=0.1"),
        (["--trainer.epochs", "3"], "without dashes: trainer.epochs=VALUE"),
        (["-seed=3"], "without dashes: seed=3"),
        (["--experiment", "mnist_mlp"], "without dashes: experiment=VALUE"),
        (["--optimizer=sgd"], "without dashes: optimizer=sgd"),
        (["--help=x"], "ignored explicit argument"),
    ],
)
def test_unknown_flags(arguments, message):
    with pytest.raises(UserError, match=message):
        parse(arguments)


def test_no_flag_is_suggested_for_what_is_like_none_of_them():
    with pytest.raises(UserError) as error:
        parse(["--foo"])
    assert "did you mean" not in str(error.value)


def test_a_run_to_resume_is_taken_as_it_is_typed():
    arguments = parse(["trainer.epochs=9", "resume=outputs/a b=c,d"])
    assert arguments.resume == Path("outputs/a b=c,d")
    assert arguments.overrides == ["trainer.epochs=9"]
    assert parse(["resume=x", "--help"]).resume is None


@pytest.mark.parametrize(
    "arguments",
    [["resume="], ["resume=a", "resume=b"], ["resume=a", "-m"], ["-c", "job", "resume=a"]],
)
def test_one_run_is_resumed_at_a_time(arguments):
    with pytest.raises(UserError, match="must be one run folder, without flags"):
        parse(arguments)
