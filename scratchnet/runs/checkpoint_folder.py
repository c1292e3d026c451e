"""The checkpoints of a run: the last epoch and the best one, and the same as of the epoch before.

    checkpoints/last.npz             checkpoints/best.npz
    checkpoints/previous/last.npz    checkpoints/previous/best.npz

A process can die between any two of the operations below. Whatever it leaves, the last epoch that
`save` wrote whole is found again, with the best one that belongs to it.
"""

import logging
from pathlib import Path

from scratchnet.errors import RunError
from scratchnet.system import files
from scratchnet.training import checkpoint
from scratchnet.training.checkpoint import Meta, State

logger = logging.getLogger("scratchnet")


class CheckpointFolder:
    """Those in the folder `checkpoints` of a run."""

    def __init__(self, folder: Path):
        self.now = _Pair(folder)
        self.before = _Pair(folder / "previous")

    def save(self, state: State, meta: Meta, is_best: bool) -> None:
        """Keep the state after an epoch; what was kept becomes the one before."""
        if self.now.last.exists():
            self.now.copy_to(self.before)
        checkpoint.save(self.now.last, state, meta)
        if is_best:  # after `last`: a best epoch that `last` does not know of is never there
            self.now.take_last_as_best()

    def latest(self) -> tuple[State, Meta] | None:
        """The state to go on from, None before the first `save`; puts right what a crash left.

        Where the last checkpoint is damaged, the one before is taken, with a warning. Raises
        RunError where that is damaged too.
        """
        if not self.now.last.exists() and not self.before.last.exists():
            return None
        try:
            return self.now.load()
        except RunError as error:
            damage = error
        try:
            found = self.before.load()
        except RunError:
            raise RunError(
                f"{damage}; nor is there one before it, so this run has to be started anew "
                "(overrides.txt says with which settings)"
            ) from damage
        logger.warning("%s; the run goes on from the epoch before it", damage)
        self.before.copy_to(self.now)
        return found


class _Pair:
    """The checkpoints of the last and of the best epoch, at one time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.last = folder / "last.npz"
        self.best = folder / "best.npz"

    def load(self) -> tuple[State, Meta]:
        """The last one, when the best one that it knows of is there too. Raises RunError."""
        state, meta = checkpoint.load(self.last)
        epoch, best = meta.get("epoch"), meta.get("best")
        best_epoch = best.get("epoch") if isinstance(best, dict) else None
        if not isinstance(epoch, int) or not isinstance(best_epoch, int):
            raise RunError(f"{self.last}: it does not say which epoch it is from")
        if best_epoch == epoch:  # the process may have died before it was taken as the best
            self.take_last_as_best()
        elif checkpoint.load(self.best)[1].get("epoch") != best_epoch:
            raise RunError(f"{self.best}: the checkpoint is not from the best epoch, {best_epoch}")
        return state, meta

    def take_last_as_best(self) -> None:
        files.duplicate(self.last, self.best)

    def copy_to(self, other: "_Pair") -> None:
        """Without the time that copying takes. The best one first: it is checked against last."""
        if not other.folder.exists():
            files.make_folder(other.folder)
        files.duplicate(self.best, other.best)
        files.duplicate(self.last, other.last)
