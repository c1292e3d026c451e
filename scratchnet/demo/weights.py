"""Weights in few bytes, as text for a page: float16, or small integers with a step each output."""

import base64
import zlib
from contextlib import AbstractContextManager
from enum import Enum

import numpy as np

from scratchnet.nn.network import Network


class WeightType(Enum):
    """How weights are written; anything else (biases, normalisations) stays float32.

    Integers are multiples of a step, from -n to n: n = 127 of the largest weight of an output, or
    n = 3 of 3.5 standard deviations of its weights; larger ones are cut.
    """

    float16 = "float16"
    int8 = "int8"
    int3 = "int3"


def encoded(array: np.ndarray, kind: WeightType) -> dict[str, str]:
    """An array as compressed texts: vectors as float32, anything larger in `kind`."""
    if array.ndim < 2:
        return {"type": "float32", "bytes": _packed(array.astype("<f4"))}
    if kind is WeightType.float16:
        return {"type": "float16", "bytes": _packed(array.astype("<f2"))}
    integers, steps = _in_steps(array, kind)
    return {"type": "int8", "bytes": _packed(integers), "steps": _packed(steps.astype("<f4"))}


def rounded(array: np.ndarray, kind: WeightType) -> np.ndarray:
    """What a page makes of an encoded array, float32."""
    if kind is WeightType.float16:
        return array.astype(np.float16).astype(np.float32)
    integers, steps = _in_steps(array, kind)
    return integers * steps


def rounded_weights(network: Network, kind: WeightType) -> AbstractContextManager[None]:
    """Within this context, the network has the weights that a page has."""
    return network.with_weights(lambda weight: rounded(weight.astype(np.float32), kind))


def text_of(content: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(content).decode()


def _packed(array: np.ndarray) -> str:
    return text_of(zlib.compress(np.ascontiguousarray(array).tobytes(), 9))


def _in_steps(array: np.ndarray, kind: WeightType) -> tuple[np.ndarray, np.ndarray]:
    """Integers, int8, and the step of each output (the last axis), float32: integer x step."""
    weights = array.reshape(-1, array.shape[-1])
    if kind is WeightType.int8:
        most, reach = 127, np.abs(weights).max(axis=0)
    else:
        most, reach = 3, 3.5 * weights.std(axis=0)
    steps = (np.where(reach > 0, reach, 1) / most).astype(np.float32)
    return np.clip(np.round(array / steps), -most, most).astype(np.int8), steps
