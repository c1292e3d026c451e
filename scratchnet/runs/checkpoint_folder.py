"""Which checkpoints a run keeps: the last and the best epoch, and the pair before them.

    checkpoints/last.npz             checkpoints/best.npz
    checkpoints/previous/last.npz    checkpoints/previous/best.npz

A process can die between any two of the operations below. Whatever it leaves behind, `latest` finds
the last epoch that was saved completely, with the best epoch that belongs to it. The format of one
file is defined in training/checkpoint.py.
"""

import logging
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.system import files
from scratchnet.training import checkpoint
from scratchnet.training.checkpoint import Meta, State

logger = logging.getLogger("scratchnet")


class CheckpointFolder:
    """The folder `checkpoints` of a run."""

    def __init__(self, folder: Path):
        self.now = _Pair(folder)
        self.before = _Pair(folder / "previous")

    def save(self, state: State, meta: Meta, is_best: bool) -> None:
        """Save the state after an epoch; the pair saved so far becomes the previous one."""
        if self.now.last.exists():
            self.now.copy_to(self.before)
        checkpoint.save(self.now.last, state, meta)
        if is_best:  # after `last`, so that `best` is never newer than `last`
            self.now.take_last_as_best()

    def latest(self) -> tuple[State, Meta] | None:
        """The state to resume from, or None before the first `save`; repairs what a crash left.

        If the last checkpoint is damaged, the previous one is used, with a warning. Raises RunError
        if both are damaged.
        """
        if not self.now.last.exists() and not self.before.last.exists():
            return None
        try:
            return self.now.load()
        except RunError as error:
            if isinstance(error.__cause__, PermissionError):  # it may well be intact
                raise
            damage = error
        try:
            found = self.before.load()
        except RunError:
            raise RunError(
                f"{damage}, and there is no earlier one to resume from; start the run again "
                "(overrides.txt lists its settings)"
            ) from damage
        logger.warning("%s; resuming from the previous epoch", damage)
        self.before.copy_to(self.now)
        return found


class _Pair:
    """The checkpoints of the last and the best epoch at one point in time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.last = folder / "last.npz"
        self.best = folder / "best.npz"

    def load(self) -> tuple[State, Meta]:
        """The last checkpoint. Raises RunError unless the best one it refers to is intact too."""
        state, meta = checkpoint.load(self.last)
        epoch, best = meta.get("epoch"), meta.get("best")
        best_epoch = best.get("epoch") if isinstance(best, dict) else None
        if not isinstance(epoch, int) or not isinstance(best_epoch, int):
            raise RunError(f"{self.last}: the checkpoint does not say which epoch it is from")
        if best_epoch == epoch:  # the process may have died before it was linked
            self.take_last_as_best()
        elif checkpoint.load(self.best)[1].get("epoch") != best_epoch:
            raise RunError(f"{self.best}: the checkpoint is not from the best epoch, {best_epoch}")
        return state, meta

    def take_last_as_best(self) -> None:
        """Make `best` the same file as `last`."""
        files.duplicate(self.last, self.best)

    def copy_to(self, other: "_Pair") -> None:
        """Link rather than copy, which is quick. `best` first, as it is checked against `last`."""
        if not other.folder.is_dir() or other.folder.is_symlink():
            files.make_inner_folder(other.folder)
        files.duplicate(self.best, other.best)
        files.duplicate(self.last, other.last)
