"""Compare runs: which settings differ, which results they reach, and whether they are comparable.

Import from the modules; only `compare.writing` loads rich.
"""
