"""How much memory there is (Linux; elsewhere it is not known)."""

import contextlib
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
GROUPS = Path("/sys/fs/cgroup")  # in a container, that of the container
LIMITS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)


def available(meminfo: Path = MEMINFO, groups: Path = GROUPS) -> int | None:
    """Bytes that can be used without swapping, and within the container; None if unknown."""
    found = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = meminfo.read_text().splitlines()
        (line,) = [line for line in lines if line.startswith("MemAvailable:")]
        found.append(1024 * int(line.split()[1]))
    for limit, used in LIMITS:
        with contextlib.suppress(OSError, ValueError):  # absent, or `max`: no limit
            found.append(int((groups / limit).read_text()) - int((groups / used).read_text()))
    return min(found, default=None)
