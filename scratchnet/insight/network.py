"""The layers of a network and what each costs, as rows of a table."""

import math
from typing import Any

from scratchnet.nn.network import Network
from scratchnet.nn.summary import Summary


def network_table(network: Network) -> dict[str, Any]:
    """Plain values: a row for each layer, and the totals (see nn.summary)."""
    layers = Summary(network)
    size = network.dtype.itemsize
    following = [row.depth for row in layers.rows[1:]] + [0]
    return {
        "input": list(layers.input_shape),
        "rows": [
            {
                "name": row.name,
                "depth": row.depth,
                "shape": list(row.out_shape),
                "parameters": row.parameters,
                "flops": row.flops,
                "memory": 0 if is_outer else size * math.prod(row.out_shape),
            }
            for row, deeper in zip(layers.rows, following, strict=True)
            for is_outer in [deeper > row.depth or row.name.endswith(".Flatten")]
        ],
        "parameters": layers.parameters,
        "flops": layers.flops,
        "memory": size * layers.activations,
    }
