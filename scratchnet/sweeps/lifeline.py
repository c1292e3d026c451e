"""A job must not outlive whoever waits for it.

Who starts a job holds the other end of a pipe that is the job's stdin, and writes nothing into it.
However that process ends, be it by `kill -9`, the system closes the pipe. The job reads the end of
its stdin and stops as after SIGTERM: it finishes its step and is marked as interrupted.
"""

import os
import signal
import threading

VARIABLE = "SCRATCHNET_LIFELINE"  # set to 1 in the environment of a job whose stdin is a lifeline


def watch() -> None:
    """In a job: from now on, stop when the other end is closed. Without a lifeline: nothing."""
    if os.environ.pop(VARIABLE, None) == "1":
        threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1):
        pass
    if os.name == "nt":  # there, os.kill would end the process at once
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
