"""What `python run.py -m` does: a sweep over all combinations of values, or a search."""

import functools
from pathlib import Path

from scratchnet.cli import composition, experiment_sweep
from scratchnet.cli.arguments import Arguments
from scratchnet.errors import UserError
from scratchnet.settings.wording import not_an_option
from scratchnet.sweeps import grid, launch
from scratchnet.sweeps.grid import Grid
from scratchnet.sweeps.launch import Launcher
from scratchnet.sweeps.record import SweepFolder
from scratchnet.sweeps.search import settings as search_settings
from scratchnet.sweeps.search.plan import SearchPlan
from scratchnet.sweeps.search.trials import Search

SWEEPERS = ("basic", "optuna")


def run(typed: Arguments, conf: Path) -> int:
    """Do what was typed after `-m`; the exit code. Raises UserError and Interrupted."""
    experiment = experiment_sweep.find(typed.overrides, conf)
    overrides = [*experiment.params, *typed.overrides]
    split = composition.split(overrides, conf)
    load_plugins(experiment.plugins | split.plugins)
    hydra = [*split.hydra, *experiment.choice]
    composition.check_hydra(hydra, conf)
    launcher = Launcher(hydra, conf)
    folder = SweepFolder((typed.sweep_dir or launcher.folder).absolute())
    sweep: Grid | Search
    if launcher.is_for_search:
        compose = functools.partial(composition.check, conf=conf)
        plan = SearchPlan.read(typed.overrides, split.fixed, split.swept, launcher, compose)
        sweep = Search(plan, conf.parent / "run.py", folder)
    else:
        jobs = grid.make_jobs(composition.combinations(overrides, conf))
        sweep = Grid(typed.overrides, jobs, launcher, folder)
    return _run_in(folder, sweep, typed)


def load_plugins(chosen: dict[str, object]) -> None:
    """Give Hydra our launchers and sweepers.

    Raises UserError unless these options of hydra/launcher and hydra/sweeper can be used.
    """
    launch.register()
    search_settings.register()
    for group, known in {"hydra/launcher": launch.LAUNCHERS, "hydra/sweeper": SWEEPERS}.items():
        option = chosen.get(group, "basic")
        if option not in known:
            raise UserError(not_an_option(group, option, known))
        launch.require(str(option))


def _run_in(folder: SweepFolder, sweep: Grid | Search, typed: Arguments) -> int:
    """Start a sweep in a new folder or resume it in its own; only list it after `--dry-run`."""
    is_new = typed.sweep_dir is None
    if not is_new:
        folder.check(sweep.kind, sweep.identity)
    if typed.dry_run:
        sweep.print_plan()
        return 0
    if is_new:
        folder.create()
    with folder.locked():
        return sweep.run()
