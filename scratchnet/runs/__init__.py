"""Run folders: plain files that tell all about a run, written as it goes and read back."""

from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.load import load_runs

__all__ = ["RunFolder", "Status", "load_runs"]
