"""What the tests of sweeps and of searches share."""

import sys
from pathlib import Path

PYTHON = sys.orig_argv[0]  # that runs the tests
RUN_PY = f"{PYTHON} {Path(__file__).resolve().parents[1] / 'run.py'}"


class Place:
    """A folder to start in, and a checkout whose run.py notes each of its calls in ran.txt."""

    def __init__(self, path: Path, checkout: Path):
        self.path, self.checkout = path, checkout
        self.conf = checkout / "conf"
        self.ran()

    def ran(self) -> list[str]:
        """What was run since the last call."""
        file = self.checkout / "ran.txt"
        words = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        return words
