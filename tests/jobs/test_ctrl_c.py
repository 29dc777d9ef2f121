"""Ctrl-C is obeyed between two steps, wherever it meets the program."""

import os
import signal
import weakref

import pytest

from app.jobs.ctrl_c import CtrlC


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_it_is_obeyed_at_the_next_step_and_not_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with CtrlC() as ctrl_c:
        ctrl_c.obey()
        press()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c.obey()
    assert signal.getsignal(signal.SIGINT) is before


def test_it_is_not_lost_in_a_callback() -> None:
    target = type("Target", (), {})()
    with CtrlC() as ctrl_c:
        kept = weakref.ref(target, lambda _: press())
        del target
        assert kept() is None
        with pytest.raises(KeyboardInterrupt):
            ctrl_c.obey()


def test_the_second_one_does_not_wait() -> None:
    with CtrlC():
        press()
        with pytest.raises(KeyboardInterrupt):
            press()
