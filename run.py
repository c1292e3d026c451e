"""Train a network, or sweep over many: `python run.py --help` shows how."""

import atexit
import contextlib
import gc
import re
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the imports: just end
    from scratchnet.system import extras

    extras.require_core()
    # Imports make many objects and hardly any garbage. Looking for it costs a short run a tenth of
    # its time; looking through all of them once more before the end, another tenth.
    gc.set_threshold(20_000, 20, 20)
    atexit.register(gc.freeze)

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from scratchnet import config
from scratchnet.cli import (
    arguments,
    completion,
    composition,
    errors,
    experiment_sweep,
    help_text,
)
from scratchnet.errors import RunError, UserError
from scratchnet.experiment import resume, train
from scratchnet.sweeps import fork_server, process
from scratchnet.sweeps.output_folder import output_folder
from scratchnet.system import files, streams

CONF = Path(__file__).resolve().parent / "conf"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")  # as in hydra.run.dir of conf/config.yaml


def main(typed: list[str]) -> int:
    """Check what was typed, then do it; returns the exit code. Raises UserError."""
    process.end_with_parent()
    parsed = arguments.parse(typed)
    config.register()
    if not parsed.only_prints:
        streams.outlive_reader()
    if parsed.completes:
        completion.run(parsed.overrides, CONF)
        return 0
    if parsed.resume is not None:
        resume.run(parsed.resume, parsed.overrides)
        return 0
    experiment = experiment_sweep.find(parsed.overrides, CONF)
    shows_config = parsed.help or parsed.show is not None
    is_sweep = parsed.multirun or (experiment.is_multirun and not shows_config)
    if parsed.dry_run and not is_sweep:
        raise UserError("--dry-run lists the jobs of a sweep; add -m")
    if is_sweep or experiment.plugins:
        from scratchnet.cli import multirun  # here, as a single run starts faster without it

        if is_sweep:
            return multirun.run(parsed, CONF)
        multirun.load_plugins(experiment.plugins)
    checked = composition.check(parsed.overrides, CONF)
    if parsed.help:
        print(help_text.text(composition.options(CONF), checked))
        return 0
    train.require(checked)
    with initialize_config_dir(str(CONF), version_base="1.3"):  # hydra.main composes once more
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        if parsed.show:
            hydra.show_cfg("config", parsed.overrides, parsed.show, package=None)
        else:
            try:
                single = [*parsed.overrides, "hydra.mode=RUN"]  # whatever the experiment says
                hydra.run("config", run_experiment, single)
            except (FileExistsError, NotADirectoryError) as error:
                raise files.in_the_way(Path(error.filename)) from error
            except OSError as error:
                raise RunError(f"{error.filename}: cannot be created: {error.strerror}") from error
    return 0


def run_experiment(composed: DictConfig) -> None:
    """One run: Hydra has composed its config and made its folder."""
    folder = output_folder()
    try:
        train.run(composed, folder, list(HydraConfig.get().overrides.task))
    except (UserError, OSError, MemoryError) as error:
        sys.exit(errors.report(error))  # here, as Hydra would add a line of its own
    finally:
        remove_if_empty(folder)  # then the run never began


def remove_if_empty(folder: Path) -> None:
    """Remove a run folder with nothing in it, and the folder of its date if it was the first."""
    with contextlib.suppress(OSError):  # raised if there is something in it
        folder.rmdir()
        if DATE.fullmatch(folder.parent.name):
            folder.parent.rmdir()


if __name__ == "__main__":
    streams.prepare()
    if fork_server.is_asked():
        config.register()
        composition.check([], CONF)  # jobs start with what it has loaded and cached
        fork_server.serve()  # returns in each job
    sys.exit(errors.exit_code(lambda: main(sys.argv[1:])))
