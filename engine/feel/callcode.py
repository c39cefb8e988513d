"""Code for calls and for function definitions."""

from __future__ import annotations

from collections.abc import Sequence

from engine.feel import syntax
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import BuiltinInfo, Overload
from engine.feel.compiling import Code, Compiling, Slots
from engine.feel.frame import Frame
from engine.feel.inference import function_type
from engine.feel.signatures import UNKNOWN, Type, expand
from engine.feel.syntax import Node
from engine.feel.types import coerce, is_known
from engine.feel.values import FeelValue, Function


def call_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Call)
    if isinstance(node.callee, syntax.Name):
        name = node.callee.name
        bound = c.find(name).slot is not None or name in c.names
        if not bound and name in BUILTINS:
            return _builtin_call(c, node, BUILTINS[name])
        if not bound:
            c.problem(node.callee.at, "unknown-function", name)
    return _dynamic_call(c, node)


def _builtin_call(c: Compiling, node: syntax.Call, info: BuiltinInfo) -> Code:
    arguments = [c.code(argument) for argument in node.arguments]
    overload, order = _choose(node, info)
    if overload is None:
        c.problem(node.at, "arity" if node.names is None else "argument-names", info.signature)
        return _refused(info.name)
    if order is not None:
        arguments = [arguments[index] if index >= 0 else _null for index in order]
    call = overload.call

    def run(frame: Frame, values: Slots) -> FeelValue:
        return call(frame, [argument(frame, values) for argument in arguments])

    return run


def _null(_frame: Frame, _values: Slots) -> FeelValue:
    return None


def _refused(name: str) -> Code:
    def run(frame: Frame, _values: Slots) -> FeelValue:
        frame.warn("arguments", name)
        return None

    return run


def _choose(
    node: syntax.Call, info: BuiltinInfo
) -> tuple[Overload, list[int] | None] | tuple[None, None]:
    if node.names is None:
        overload = info.for_count(len(node.arguments))
        return (overload, None) if overload else (None, None)
    return info.for_names(node.names) or (None, None)


def _dynamic_call(c: Compiling, node: syntax.Call) -> Code:
    callee = c.code(node.callee)
    arguments = [c.code(argument) for argument in node.arguments]
    names = node.names

    def run(frame: Frame, values: Slots) -> FeelValue:
        function = callee(frame, values)
        if not isinstance(function, Function):
            frame.warn("not-a-function")
            return None
        given = [argument(frame, values) for argument in arguments]
        return call_function(frame, function, given, names)

    return run


def call_function(
    frame: Frame,
    function: Function,
    given: Sequence[FeelValue],
    names: Sequence[str] | None = None,
) -> FeelValue:
    """Call a function value; arguments that do not fit its parameters make it null."""
    if names is not None:
        if sorted(names) != sorted(function.parameters):
            frame.warn("arguments", function.name)
            return None
        given = [given[names.index(name)] for name in function.parameters]
    if len(given) != len(function.parameters) and not function.variadic:
        frame.warn("arguments", function.name)
        return None
    frame.enter()
    value = function.call(frame, given)
    frame.leave()
    return value


def builtin_value(info: BuiltinInfo) -> Function:
    """A built-in where a value is asked for, as in `sort(list, f)`."""

    def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
        assert isinstance(frame, Frame)
        overload = info.for_count(len(arguments))
        return overload.call(frame, arguments) if overload else None

    return Function(info.parameters, call, variadic=True, name=info.name)


def lambda_code(c: Compiling, node: Node) -> Code:
    assert isinstance(node, syntax.Lambda)
    slots = c.bind(*node.parameters)
    body, price = c.priced(node.body)
    c.release()
    types = tuple(None if wanted is None else expand(wanted, c.types) for wanted in node.types)
    for wanted in types:
        if wanted is not None and not is_known(wanted):
            c.problem(node.at, "unknown-type", wanted.name)
    signature = expand(function_type(node, {}), c.types)

    def define(defining: Frame, values: Slots) -> FeelValue:
        captured = values[:]
        variables = defining.variables

        def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
            assert isinstance(frame, Frame)
            frame.spend(price + len(captured))
            own = captured[:]
            for slot, argument in zip(slots, _typed(arguments, types), strict=True):
                own[slot] = argument
            # A function that a decision or a knowledge model handed out reads their names.
            with frame.seeing(variables):
                return body(frame, own)

        return Function(node.parameters, call, signature.parameters, signature.result or UNKNOWN)

    return define


def _typed(arguments: Sequence[FeelValue], types: Sequence[Type | None]) -> Sequence[FeelValue]:
    if not any(types):
        return arguments
    return [
        argument if wanted is None else coerce(argument, wanted)
        for argument, wanted in zip(arguments, types, strict=True)
    ]
