"""Weights in few bytes, as text for a page: float16, or 8 bits with a step for each output."""

import base64
from contextlib import AbstractContextManager
from enum import Enum

import numpy as np

from scratchnet.nn.network import Network

LARGEST = 127  # magnitude of an integer of 8 bits


class WeightType(Enum):
    """How weights are written; anything else (biases, normalisations) stays float32."""

    float16 = "float16"
    int8 = "int8"

    @property
    def size(self) -> int:
        """Bytes of a weight."""
        return np.dtype(self.value).itemsize


def encoded(array: np.ndarray, kind: WeightType) -> dict[str, str]:
    """An array as texts: vectors as float32, anything larger in `kind`."""
    if array.ndim < 2:
        return {"type": "float32", "bytes": text_of(array.astype("<f4"))}
    if kind is WeightType.float16:
        return {"type": "float16", "bytes": text_of(array.astype("<f2"))}
    integers, steps = _in_steps(array)
    return {"type": "int8", "bytes": text_of(integers), "steps": text_of(steps.astype("<f4"))}


def rounded(array: np.ndarray, kind: WeightType) -> np.ndarray:
    """What a page makes of an encoded array, float32."""
    if kind is WeightType.float16:
        return array.astype(np.float16).astype(np.float32)
    integers, steps = _in_steps(array)
    return integers * steps


def rounded_weights(network: Network, kind: WeightType) -> AbstractContextManager[None]:
    """Within this context, the network has the weights that a page has."""
    return network.with_weights(lambda weight: rounded(weight.astype(np.float32), kind))


def text_of(array: np.ndarray) -> str:
    """The bytes of an array in base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _in_steps(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Integers, int8, and the step of each output (the last axis), float32: integer x step."""
    largest = np.abs(array).reshape(-1, array.shape[-1]).max(axis=0)
    steps = (np.where(largest > 0, largest, 1) / LARGEST).astype(np.float32)
    return np.round(array / steps).astype(np.int8), steps
