"""What the numbers were measured on."""

import os
import platform
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from harness import REMOVED, THREAD_COUNTS


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe() -> dict[str, Any]:
    """CPU, cores, system, and the environment variables that change the speed."""
    shown = (*THREAD_COUNTS, "OPENBLAS_THREAD_TIMEOUT", "OMP_WAIT_POLICY", "XLA_FLAGS")
    return {
        "cpu": _cpu_name(),
        "cores": cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "arguments": sys.argv[1:],
        "environment": {name: os.environ[name] for name in shown if name in os.environ},
        "removed_from_environment": [name for name in REMOVED if name in os.environ],
    }


def _cpu_name() -> str:
    """The name that Linux knows, with family and model: virtual machines often hide the name."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine()
    lines = (line.partition(":") for line in info.read_text().splitlines())
    fields = {name.strip(): value.strip() for name, _, value in reversed(list(lines))}
    name = fields.get("model name", platform.machine())
    numbers = [f"{key} {fields[key]}" for key in ("cpu family", "model") if key in fields]
    return f"{name} ({', '.join(numbers)})" if numbers else name
