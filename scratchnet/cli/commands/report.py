"""Write RUN/report.html: what the run was, how it went, where its network errs.

A run writes its report when it has completed. This writes it again, or for a run that is still at
work or was stopped; where its data are missing, without images.
"""

import argparse

from scratchnet.config import Config
from scratchnet.data.images import Splits
from scratchnet.errors import UserError
from scratchnet.experiment.restore import build_network, has_data_of, read_config, restore
from scratchnet.insight import report
from scratchnet.insight.payload import Subject
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.inputs import Inputs
from scratchnet.system.text import printable

HELP = "write a page about a run: curves, mistakes, calibration, filters"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The argument of `report`."""
    parser.add_argument("run", metavar="RUN", help="folder of the run")


def run(arguments: argparse.Namespace) -> None:
    """Write the report and print where it is. Raises UserError."""
    folder = RunFolder.open(arguments.run)
    print(printable(str(report.write(folder, subject_of(folder)))))


def subject_of(folder: RunFolder) -> Subject:
    """What there is of a run: its network, trained if an epoch was saved, and its data."""
    config = read_config(folder)
    inputs = Inputs.from_plain(folder.info.get("inputs"))
    height, width, channels = inputs.shape
    network = build_network(folder, config, (height, width, channels), len(inputs.classes))
    trained = folder.best_checkpoint.exists()
    if trained:
        restore(folder, network)
    splits, missing = _data(folder, config)
    return Subject(config, network, trained, splits, missing)


def _data(folder: RunFolder, config: Config) -> tuple[Splits | None, str]:
    """The data that the run was trained on; or None, and why they are not to be had."""
    try:
        splits = config.dataset.of_a_run().load(config.seed)
    except UserError as error:
        return None, str(error)
    if not has_data_of(folder, splits):
        return None, "they are not what the run was trained on"
    return splits, ""
