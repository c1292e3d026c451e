"""The arrays of a trained network by readable names, in formats that any language reads.

They are those of its operations (see `export.operations`), so batch normalisation is a factor and
an offset; with them come the mean and the std of the pixels.
"""

import io
import json
from typing import Any

import numpy as np

import scratchnet
from scratchnet.export.operations import Operation, arrays
from scratchnet.runs.inputs import Inputs
from scratchnet.system import extras, output


def require() -> None:
    """Raise UserError if the package `safetensors` is not installed."""
    extras.require("--safetensors", "safetensors", "onnx")


def to_safetensors(steps: list[Operation], inputs: Inputs, metadata: dict[str, str]) -> bytes:
    """The content of a .safetensors file; the names of the classes are in its metadata."""
    from safetensors.numpy import save

    about = {"classes": json.dumps(inputs.classes), "pixel_max": str(inputs.pixel_max)}
    content: bytes = save(_all(steps, inputs), about | metadata | output.SAFETENSORS)
    return content


def to_npz(steps: list[Operation], inputs: Inputs) -> bytes:
    """The content of an .npz file, with the names of the classes as one more array."""
    buffer = io.BytesIO()
    texts = {output.NPZ: np.array(scratchnet.__version__), "classes": np.array(inputs.classes)}
    named: dict[str, Any] = texts | _all(steps, inputs)
    np.savez(buffer, **named)
    return buffer.getvalue()


def _all(steps: list[Operation], inputs: Inputs) -> dict[str, np.ndarray]:
    """All arrays, float32 and contiguous, as safetensors needs them."""
    normalisation = {
        "mean": np.array(inputs.mean, np.float32),
        "std": np.array(inputs.std, np.float32),
    }
    return normalisation | arrays(steps)
