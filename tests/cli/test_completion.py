"""Completion with TAB: what may follow in a line, and the script that a shell runs."""

import pytest

from scratchnet.cli import completion
from scratchnet.errors import UserError


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("run.py optimizer=", "optimizer=adam optimizer=adamw optimizer=lion"),
        ("run.py experiment=mnist_m", "experiment=mnist_mlp experiment=mnist_mlp_best"),
        ("run.py optimizer.l", "optimizer.lr="),
        ("run.py model=linear model.dr", ""),
    ],
)
def test_a_line_is_completed(conf, monkeypatch, capsys, line, expected):
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_POINT", "99")
    completion.run(["query=bash"], conf)
    assert capsys.readouterr().out.strip().startswith(expected)


def test_the_script_is_printed(conf, capsys):
    completion.run(["install=bash"], conf)
    assert "complete -o nospace" in capsys.readouterr().out


@pytest.mark.parametrize("typed", [[], ["install"], ["install=csh"], ["seed=3"], ["a", "b"]])
def test_anything_else_is_told_what_to_type(conf, typed):
    with pytest.raises(UserError, match=r"type: eval .*one of bash, zsh, fish"):
        completion.run(typed, conf)
