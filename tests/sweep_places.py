"""What the tests of sweeps and of searches share."""

from pathlib import Path


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
