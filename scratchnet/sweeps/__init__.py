"""Sweeps and searches: many runs in one folder, each in a process of its own.

    outputs/2026-11-23/10-15-02-3f9a1c/
      sweep.json      every job: its number, overrides, status, reason, folder, seconds
      0/  1/  2/ ...  the run folder of each job; beside the run's own files:
        job.json      how the job ended, even if the run never began
        errors.txt    what it wrote to stderr, if anything
      .earlier/       run folders replaced by a later attempt

Each job is `python run.py hydra.run.dir=FOLDER OVERRIDES`, whichever of Hydra's launchers starts it
and on whichever machine: anyone can repeat it by typing that line. Several jobs on one Linux
machine are forked from a process that has imported everything (fork_server); that only saves time.
"""
