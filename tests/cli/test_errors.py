"""Errors on one line, with their exit codes."""

from scratchnet.cli.errors import one_line, report
from scratchnet.errors import UserError
from scratchnet.training.trainer import Diverged


def test_an_error_is_shown_on_one_short_line_without_terminal_codes():
    text = one_line(UserError("first\nsecond\x1b[31m" + "x" * 10_000))
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) < 2100
    assert text.startswith("first second")


def test_each_error_has_its_exit_code(capsys):
    assert report(OSError("no space")) == report(UserError("a slip")) == 2
    assert report(Diverged("too steep")) == Diverged.exit_code == 3
    assert capsys.readouterr().err == "no space\na slip\ntoo steep\n"
