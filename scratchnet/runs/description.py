"""The part of run.json that describes a run: what determines its result, and what it ran on."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import threadpoolctl

import scratchnet
from scratchnet.compute import threads
from scratchnet.data.images import Splits
from scratchnet.kernels import engine
from scratchnet.runs.inputs import Inputs

PACKAGES = (
    "numpy",
    "hydra-core",
    "omegaconf",
    "matplotlib",
    "rich",
    "pooch",
    "threadpoolctl",
    "pillow",
)


def describe(splits: Splits, seed: int) -> dict[str, Any]:
    """Everything in run.json except the status; call it once threads and engine are in use."""
    return {
        "seed": seed,
        "engine": engine.in_use().value,
        "threads": threads.in_use(),
        "data": {
            "fingerprint": splits.fingerprint,
            "official": splits.official,
            "protocol": splits.protocol,
            "images": {
                "train": len(splits.train),
                "val": len(splits.val) if splits.val else 0,
                "test": len(splits.test),
            },
        },
        "inputs": Inputs.of(splits).to_plain(),
        "versions": versions(),
        "blas": blas(),
        "machine": {"system": platform.platform(), "cpu": cpu(), "cores": threads.cores()},
        "git": git_commit(),
    }


def versions() -> dict[str, str]:
    """Versions of Python, scratchnet and the packages it depends on."""
    own = {"python": platform.python_version(), "scratchnet": scratchnet.__version__}
    packages = (*PACKAGES, "numba") if engine.is_compiled() else PACKAGES
    return own | {package: metadata.version(package) for package in packages}


def blas() -> list[dict[str, Any]]:
    """The BLAS of NumPy: name, version, kernel (which determines the bits) and threads.

    Other libraries may bring one of their own, at any time; NumPy's stands in its own folder.
    """
    found = [one for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"]
    numpys = [one for one in found if "numpy" in Path(one["filepath"]).parent.name]
    return [
        {
            "name": library["internal_api"],
            "version": library["version"],
            "kernel": library.get("architecture"),
            "threads": library["num_threads"],
        }
        for library in numpys or found
    ]


def cpu() -> str:
    """The model of the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:  # not Linux
        pass
    return platform.processor() or platform.machine()


def git_commit() -> dict[str, Any] | None:
    """The commit that is checked out, and whether files have changed since.

    None if scratchnet does not run from a checkout, or git is not installed.
    """
    root = Path(scratchnet.__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(changed)}


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    return result.stdout.strip()
