"""From values to trees: what has an identity is shared on the way."""

import collections

import numpy as np
import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.table import MODULE_PARTS, Table, simple_attributes


class Packing(Table):
    """`pack`, and a method for each kind of value that it meets."""

    def pack(self, value, depth: int = 0):
        """The tree of a value.

        Raises:
            TooDeep: it is nested too deep.
        """
        if depth > plain.MAX_DEPTH:
            raise plain.TooDeep
        number = self.numbers.get(id(value))
        if number is not None:
            return ["same", number]
        tree = plain.pack_scalar(value)
        if tree is not NotImplemented:
            return tree
        if issubclass(type(value), torch.Tensor):
            return self.pack_tensor(value, depth)
        for kinds, pack in self._packers():
            if issubclass(type(value), kinds):
                return pack(value, depth + 1)
        return self.pack_object(value, depth)

    def _packers(self) -> tuple:
        return (
            (tuple, self._pack_tuple),
            ((list, set, dict), self._pack_changeable),
            (np.ndarray, self._pack_array),
            (np.generic, self._pack_number),
            ((frozenset, slice, range, bytes, bytearray), self._pack_constant),
        )

    def pack_all(self, values, depth: int) -> list:
        """The trees of several values."""
        return [self.pack(value, depth) for value in values]

    def pack_pairs(self, value: dict, depth: int) -> list:
        """The trees of a dict's keys and values, pair by pair."""
        return [self.pack_all(pair, depth) for pair in dict.items(value)]

    def _pack_tuple(self, value: tuple, depth: int):
        if type(value) is torch.Size:
            return ["size", list(value)]
        items = self.pack_all(tuple.__iter__(value), depth)
        if type(value) is not tuple and (named := plain.named_tuple(value)):
            return ["named", *named, items]
        return ["tuple", items]

    def _pack_changeable(self, value, depth: int):
        number = self.share(value)
        if issubclass(type(value), dict):
            tree = ["dict", number, *_kind_of_dict(value)]
            tree.append(self.pack_pairs(value, depth))
        else:
            kind = list if issubclass(type(value), list) else set
            items = self.pack_all(kind.__iter__(value), depth)
            tree = [kind.__name__, number, items]
        self.in_step(number)
        return tree

    def _pack_constant(self, value, depth: int):
        if isinstance(value, frozenset):
            return ["frozenset", self.pack_all(value, depth)]
        if isinstance(value, (bytes, bytearray)):
            self.blobs.append(bytes(value))
            return ["bytes", len(self.blobs) - 1]
        parts = (value.start, value.stop, value.step)
        return [type(value).__name__, self.pack_all(parts, depth)]

    def _pack_array(self, value: np.ndarray, depth: int):
        if not plain.is_plain_array(value):
            return self.pack_object(value, depth)
        number = self.share(value)
        self.in_step(number)
        return ["array", number, *plain.pack_array(value, self.blobs)]

    def _pack_number(self, value: np.generic, depth: int):
        if value.dtype.kind not in "biufc":
            return self.pack_object(value, depth)
        return ["number", *plain.pack_array(np.asarray(value), self.blobs)]

    def pack_tensor(self, value: torch.Tensor, depth: int):
        """A tensor without history: its numbers, flags and gradient."""
        if isinstance(value, nn.parameter.UninitializedTensorMixin):
            return ["lazy", isinstance(value, nn.Parameter)]
        if not plain.is_plain_tensor(value):
            return self.pack_object(value, depth)
        if value.requires_grad and not value.is_leaf:
            return self.pack_graph(value, depth)
        number = self.share(value)
        self.in_step(number)
        numbers = plain.pack_numbers(value, self.blobs)
        flags = [value.requires_grad, isinstance(value, nn.Parameter)]
        return ["tensor", number, numbers, *flags, self.pack_grad(value)]

    def pack_grad(self, value: torch.Tensor):
        """The numbers of a leaf's gradient; None without one."""
        grad = value.grad if value.is_leaf else None
        if grad is None or not plain.is_plain_tensor(grad):
            return None
        return plain.pack_numbers(grad, self.blobs)

    def pack_module_state(self, net: nn.Module) -> list:
        """[training, parameters, buffers, submodules, plain attributes, class]."""
        # TorchScript's modules hold what isn't quite a dict.
        parts = [
            self.pack_pairs(dict(getattr(net, key).items()), 1) for key in MODULE_PARTS
        ]
        attributes = self.pack_pairs(simple_attributes(net), 1)
        return [net.training, *parts, attributes, self.pack_class(type(net))]

    def pack_graph(self, value: torch.Tensor, depth: int):
        """A tensor that was computed from others and knows how."""
        raise NotImplementedError

    def pack_class(self, cls: type):
        """A class, by the name of its library or by number."""
        raise NotImplementedError

    def pack_object(self, value, depth: int):
        """Anything else."""
        raise NotImplementedError


def _kind_of_dict(value: dict) -> tuple[str, str]:
    """Its class and, if it makes missing values, the name of what makes them."""
    if issubclass(type(value), collections.defaultdict):
        factory = value.default_factory
        return "defaultdict", getattr(factory, "__name__", "")
    is_ordered = issubclass(type(value), collections.OrderedDict)
    return "OrderedDict" if is_ordered else "dict", ""
