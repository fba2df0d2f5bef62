"""Write a BERT encoder as an ONNX graph, without torch; four-bit matrices stay in four bits.

The graph takes word vectors, not word ids: the table of word vectors is most of a multilingual model, and a query needs
a dozen rows of it (`rows`). Operators that ONNX Runtime would fuse are written fused, so that a session opens quickly.

Numbers: four bits hold one weight: sixteen levels, two in a byte.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.files import replacing
from kb.index.weights.bert import BLOCK_SIZE, Bert

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

OPSET, FUSED = 17, "com.microsoft"
"""The version of ONNX's operators, and the domain of ONNX Runtime's own operators, available on every processor."""
BY_BYTES = 4
"""`accuracy_level` of MatMulNBits: 4 multiplies in int8, as the C source of the packed weights does. A query then takes
a half to a third of the time that it takes in float32 (benchmarks/encoders.py)."""
IR = 8
"""Version of the file format for opset 17."""


def write(bert: Bert, path: Path) -> None:
    """Write the graph of `bert` to a file, atomically.

    Inputs: word_vectors float32 [n, length, hidden] and attention_mask int32 [n, length], 0 for padding. Output: states
    float32 [n, length, hidden].
    """
    import onnx

    with replacing(path) as half:
        onnx.save(_Writer(bert).model(), str(half))


class _Writer:
    """Collects the nodes and constants of the graph. Its methods that add nodes return the name of the last node's
    output."""

    def __init__(self, bert: Bert) -> None:
        from onnx import TensorProto, helper, numpy_helper

        self.bert, self.helper, self.kinds = bert, helper, TensorProto
        self._constant = numpy_helper.from_array
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def model(self) -> ModelProto:
        """Build the whole graph as an ONNX model."""
        shape, make = self.bert.shape, self.helper
        states = self._embeddings()
        for layer in range(shape.layers):
            states = self._layer(f"encoder.layer.{layer}", states)
        self.nodes[-1].output[0] = "states"
        graph = make.make_graph(
            self.nodes,
            "bert",
            [
                make.make_tensor_value_info("word_vectors", self.kinds.FLOAT, ["n", "length", shape.hidden]),
                make.make_tensor_value_info("attention_mask", self.kinds.INT32, ["n", "length"]),
            ],
            [make.make_tensor_value_info("states", self.kinds.FLOAT, ["n", "length", shape.hidden])],
            self.constants,
        )
        opsets = [make.make_opsetid("", OPSET), make.make_opsetid(FUSED, 1)]
        return make.make_model(graph, opset_imports=opsets, ir_version=IR)

    def _embeddings(self) -> str:
        """Add the nodes that sum and normalise the word, position and type embeddings; return the name of the
        output."""
        places = self.bert.dense("embeddings.position_embeddings.weight")
        kind = self.bert.dense("embeddings.token_type_embeddings.weight")[0]
        self._keep("places", places + kind)  # every text is of the first type
        for name, number in (("zero", [0]), ("one", [1]), ("two", [2])):
            self._keep(name, np.array(number, np.int64))
        size = self._node("Shape", ["word_vectors"], "size")
        length = self._node("Slice", [size, "one", "two"], "length")
        here = self._node("Slice", ["places", "zero", length, "zero"], "here")
        embedded = self._node("Add", ["word_vectors", here], "placed")
        name = "embeddings.LayerNorm"
        gain, shift = self._plain(f"{name}.weight"), self._plain(f"{name}.bias")
        return self._node(
            "LayerNormalization", [embedded, gain, shift], "embedded", axis=-1, epsilon=self.bert.shape.epsilon
        )

    def _layer(self, name: str, states: str) -> str:
        own = f"{name}.attention.self"
        query, key, value = (self._product(f"{own}.{part}", states) for part in ("query", "key", "value"))
        seen = self._node(
            "MultiHeadAttention",
            [query, key, value, "", "attention_mask"],
            f"{own}.seen",
            FUSED,
            num_heads=self.bert.shape.heads,
        )
        attended = self._product(f"{name}.attention.output.dense", seen)
        states = self._added(f"{name}.attention.output.LayerNorm", attended, states)
        inner = self._node("Gelu", [self._product(f"{name}.intermediate.dense", states)], f"{name}.inner", FUSED)
        return self._added(f"{name}.output.LayerNorm", self._product(f"{name}.output.dense", inner), states)

    def _product(self, name: str, states: str) -> str:
        """Add the nodes that multiply `states` by the matrix `name` and add its bias; return the name of the output."""
        matrix, bias = f"{name}.weight", self._plain(f"{name}.bias")
        if matrix in self.bert.packed:
            return self._packed_product(name, states, bias)
        self._keep(matrix, np.ascontiguousarray(self.bert.dense(matrix).T))
        product = self._node("MatMul", [states, matrix], f"{name}.product")
        return self._node("Add", [product, bias], f"{name}.sum")

    def _packed_product(self, name: str, states: str, bias: str) -> str:
        blocks = self.bert.packed[f"{name}.weight"]
        rows, across = blocks.shape
        nibbles = blocks["nibbles"]
        levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1)
        pairs = levels[..., 0::2] | (levels[..., 1::2] << 4)  # MatMulNBits puts neighbours into a byte
        self._keep(f"{name}.levels", pairs)
        self._keep(f"{name}.scales", blocks["scale"].astype(np.float32).reshape(-1))
        inputs = [states, f"{name}.levels", f"{name}.scales", "", "", bias]
        return self._node(
            "MatMulNBits",
            inputs,
            f"{name}.sum",
            FUSED,
            K=across * BLOCK_SIZE,
            N=rows,
            bits=4,
            block_size=BLOCK_SIZE,
            accuracy_level=BY_BYTES,
        )

    def _added(self, name: str, states: str, before: str) -> str:
        """Add the node that adds `before` (residual connection) to `states` and normalises the sum; return the name of
        the output."""
        inputs = [states, before, self._plain(f"{name}.weight"), self._plain(f"{name}.bias")]
        return self._node("SkipLayerNormalization", inputs, f"{name}.normed", FUSED, epsilon=self.bert.shape.epsilon)

    def _node(self, kind: str, inputs: list[str], output: str, domain: str = "", **how: float) -> str:
        made = self.helper.make_node(kind, inputs, [output], name=output, domain=domain)
        made.attribute.extend(self.helper.make_attribute(name, value) for name, value in sorted(how.items()))
        self.nodes.append(made)
        return output

    def _plain(self, name: str) -> str:
        self._keep(name, self.bert.dense(name))
        return name

    def _keep(self, name: str, numbers: np.ndarray) -> None:
        self.constants.append(self._constant(np.ascontiguousarray(numbers), name))
