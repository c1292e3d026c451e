"""How a run ended: its status in run.json and, if it was interrupted, how to resume it."""

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator

from scratchnet.errors import RunError, UserError
from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.log import quieten
from scratchnet.system import commands
from scratchnet.system.text import printable
from scratchnet.training.trainer import Diverged

logger = logging.getLogger("scratchnet")


@contextlib.contextmanager
def recorded(run_folder: RunFolder, seconds: Callable[[], float]) -> Iterator[None]:
    """Record in the run folder how the `with` block ends; an error is re-raised.

    `seconds` tells what the run has taken so far.
    """
    try:
        yield
    except BaseException as error:
        status = status_of(error)
        is_bug = status is Status.failed and not isinstance(error, UserError)
        if isinstance(error, RunError):
            quieten()  # one line is enough for a full disk
        logger.info("%s: %s", status.value, error, exc_info=is_bug)
        try:
            run_folder.finish(status, printable(f"{error}" or type(error).__name__), seconds())
        except RunError as second:  # the first error is the one that matters
            logger.warning("the status %s could not be written: %s", status.value, second)
        if status is Status.interrupted:
            path = os.path.relpath(run_folder.path)
            print(f"to resume: {commands.run_py(f'resume={path}')}", file=sys.stderr)
        raise
    run_folder.finish(Status.completed, seconds=seconds())


def status_of(error: BaseException) -> Status:
    """The status of a run that ended with this error."""
    if isinstance(error, KeyboardInterrupt):
        return Status.interrupted
    return Status.diverged if isinstance(error, Diverged) else Status.failed
