"""Run folders side by side: what differs, how well it did, and whether that may be compared."""
