"""Run folders: the plain files that record a run, written as it trains and read back later."""

from scratchnet.runs.folder import RunFolder, Status
from scratchnet.runs.load import load_runs

__all__ = ["RunFolder", "Status", "load_runs"]
