"""A search: trials drawn by Optuna from ranges of settings, each a job of its own."""
