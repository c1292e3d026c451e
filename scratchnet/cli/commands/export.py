"""Write a run's network for other programs.

ONNX is for runtimes and viewers; the network takes pixels as they are in an image file and also
returns probabilities. safetensors and npz hold its arrays; for npz, a NumPy program that runs the
network is printed. Batch normalisation is written as a factor and an offset.
"""

import argparse
from pathlib import Path

from scratchnet.cli.run_paths import add_run
from scratchnet.errors import UserError
from scratchnet.experiment.trained import Trained
from scratchnet.export import arrays, onnx
from scratchnet.export.operations import operations
from scratchnet.export.program import program
from scratchnet.runs.folder import RunFolder
from scratchnet.system import files, output
from scratchnet.system.text import printable

HELP = "write a run's network as ONNX, safetensors or npz"
FORMATS = {
    "onnx": "an ONNX model; needs the extra `onnx`",
    "safetensors": "its arrays; needs the extra `onnx`",
    "npz": "its arrays, and print a NumPy program that runs the network",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    add_run(parser)
    for name, text in FORMATS.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write {text}")


def run(arguments: argparse.Namespace) -> None:
    """Write each format that is asked for."""
    paths: dict[str, Path | None] = {name: getattr(arguments, name) for name in FORMATS}
    if not any(paths.values()):
        raise UserError(f"say what to write: {', '.join(f'--{name} FILE' for name in FORMATS)}")
    output.check_differ({f"--{name}": path for name, path in paths.items()})
    for path in paths.values():
        if path:
            output.check(path)
    if paths["onnx"]:
        onnx.require()
    if paths["safetensors"]:
        arrays.require()
    trained = Trained.of(RunFolder.open(arguments.run), arguments.checkpoint)
    inputs, steps = trained.inputs, operations(trained.network)
    about = {"run": str(trained.folder.path), "epoch": str(trained.epoch)}
    about |= {"dataset": trained.config.dataset.name, "model": trained.config.model.name}
    if path := paths["onnx"]:
        _write(path, onnx.to_onnx(trained.network, inputs, about))
    if path := paths["safetensors"]:
        _write(path, arrays.to_safetensors(steps, inputs, about))
    if path := paths["npz"]:
        _write(path, arrays.to_npz(steps, inputs))
        print(f"\n{program(steps, inputs, path)}")


def _write(path: Path, content: bytes) -> None:
    files.write_atomic(path, content)
    print(printable(f"{path}: {len(content):,} bytes"))
