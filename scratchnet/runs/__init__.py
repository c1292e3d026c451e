"""Run folders: plain files that tell all about a run, written as it goes and read back."""

from scratchnet.runs.folder import RunFolder, Status

__all__ = ["RunFolder", "Status"]
