"""What every computation stands on: threads, blocks that fit in the cache, random streams."""
