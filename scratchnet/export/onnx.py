"""A trained network as an ONNX model, which includes the normalisation of the pixels.

    pixels uint8 (batch, H, W, C)  ->  logits, probabilities: float32 (batch, classes)

The batch may have any size; vectors are float32 (batch, 1, 1, features). Inside, images are NCHW,
as ONNX wants them. The metadata holds the names of the classes and the range of the pixels.
https://onnx.ai/onnx/operators
"""

import json
import math
from typing import Any

import numpy as np

from scratchnet.export.operations import Operation, operations
from scratchnet.nn.network import Network
from scratchnet.runs.inputs import Inputs
from scratchnet.system import extras

OPSET, IR = 17, 8  # of 2022: the oldest with layer normalisation, for old runtimes


def require() -> None:
    """Raise UserError if the package `onnx` is not installed."""
    extras.require("--onnx", "onnx", "onnx")


def to_onnx(network: Network, inputs: Inputs, metadata: dict[str, str]) -> bytes:
    """The content of an .onnx file. `metadata` is added to what the model says of itself."""
    from onnx import TensorProto, checker, helper

    graph = _Graph()
    x = graph.normalised("pixels", inputs)
    logits = graph.in_a_row(operations(network), x)
    graph.add("Identity", [logits], output="logits")
    graph.add("Softmax", ["logits"], output="probabilities", axis=1)
    classes = len(inputs.classes)
    both = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", classes])
        for name in ("logits", "probabilities")
    ]
    numbers = TensorProto.FLOAT if inputs.are_vectors else TensorProto.UINT8
    pixels = helper.make_tensor_value_info("pixels", numbers, ["batch", *inputs.shape])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "scratchnet", [pixels], both, graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
        producer_name="scratchnet",
    )
    about = {"classes": json.dumps(inputs.classes), "pixel_max": str(inputs.pixel_max)}
    helper.set_model_props(model, about | metadata)
    checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString()
    return content


class _Graph:
    """Nodes and constants, as they are added one after the other."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, inputs: list[str], *, output: str = "", **attributes: Any) -> str:
        """Add a node; returns the name of its output."""
        from onnx import helper

        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, array: np.ndarray | float, name: str = "") -> str:
        """Add an array or a number; returns its name."""
        from onnx import numpy_helper

        name = name or f"constant_{len(self.constants)}"
        value = np.ascontiguousarray(array, np.float32) if np.ndim(array) else np.float32(array)
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def normalised(self, pixels: str, inputs: Inputs) -> str:
        """(pixels - mean) / std, NCHW."""
        from onnx import TensorProto

        x = self.add("Cast", [pixels], to=TensorProto.FLOAT)
        x = self.add("Sub", [x, self.constant(np.array(inputs.mean), "mean")])
        x = self.add("Mul", [x, self.constant(1 / np.array(inputs.std, np.float32), "1/std")])
        return self.add("Transpose", [x], perm=[0, 3, 1, 2])

    def in_a_row(self, steps: list[Operation], x: str) -> str:
        """Add operations, each on the output of the one before; returns the last output."""
        for step in steps:
            x = self._step(step, x)
        return x

    def _step(self, step: Operation, x: str) -> str:
        arrays = {
            name: self.constant(_as_onnx(step, name, array), f"{step.name}.{name}")
            for name, array in step.arrays.items()
        }
        numbers, window = step.numbers, [int(step.numbers.get("kernel", 0))] * 2
        match step.kind:
            case "flatten":
                x = self.add("Transpose", [x], perm=[0, 2, 3, 1])  # our order within a sample
                return self.add("Flatten", [x], axis=1)
            case "linear":
                return self.add("Gemm", [x, *arrays.values()])
            case "convolution":
                stride, padding = int(numbers["stride"]), int(numbers["padding"])
                return self.add(
                    "Conv", [x, *arrays.values()], strides=[stride] * 2, pads=[padding] * 4
                )
            case "affine":
                scaled = self.add("Mul", [x, arrays["factor"]])
                return self.add("Add", [scaled, arrays["offset"]])
            case "layer_norm":
                return self.add(
                    "LayerNormalization", [x, *arrays.values()], axis=-1, epsilon=numbers["eps"]
                )
            case "scale":
                return self.add("Mul", [x, self.constant(numbers["factor"])])
            case "max_pool":
                return self.add("MaxPool", [x], kernel_shape=window, strides=window)
            case "average_pool":
                return self.add("AveragePool", [x], kernel_shape=window, strides=window)
            case "global_average":
                return self.add("Flatten", [self.add("GlobalAveragePool", [x])], axis=1)
            case "residual":
                both = [self.in_a_row(path, x) for path in (step.branch, step.shortcut)]
                return self.add("Add", both)
        return self._activation(step.kind, x)

    def _activation(self, kind: str, x: str) -> str:
        plain = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "elu": "Elu"}
        if kind in plain:
            return self.add(plain[kind], [x])
        if kind == "leaky_relu":
            return self.add("LeakyRelu", [x], alpha=0.01)
        if kind == "silu":
            return self.add("Mul", [x, self.add("Sigmoid", [x])])
        inner = self._tanh_of_gelu(x) if kind == "gelu_tanh" else self._erf_of_gelu(x)
        half = self.add("Mul", [x, self.constant(0.5)])
        return self.add("Mul", [half, self.add("Add", [inner, self.constant(1.0)])])

    def _erf_of_gelu(self, x: str) -> str:
        return self.add("Erf", [self.add("Mul", [x, self.constant(math.sqrt(0.5))])])

    def _tanh_of_gelu(self, x: str) -> str:
        square = self.add("Mul", [x, x])
        inner = self.add("Mul", [square, self.constant(0.044715)])
        inner = self.add("Mul", [x, self.add("Add", [inner, self.constant(1.0)])])
        return self.add("Tanh", [self.add("Mul", [inner, self.constant(math.sqrt(2 / math.pi))])])


def _as_onnx(step: Operation, name: str, array: np.ndarray) -> np.ndarray:
    """An array in ONNX's layout: filters (F, C, k, k); channels of images before their places."""
    if step.kind == "convolution" and name == "weight":
        return array.transpose(3, 2, 0, 1)
    if step.kind == "affine" and len(step.shape) == 3:
        return array.reshape(-1, 1, 1)
    return array
