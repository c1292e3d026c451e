"""Sweeps and searches: many runs, each a process of its own, in one folder.

    outputs/2026-11-23/10-15-02-3f9a1c/
      sweep.json      every job: its number, overrides, status, reason, folder, seconds
      0/  1/  2/ ...  the run folder of each job; beside the run's own files:
        job.json      how the job ended, also where the run never began
        errors.txt    what it wrote to stderr, if anything
      .earlier/       run folders that a later attempt has replaced

Each job is `python run.py hydra.run.dir=FOLDER OVERRIDES`, whichever of Hydra's launchers starts it
and on whichever machine: what it leaves can be made again by typing that line.
"""
