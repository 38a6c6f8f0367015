"""What a test gets to see of things in the student's process.

A student's function is a function here, a net is an `nn.Module` with mirrored
parameters, anything else a `Remote`. What a test does to them is asked of the student's
process by `operate` and `ask`, which the `Judge` has.
"""

import builtins
import sys
from typing import Any

import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.parcels import Parcels
from course.grade.bridge.plain import Malformed
from course.grade.bridge.stand_ins import (
    StandInClass,
    forward_to,
    generator_class,
    stand_in_class,
)
from utils.check.verdict import in_words


class Mirrors(Parcels):
    """Makes stand-ins of what the student's process tells."""

    def __init__(self):
        self.generators = generator_class(self)
        super().__init__()

    def ask(self, operation: str, *parts: Any, pack: tuple = ()) -> Any:
        """Ask the student's process something; its answer is the value."""
        raise NotImplementedError

    def operate(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """One operation on a student's object."""
        raise NotImplementedError

    def unpack_function(self, rest, depth):
        number, name = rest

        def stand_in(*args, **kwargs):
            return self.operate("call", stand_in, *args, **kwargs)

        stand_in.__name__ = stand_in.__qualname__ = plain.name(name)
        self.share(stand_in, number)
        return stand_in

    def unpack_class(self, rest, depth):
        module, name = rest
        if module.partition(".")[0] not in (*plain.LIBRARIES, "builtins"):
            raise Malformed("a class of no library")
        found = sys.modules[module]
        for part in name.split("."):
            found = vars(found)[part]
        if not isinstance(found, type):
            raise Malformed("no class")
        return found

    def unpack_own_class(self, rest, depth):
        number, name, base, methods = rest
        base = self.unpack(base, depth) if base is not None else object
        made = stand_in_class(self, plain.name(name), base, methods)
        self.share(made, number)
        return made

    def unpack_object(self, rest, depth):
        number, cls, specials = rest
        cls = self.unpack(cls, depth)
        if not isinstance(cls, StandInClass):
            cls = stand_in_class(self, cls.__name__, cls, specials)
        made = object.__new__(cls)
        self.share(made, number)
        return made

    def unpack_iterator(self, rest, depth):
        made = object.__new__(self.generators)
        self.share(made, rest[0])
        return made

    def unpack_module(self, rest, depth):
        number, cls, state = rest
        cls = self.unpack(cls, depth)
        if not issubclass(cls, nn.Module):
            raise Malformed("no module")
        made = object.__new__(cls)
        nn.Module.__init__(made)
        if not isinstance(cls, StandInClass):
            made.__dict__["forward"] = forward_to(self, "forward", made)
            made.__dict__["__deepcopy__"] = lambda memo: self.operate("deepcopy", made)
        self.share(made, number)
        self.apply_module_state(made, state)
        self.in_step(number)
        return made

    def may_become(self, cls: type) -> bool:
        return super().may_become(cls) and not isinstance(cls, StandInClass)

    def unpack_graph(self, rest, depth):
        number, numbers, leaves = rest
        leaves = self.unpack_all(leaves, depth)
        if not all(isinstance(leaf, torch.Tensor) for leaf in leaves):
            raise Malformed("no leaves")
        value = plain.unpack_numbers(numbers, self.blobs)
        with torch.enable_grad():
            result = _FromStudent.apply(self, number, value, *leaves)
        return self.enter(result, number)

    def unpack_exception(self, rest, depth):
        base, name, args, text, about, line = rest
        cls = vars(builtins)[base]
        if not issubclass(cls, BaseException) or issubclass(cls, BaseExceptionGroup):
            raise Malformed("no exception")
        if type(text) is not str or not all(map(plain.is_simple, args)):
            raise Malformed("no exception")
        error = cls.__new__(cls, *args)
        error.args = tuple(args)
        if name != base or str(error) != text:
            cls = type(plain.name(name), (cls,), {"__str__": lambda self: text})
            error = cls.__new__(cls, *args)
            error.args = tuple(args)
        if base == "NameError" and type(about) is str:
            error.name = about
        if line is not None:
            error.told_where = in_words(int(line[0]), str(line[1])[:200])
        return error

    def pack_graph(self, value: torch.Tensor, depth: int):
        number = self.share(value)
        tree = ["graph", number, plain.pack_numbers(value, self.blobs)]
        self.in_step(number)
        return tree


class _FromStudent(torch.autograd.Function):
    """A result of the student's process; its gradient is asked for there."""

    @staticmethod
    def forward(ctx, judge, number, value, *leaves):
        ctx.judge, ctx.number = judge, number
        ctx.sizes = [(leaf.shape, leaf.dtype) for leaf in leaves]
        return value

    @staticmethod
    def backward(ctx, gradient):
        grads = ctx.judge.ask("backward", ctx.number, pack=(gradient,))
        if type(grads) is not tuple or len(grads) != len(ctx.sizes):
            raise RuntimeError("no gradients came back")
        return None, None, None, *grads
