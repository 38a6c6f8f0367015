"""From trees to values; whatever the other side sent, nothing else is made of it."""

import collections

import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.plain import Malformed
from course.grade.bridge.table import MODULE_PARTS, Table


class Unpacking(Table):
    """`unpack`, and a method `unpack_KIND` for each kind of tree."""

    def unpack(self, tree, depth: int = 0):
        """The value of a tree that the other side packed.

        Raises:
            Malformed: it is none.
        """
        if tree is None or type(tree) in (bool, int, float, str):
            return tree
        if type(tree) is not list or not tree or depth > plain.MAX_DEPTH:
            raise Malformed("no value")
        kind, rest = tree[0], tree[1:]
        if kind == "same":
            return self.look_up(rest[0])
        if type(kind) is not str:
            raise Malformed("no kind of value")
        value = plain.unpack_scalar(kind, rest)
        if value is not plain.UNKNOWN:
            return value
        make = getattr(self, f"unpack_{kind}", None)
        if make is None:
            raise Malformed(f"no kind of value: {kind[:40]}")
        return make(rest, depth + 1)

    def unpack_all(self, trees, depth: int) -> list:
        """The values of several trees."""
        if type(trees) is not list:
            raise Malformed("no list")
        return [self.unpack(tree, depth) for tree in trees]

    def unpack_pairs(self, pairs, depth: int) -> list[tuple]:
        """Keys and values, pair by pair."""
        return [(self.unpack(k, depth), self.unpack(v, depth)) for k, v in pairs]

    def unpack_size(self, rest, depth):
        plain.check_sizes(rest[0])
        return torch.Size(rest[0])

    def unpack_tuple(self, rest, depth):
        return tuple(self.unpack_all(rest[0], depth))

    def unpack_named(self, rest, depth):
        name, fields, items = rest
        return plain.make_named_tuple(name, fields, self.unpack_all(items, depth))

    def unpack_frozenset(self, rest, depth):
        return frozenset(self.unpack_all(rest[0], depth))

    def unpack_slice(self, rest, depth):
        return slice(*self.unpack_all(rest[0], depth))

    def unpack_range(self, rest, depth):
        return range(*self.unpack_all(rest[0], depth))

    def unpack_bytes(self, rest, depth):
        return bytes(self.blobs[rest[0]])

    def unpack_number(self, rest, depth):
        return plain.unpack_array(rest, self.blobs)[()]

    def unpack_array(self, rest, depth):
        value = plain.unpack_array(rest[1:], self.blobs).copy()
        return self.enter(value, rest[0])

    def unpack_list(self, rest, depth):
        value: list = []
        self.share(value, rest[0])
        value.extend(self.unpack_all(rest[1], depth))
        self.in_step(rest[0])
        return value

    def unpack_set(self, rest, depth):
        value: set = set()
        self.share(value, rest[0])
        value.update(self.unpack_all(rest[1], depth))
        self.in_step(rest[0])
        return value

    def unpack_dict(self, rest, depth):
        number, kind, factory, pairs = rest
        if kind == "defaultdict":
            value = collections.defaultdict(plain.FACTORIES.get(factory))
        else:
            value = collections.OrderedDict() if kind == "OrderedDict" else {}
        self.share(value, number)
        value.update(self.unpack_pairs(pairs, depth))
        self.in_step(number)
        return value

    def unpack_lazy(self, rest, depth):
        cls = nn.UninitializedParameter if rest[0] else nn.UninitializedBuffer
        return cls()

    def unpack_tensor(self, rest, depth):
        number, numbers, requires_grad, is_parameter, grad = rest
        with torch.no_grad():
            value = plain.unpack_numbers(numbers, self.blobs)
            if is_parameter is True:
                value = nn.Parameter(value, requires_grad=requires_grad is True)
            else:
                value.requires_grad_(requires_grad is True)
            if grad is not None:
                value.grad = plain.unpack_numbers(grad, self.blobs)
        return self.enter(value, number)

    def apply_module_state(self, net: nn.Module, state: list) -> None:
        """Give a module the parts and flags that it has on the other side."""
        training, *parts, attributes, cls = state
        net.__dict__["training"] = training is True
        for key, pairs in zip(MODULE_PARTS, parts, strict=True):
            fresh = dict(self.unpack_pairs(pairs, 1))
            kind = nn.Module if key == "_modules" else torch.Tensor
            if any(not isinstance(v, (kind, type(None))) for v in fresh.values()):
                raise Malformed("a part of a module that is none")
            net.__dict__[key].clear()
            net.__dict__[key].update(fresh)
        for name, value in self.unpack_pairs(attributes, 1):
            net.__dict__[plain.name(name)] = value
        wanted = self.unpack(cls)
        if type(net) is not wanted and self.may_become(wanted):
            net.__class__ = wanted  # a lazy layer, once it has its shapes

    def may_become(self, cls: type) -> bool:
        """Whether a module may turn into one of this class."""
        return issubclass(cls, nn.Module)
