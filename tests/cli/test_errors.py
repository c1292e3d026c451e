"""Errors on one line, with their exit codes."""

import os
import signal

import pytest

from scratchnet.cli.errors import exit_code, one_line, report
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


def test_a_signal_is_the_reason_also_where_a_library_fails_while_it_cleans_up(capsys):
    def stopped() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            return 0
        finally:
            raise UnboundLocalError  # as OmegaConf does

    assert exit_code(stopped) == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "interrupted\n"


def test_a_bug_keeps_its_traceback():
    def broken() -> int:
        raise UnboundLocalError

    with pytest.raises(UnboundLocalError):
        exit_code(broken)
