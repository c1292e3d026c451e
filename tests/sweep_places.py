"""What tests of sweeps and of searches share: a folder to start in, and a checkout's stand-in."""

from pathlib import Path


class Place:
    """A folder to start in, and a checkout whose run.py notes in ran.txt what it was called for."""

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
