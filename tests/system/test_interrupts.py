"""The first signal stops the program in time; what is being written is finished."""

import os
import signal

import pytest

from scratchnet.system.interrupts import (
    Interrupted,
    check,
    deferred,
    handle_again,
    handled,
    work_is_over,
)


@pytest.fixture(autouse=True)
def hangups_are_not_ignored():
    """Also where the tests themselves run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_stops_the_program_at_once_with_its_exit_code(number, code):
    with pytest.raises(Interrupted) as stopped, handled():
        os.kill(os.getpid(), number)
    assert stopped.value.exit_code == code
    assert isinstance(stopped.value, KeyboardInterrupt)


def signals_while_deferred(done: list, count: int = 1) -> None:
    with handled(), deferred():
        with deferred():
            for _ in range(count):
                os.kill(os.getpid(), signal.SIGINT)
            done.append(1)
        done.append(2)


def test_deferred_blocks_run_to_their_end():
    done = []
    with pytest.raises(Interrupted):
        signals_while_deferred(done)
    assert done == [1, 2]


def test_a_deferred_signal_is_raised_at_the_next_check():
    def work():
        with handled(), deferred():
            check()
            os.kill(os.getpid(), signal.SIGINT)
            check()
            pytest.fail("this is not reached")

    with pytest.raises(Interrupted):
        work()


def test_an_error_in_a_deferred_block_takes_precedence_over_the_signal():
    def fail():
        with handled(), deferred():
            os.kill(os.getpid(), signal.SIGINT)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()


def test_a_second_signal_exits_at_once(monkeypatch):
    class Left(BaseException):
        pass

    def leave(code):
        raise Left(code)

    monkeypatch.setattr(os, "_exit", leave)
    done = []
    with pytest.raises(Left) as left:
        signals_while_deferred(done, count=2)
    assert left.value.args == (130,)
    assert done == []


def test_ignored_signals_stay_ignored_and_handlers_are_restored():
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    with handled():
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("is_before", [True, False])
def test_a_signal_changes_nothing_once_the_work_is_over(is_before):
    with handled():
        with deferred():
            if is_before:
                os.kill(os.getpid(), signal.SIGTERM)
            work_is_over()
        if not is_before:
            os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Interrupted), handled():  # the next work can be stopped
        os.kill(os.getpid(), signal.SIGTERM)


def test_signals_are_taken_back_from_a_library():
    before = signal.getsignal(signal.SIGTERM)

    def work():
        with handled():
            signal.signal(signal.SIGTERM, lambda *_: pytest.fail("the library's handler"))
            handle_again()
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted):
        work()
    assert signal.getsignal(signal.SIGTERM) is before
