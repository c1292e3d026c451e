"""Train a network, or sweep over many: `python run.py --help` shows how."""

import atexit
import gc
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the imports: just end
    # Imports make many objects and hardly any garbage. Looking for it costs a short run a tenth of
    # its time; looking through all of them once more before the end, another tenth.
    gc.set_threshold(20_000, 20, 20)
    atexit.register(gc.freeze)

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from scratchnet import config
from scratchnet.cli import arguments, composition, errors, help_text
from scratchnet.errors import UserError
from scratchnet.experiment import resume, train
from scratchnet.sweeps import fork_server, process
from scratchnet.system import interrupts

CONF = Path(__file__).resolve().parent / "conf"


def main(typed: list[str]) -> int:
    """Check what was typed, then do it; returns the exit code. Raises UserError."""
    parsed = arguments.parse(typed)
    config.register()
    if parsed.resume is not None:
        resume.run(parsed.resume, parsed.overrides)
        return 0
    if parsed.multirun:
        from scratchnet.cli import multirun  # here, as a single run starts faster without it

        return multirun.run(parsed, CONF)
    checked = composition.check(parsed.overrides, CONF)
    if parsed.help:
        print(help_text.text(composition.options(CONF), checked))
        return 0
    train.require_extras(checked)
    with initialize_config_dir(str(CONF), version_base="1.3"):  # hydra.main composes once more
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        if parsed.show:
            hydra.show_cfg("config", parsed.overrides, parsed.show, package=None)
        else:
            hydra.run("config", run_experiment, parsed.overrides)
    return 0


def run_experiment(composed: DictConfig) -> None:
    """One run: Hydra has composed its config and made its folder."""
    folder = Path(HydraConfig.get().runtime.output_dir)
    try:
        train.run(composed, folder, list(HydraConfig.get().overrides.task))
    except UserError as error:  # reported here, as Hydra would add a line of its own
        if folder.is_dir() and not any(folder.iterdir()):  # the run never began
            folder.rmdir()
        sys.exit(errors.report(error))


if __name__ == "__main__":
    if fork_server.is_asked():
        config.register()
        composition.check([], CONF)  # jobs start with what it has loaded and cached
        fork_server.serve()  # returns in each job
    try:
        with interrupts.handled():
            process.end_with_parent()
            sys.exit(main(sys.argv[1:]))
    except (UserError, OSError) as error:  # OSError: the run folder could not be made or written
        sys.exit(errors.report(error))
    except interrupts.Interrupted as stop:
        print("interrupted", file=sys.stderr)
        sys.exit(stop.exit_code)
