"""The NumPy program that loads exported arrays and runs the network: nothing else is needed."""

from pathlib import Path

from scratchnet.export.operations import Operation, walk
from scratchnet.runs.inputs import Inputs

WIDTH = 88  # characters of an expression, at most

FUNCTIONS = {  # by the kinds of operations, in the order in which they call each other
    "linear": """
def linear(x, name):
    return x @ w[name + ".weight"] + w.get(name + ".bias", 0)
""",
    "convolution": """
def convolution(x, name, stride, padding):
    weight = w[name + ".weight"]  # (k, k, in, out)
    x = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[:2], axis=(1, 2))
    y = np.einsum("nijcab,abcf->nijf", windows[:, ::stride, ::stride], weight, optimize=True)
    return y + w.get(name + ".bias", 0)
""",
    "affine": """
def affine(x, name):  # batch normalisation, after training
    return w[name + ".factor"] * x + w[name + ".offset"]
""",
    "layer_norm": """
def layer_norm(x, name, eps):
    x = x - x.mean(axis=-1, keepdims=True)
    x = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)
    return w[name + ".scale"] * x + w[name + ".shift"]
""",
    "max_pool": """
def max_pool(x, k):
    n, height, width, channels = x.shape
    x = x[:, : height // k * k, : width // k * k]
    return x.reshape(n, height // k, k, width // k, k, channels).max(axis=(2, 4))
""",
    "average_pool": """
def average_pool(x, k):
    n, height, width, channels = x.shape
    x = x[:, : height // k * k, : width // k * k]
    return x.reshape(n, height // k, k, width // k, k, channels).mean(axis=(2, 4))
""",
    "relu": """
def relu(x):
    return np.maximum(x, 0)
""",
    "leaky_relu": """
def leaky_relu(x):
    return np.where(x > 0, x, 0.01 * x)
""",
    "elu": """
def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
""",
    "tanh": """
def tanh(x):
    return np.tanh(x)
""",
    "sigmoid": """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "silu": """
def silu(x):
    return x / (1 + np.exp(-x))
""",
    "gelu": """
def gelu(x):
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2
""",
    "gelu_tanh": """
def gelu_tanh(x):
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
""",
}
METHODS = {  # of a variable
    "flatten": "{x}.reshape(len({x}), -1)",
    "global_average": "{x}.mean(axis=(1, 2))",
    "scale": "{factor} * {x}",
}


def program(steps: list[Operation], inputs: Inputs, arrays: Path) -> str:
    """A program that loads the arrays from that file and classifies images, in plain NumPy."""
    kinds = {step.kind for step in walk(steps)}
    functions = "".join(text for kind, text in FUNCTIONS.items() if kind in kinds)
    shape = ", ".join(map(str, inputs.shape))
    lines = ["import math"] if "math." in functions else []
    lines += ["import numpy as np", "", f"w = dict(np.load({str(arrays)!r}))"]
    lines += functions.rstrip().split("\n")
    if inputs.are_vectors:
        plural, what = "samples", "features, as in the training data"
    else:
        most = inputs.pixel_max if inputs.white == 255 else f"{inputs.white:.0f}"
        plural, what = "images", f"pixels from 0 to {most}"
    lines += ["", f"def logits(x):  # {what}, (batch, {shape})"]
    factor = "255" if inputs.white == 1 else f"255 / {inputs.white:.0f}"
    in_bytes = [f"x = np.rint({factor} * x)"] if inputs.white != 255 else []
    body = [*in_bytes, 'x = (x - w["mean"]) / w["std"]', *_assignments(steps, "x", "x"), "return x"]
    lines += [f"    {line}" for line in body]
    lines += ["", f"{plural} = np.zeros((1, {shape}))  # yours"]
    lines += [f'print(w["classes"][logits({plural}).argmax(axis=1)])', ""]
    return "\n".join(lines)


def _assignments(steps: list[Operation], source: str, target: str) -> list[str]:
    """Lines that apply the operations to the variable `source`, with the result in `target`.

    A line begins with a layer that has weights; what follows is nested while it fits.
    """
    lines: list[str] = []
    expression, before = source, ""
    for step in steps:
        begins = step.kind in ("linear", "convolution") and before not in METHODS
        begins = begins or step.kind in ("residual", *METHODS)
        is_long = len(_call(step, expression)) > WIDTH
        if (begins or is_long) and expression not in (source, target):
            lines.append(f"{target} = {expression}")
            expression = target
        before = step.kind
        if step.kind == "residual":
            inner, expression = _residual(step, target)
            lines += inner
        else:
            expression = _call(step, expression)
    return [*lines, f"{target} = {expression}"] if expression != target else lines


def _residual(step: Operation, x: str) -> tuple[list[str], str]:
    """Lines for the branch and the shortcut, and their sum."""
    y = chr(ord(x) + 1)  # inside of it, z
    branch, shortcut = _assignments(step.branch, x, y), _assignments(step.shortcut, x, x)
    return [*branch, *shortcut], f"{x} + {y}"


def _call(step: Operation, x: str) -> str:
    """One operation on an expression, as an expression."""
    if step.kind in METHODS:
        return METHODS[step.kind].format(x=x, **step.numbers)
    arguments = [x, *([f'"{step.name}"'] if step.arrays else []), *map(str, step.numbers.values())]
    return f"{step.kind}({', '.join(arguments)})"
