"""`python -m scratchnet`: commands, and what is typed wrongly."""

import subprocess
import sys

import pytest

from scratchnet.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["evaluat", "x"], "evaluat: must be one of evaluate, predict, find-lr, "),
        (["lst"], "(did you mean list?)"),
        (["list", "nowhere", "x*"], "nowhere, x*: no such folder"),
        (["clean", "nowhere"], "nowhere: no such folder"),
        (["evaluate"], "the following arguments are required: RUN"),
        (["evaluate", "a", "--checkpoint", "first"], "invalid choice: 'first'"),
        (["evaluate", "a", "--check", "best"], "unrecognized arguments: --check"),
        (["predict", "a"], "the following arguments are required: PATH"),
        (["evaluate", __file__], "is not a run folder (it has no run.json)"),
        (["evaluate", "no\x1b[2J\nwhere"], "no [2J where: there is no such folder"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(capsys, arguments, problem):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert problem in output.err
    assert len(output.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--help"], ["evaluate", "--help"], ["predict", "-h"]])
def test_help(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 0
    assert "python -m scratchnet" in capsys.readouterr().out


def test_it_is_a_program():
    result = subprocess.run(
        [sys.executable, "-m", "scratchnet", "evaluate", "nowhere"], capture_output=True, text=True
    )
    assert result.returncode == 2
    assert result.stderr.startswith("nowhere: there is no such folder")
    assert result.stderr.count("\n") == 1


def test_a_system_error_is_one_line(capsys, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied", "outputs")

    monkeypatch.setattr("scratchnet.cli.commands.list.run", refuse)
    assert main(["list"]) == 2
    assert capsys.readouterr().err == "outputs: Permission denied\n"


def test_in_a_deleted_folder_every_command_says_so(capsys, monkeypatch, tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for command in (["evaluate", "run"], ["find-lr"], ["list"]):
        assert main(command) == 2
        *_, last = capsys.readouterr().err.splitlines()
        assert last == "the current folder has been deleted; cd somewhere else"
