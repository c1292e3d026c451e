"""Demo pages of networks with random weights, and a browser to open them."""

import base64
import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
from export.exported import INPUTS, network_of, pixels_of
from PIL import Image

from scratchnet.data.framing import Framing
from scratchnet.data.images import Images
from scratchnet.demo.html import page
from scratchnet.demo.payload import payload
from scratchnet.demo.weights import WeightType
from scratchnet.nn.network import Network
from scratchnet.runs.inputs import Inputs

TEST = Images(pixels_of(30), np.arange(30) % 3)


def payload_of(
    network: Network,
    inputs: Inputs = INPUTS,
    *,
    test: Images = TEST,
    framing: Framing | None = None,
    kind: WeightType = WeightType.float16,
) -> dict[str, Any]:
    """What a page holds."""
    return payload(network, inputs, framing, test, "a test", kind)


def write_page(path: Path, network: Network, inputs: Inputs = INPUTS, **options: Any) -> Path:
    """A page, on the disk; the options are those of `payload_of`."""
    path.write_text(page(payload_of(network, inputs, **options)))
    return path


def page_that_prepares(
    path: Path, shape: tuple[int, int, int], framing: Framing | None, **changes: object
) -> tuple[Path, Inputs]:
    """A page for images of this shape, and what its network expects."""
    channels = shape[2]
    channelwise = {"mean": [100.0] * channels, "std": [50.0] * channels}
    inputs = dataclasses.replace(INPUTS, shape=list(shape), **channelwise, **changes)
    test = Images(np.zeros((3, *shape), np.uint8), np.arange(3))
    network = network_of("linear", shape)
    return write_page(path, network, inputs, test=test, framing=framing), inputs


def prepared_in(browser, image: Image.Image) -> np.ndarray:
    """What the page makes of an image: pixels (H, W, C)."""
    rgba = np.asarray(image.convert("RGBA"))
    text = base64.b64encode(rgba.tobytes()).decode()
    shape, values = browser.run(
        f"""[data.inputs.shape, Array.from(preparedImage(
            new Uint8ClampedArray(bytesOf("{text}")), {image.height}, {image.width}))]"""
    )
    return np.array(values).reshape(shape)


def png(image: Image.Image) -> bytes:
    """The image as a file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
