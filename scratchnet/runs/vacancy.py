"""Where a new run may begin: in a folder in which it replaces and hides nothing of anyone's."""

from pathlib import Path

from scratchnet.errors import RunError

LOCK = ".lock"
FROM_A_SWEEP = {"errors.txt", "job.json"}  # a run never writes them
BEGINNING = {"config.yaml", "overrides.txt", "data.json", "metrics.csv", "checkpoints", "plots"}


def check(path: Path) -> None:
    """Raise RunError unless a new run can begin in this folder.

    It may hold hidden files, what a sweep puts there, and the beginning of a run that was killed
    before it had a run.json; that is overwritten.
    """
    check_is_outside_runs(path)
    names = {file.name for file in path.iterdir()} if path.is_dir() else set()
    if "run.json" in names:
        raise RunError(f"{path}: already holds a run; choose a new folder")
    others = {name for name in names if not name.startswith(".")} - FROM_A_SWEEP
    if others and not (others <= BEGINNING and _is_ours(path)):
        raise RunError(f"{path}: holds {min(others)}; choose a new folder for the run")


def check_is_outside_runs(path: Path) -> None:
    """Raise RunError for a folder in a run: `list`, `compare` and `clean` look no deeper."""
    for above in path.absolute().parents:
        if (above / "run.json").is_file():
            raise RunError(f"{path}: lies inside a run, {above}; choose a folder elsewhere")


def _is_ours(path: Path) -> bool:
    """Whether a run began here and saved nothing: it made an empty lock first, then two folders."""
    lock = path / LOCK
    folders = [path / name for name in ("checkpoints", "plots") if (path / name).exists()]
    return (
        lock.is_file()
        and lock.stat().st_size == 0
        and all(folder.is_dir() and not any(folder.iterdir()) for folder in folders)
    )
