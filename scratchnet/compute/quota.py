"""The processor time that control groups grant this process (Linux), as by `docker --cpus=1`.

A container or a job of a cluster may see all cores of its machine and yet be stopped, for the rest
of each period, once its quota is used up. More threads than that only use it up sooner.
joblib's cpu_count reads the same files, but only those of the outermost group.
https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/scheduler/sched-bwc.html
"""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")  # a line per hierarchy, `1:cpu,cpuacct:/a/b`; version 2: `0::/a/b`


def cores(own: Path = OWN, groups: Path = GROUPS) -> float:
    """The cores' worth of time that the process may use, such as 1.5; infinite without a quota.

    The quota of each group that the process is in, from its own up to the outermost one, counts.
    """
    lines = _text(own).splitlines()
    hierarchies = [line.split(":", 2)[1:] for line in lines if line.count(":") >= 2]
    return min(
        (
            quota
            for controllers, path in hierarchies
            if not controllers or "cpu" in controllers.split(",")
            for quota in _quotas(groups / controllers, Path(path.lstrip("/")))
        ),
        default=math.inf,
    )


def _quotas(hierarchy: Path, group: Path) -> Iterator[float]:
    """The quotas of a group and of those around it; in a container, only the outermost is there."""
    for name in (group, *group.parents):
        folder = hierarchy / name
        version_2 = _text(folder / "cpu.max").split()
        version_1 = [_text(folder / f"cpu.cfs_{part}_us") for part in ("quota", "period")]
        for texts in (version_2, version_1):
            with contextlib.suppress(ValueError):  # absent, or `max`: no limit
                quota, period = map(int, texts)
                if quota > 0 and period > 0:  # version 1 writes -1 for no limit
                    yield quota / period


def _text(path: Path) -> str:
    """The content of a file; nothing where there is none."""
    try:
        return path.read_text()
    except OSError:
        return ""
