"""A trained network for other programs: as a list of plain operations, written in their formats."""
