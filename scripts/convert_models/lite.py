"""Reads networks in TensorFlow Lite's form: the operators, their options and their constants."""

from dataclasses import dataclass

import numpy as np
import tflite

from packages import Arrays

KINDS = {number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)}
TYPES = {
    tflite.TensorType.FLOAT32: "<f4",
    tflite.TensorType.FLOAT16: "<f2",
    tflite.TensorType.INT32: "<i4",
}
OPTIONS = {
    "ADD": tflite.AddOptions,
    "CONCATENATION": tflite.ConcatenationOptions,
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "DIV": tflite.DivOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
    "MEAN": tflite.ReducerOptions,
    "MUL": tflite.MulOptions,
    "STRIDED_SLICE": tflite.StridedSliceOptions,
    "SUB": tflite.SubOptions,
    "SUM": tflite.ReducerOptions,
}


@dataclass(frozen=True)
class Operator:
    """An operator: its kind, its options, and the numbers of the tensors it reads and writes."""

    kind: str
    options: object
    inputs: list[int]
    outputs: list[int]

    def activation(self) -> int:
        """Returns the activation that is part of the operator; 0 is none."""
        options = self.options
        return options.FusedActivationFunction() if hasattr(options, "FusedActivationFunction") else 0


class LiteModel:
    """A network with one graph."""

    def __init__(self, data: bytes) -> None:
        self.source = tflite.Model.GetRootAs(data, 0)
        if self.source.SubgraphsLength() != 1:
            raise SystemExit("the network has more than one graph")
        self.graph = self.source.Subgraphs(0)
        self.inputs = self.graph.InputsAsNumpy().tolist()
        self.outputs = self.graph.OutputsAsNumpy().tolist()
        self.constants = {
            at: array for at in range(self.graph.TensorsLength()) if (array := self.constant(at)) is not None
        }
        self.operators = [self.operator(at) for at in range(self.graph.OperatorsLength())]

    def shape(self, at: int) -> list[int]:
        """Returns the dimensions of a tensor."""
        tensor = self.graph.Tensors(at)
        return tensor.ShapeAsNumpy().tolist() if tensor.ShapeLength() else []

    def constant(self, at: int) -> np.ndarray | None:
        """Returns the numbers of a constant tensor, `None` for one that is computed."""
        tensor = self.graph.Tensors(at)
        buffer = self.source.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            return None
        kind = TYPES[tensor.Type()]
        return np.frombuffer(buffer.DataAsNumpy().tobytes(), kind).reshape(self.shape(at))

    def operator(self, at: int) -> Operator:
        """Returns an operator with its options."""
        source = self.graph.Operators(at)
        code = self.source.OperatorCodes(source.OpcodeIndex())
        kind = KINDS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        options = None
        if kind in OPTIONS:
            table = source.BuiltinOptions()
            options = OPTIONS[kind]()
            options.Init(table.Bytes, table.Pos)
        return Operator(kind, options, source.InputsAsNumpy().tolist(), source.OutputsAsNumpy().tolist())

    def widened(self) -> tuple[Arrays, list[Operator]]:
        """Returns the constants, and the operators without those that only widen a constant to 32 bits."""
        constants, operators = dict(self.constants), []
        for operator in self.operators:
            if operator.kind == "DEQUANTIZE":
                constants[operator.outputs[0]] = constants[operator.inputs[0]].astype(np.float32)
            else:
                operators.append(operator)
        return constants, operators
