"""The error for dataset files with the wrong content."""

from pathlib import Path

from scratchnet.errors import DataError


class DamagedFile(DataError):
    """A dataset file that cannot be used. `problem` says why, without naming the file."""

    def __init__(self, path: Path, problem: str):
        super().__init__(f"{path}: {problem}; replace the file, or delete it to download it again")
        self.problem = problem
