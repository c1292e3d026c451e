"""The command line: what was typed, checked and composed into a config before anything runs."""
