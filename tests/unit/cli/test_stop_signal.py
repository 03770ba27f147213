"""SIGTERM ends a build as Ctrl-C does, with the exit code that tells which it was."""

import os
import signal
import threading

import click
import pytest

from weft.cli.main import cli, run
from weft.cli.stop_signal import ToldToStop, heard_as_interrupt


def test_sigterm_is_raised_once_and_not_again_while_it_is_obeyed():
    before = signal.getsignal(signal.SIGTERM)
    with heard_as_interrupt():
        with pytest.raises(ToldToStop):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_in_another_thread_nothing_is_changed():
    seen = []

    def inside():
        with heard_as_interrupt():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


@pytest.mark.parametrize(("error", "code"), [(ToldToStop, 143), (KeyboardInterrupt, 130)])
def test_the_exit_code_tells_what_stopped_a_command(monkeypatch, capsys, error, code):
    def stop():
        raise error

    monkeypatch.setattr(type(cli), "get_command", lambda self, ctx, name: click.Command("stop", callback=stop))
    assert run(["stop"]) == code
    assert "Stopped." in capsys.readouterr().err
