"""What both sides do alike: number what is shared, and keep it in step.

Each side calls `pack` on what it sends and `unpack` on what it got. A tensor, a module,
a list or another object gets a number when it first crosses; from then on it is one
thing in two places. `changes` tells what this side altered since the last message, and
`apply` takes over what the other side did.
"""

import collections

import numpy as np
import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.plain import Malformed

MODULE_PARTS = ("_parameters", "_buffers", "_modules")
_SIMPLE = (bool, int, float, str, type(None))


class Peer:
    """One side's table of shared things; the two subclasses add what is theirs alone.

    Args:
        first: the first number this side gives: the student's are odd, the judge's even,
            so neither can take the other's.
    """

    first = 0

    def __init__(self):
        self.blobs: list = []
        self.reset()

    def reset(self) -> None:
        """Forget what is shared; both sides do so between two tests."""
        self.objects: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.seen: dict[int, object] = {}
        self.by_attributes: set[int] = set()  # ids of objects that are their __dict__
        self.next_number = self.first

    # ------------------------------------------------------------ sharing

    def share(self, value, number: int | None = None) -> int:
        """Enter a thing into the table, under a number of the other side's or ours."""
        if number is None:
            number, self.next_number = self.next_number, self.next_number + 2
        elif type(number) is not int or number in self.objects:
            raise Malformed("a number that is taken")
        elif number % 2 == self.first % 2:
            raise Malformed("a number that is not the other side's to give")
        self.objects[number] = value
        self.numbers[id(value)] = number
        return number

    def look_up(self, number):
        """What bears a number."""
        if type(number) is not int or number not in self.objects:
            raise Malformed("a number that nothing bears")
        return self.objects[number]

    def in_step(self, number: int) -> None:
        """Note the state of a thing: both sides have it so now."""
        value = self.objects[number]
        if isinstance(value, torch.Tensor):
            self.seen[number] = _tensor_state(value, copy=True)
        elif isinstance(value, nn.Module):
            self.seen[number] = module_state(value)
        elif type(value) is np.ndarray:
            self.seen[number] = value.copy()
        elif (content := self.content(value)) is not None:
            self.seen[number] = content

    def content(self, value):
        """What a shared container holds now; None for what has no content to track."""
        if type(value) in (list, set):
            return list(value)
        if issubclass(type(value), dict):
            return [list(dict.keys(value)), list(dict.values(value))]
        if id(value) in self.by_attributes:
            return [list(value.__dict__), list(value.__dict__.values())]
        if type(value) is torch.Generator:
            return [value.get_state().numpy().tobytes()]
        return None

    # ------------------------------------------------------------ packing

    def pack(self, value, depth: int = 0):
        """The tree of a value; what has an identity is shared on the way."""
        if depth > plain.MAX_DEPTH:
            raise ValueError("nested too deep")
        number = self.numbers.get(id(value))
        if number is not None:
            return ["same", number]
        tree = plain.pack_scalar(value)
        if tree is not NotImplemented:
            return tree
        if issubclass(type(value), torch.Tensor):
            return self.pack_tensor(value, depth)
        if plain.is_plain_array(value):
            tree = ["array", self.share(value), *plain.pack_array(value, self.blobs)]
            self.in_step(tree[1])
            return tree
        if issubclass(type(value), np.generic) and value.dtype.kind in "biufc":
            array = np.asarray(value)
            return ["number", *plain.pack_array(array, self.blobs)]
        if (tree := self.pack_container(value, depth + 1)) is not None:
            return tree
        return self.pack_object(value, depth)

    def pack_all(self, values, depth: int) -> list:
        """The trees of several values."""
        return [self.pack(value, depth) for value in values]

    def pack_container(self, value, depth: int):
        """The tree of a container; None for what is none."""
        cls = type(value)
        if issubclass(cls, tuple):
            if cls is torch.Size:
                return ["size", list(value)]
            items = self.pack_all(tuple.__iter__(value), depth)
            if cls is not tuple and (named := plain.named_tuple(value)):
                return ["named", *named, items]
            return ["tuple", items]
        if issubclass(cls, list):
            number = self.share(value)
            tree = ["list", number, self.pack_all(list.__iter__(value), depth)]
        elif issubclass(cls, dict):
            number = self.share(value)
            factory = getattr(value, "default_factory", None)
            name = next((n for n, f in plain.FACTORIES.items() if f is factory), "")
            tree = ["dict", number, _kind_of_dict(cls), name, self.pack_pairs(value, depth)]
        elif issubclass(cls, set):
            number = self.share(value)
            tree = ["set", number, self.pack_all(set.__iter__(value), depth)]
        elif issubclass(cls, frozenset):
            return ["frozenset", self.pack_all(frozenset.__iter__(value), depth)]
        elif cls is slice:
            parts = (value.start, value.stop, value.step)
            return ["slice", self.pack_all(parts, depth)]
        elif cls is range:
            return ["range", value.start, value.stop, value.step]
        elif cls in (bytes, bytearray):
            self.blobs.append(bytes(value))
            return ["bytes", len(self.blobs) - 1]
        else:
            return None
        self.in_step(number)
        return tree

    def pack_pairs(self, value: dict, depth: int) -> list:
        """Keys and values of a dict, one after the other."""
        return [self.pack_all(pair, depth) for pair in dict.items(value)]

    def pack_tensor(self, value: torch.Tensor, depth: int):
        """A tensor that is a leaf: its numbers, flags and gradient."""
        if isinstance(value, nn.parameter.UninitializedTensorMixin):
            return ["lazy", isinstance(value, nn.Parameter)]
        if not plain.is_plain_tensor(value):
            return self.pack_object(value, depth)
        if value.requires_grad and not value.is_leaf:
            return self.pack_graph(value, depth)
        number = self.share(value)
        tree = [
            "tensor",
            number,
            plain.pack_numbers(value, self.blobs),
            value.requires_grad,
            isinstance(value, nn.Parameter),
            self.pack_grad(value),
        ]
        self.in_step(number)
        return tree

    def pack_grad(self, value: torch.Tensor):
        """The numbers of a leaf's gradient; None without one."""
        grad = value.grad if value.is_leaf else None
        if grad is None or not plain.is_plain_tensor(grad):
            return None
        return plain.pack_numbers(grad, self.blobs)

    def pack_graph(self, value: torch.Tensor, depth: int):
        """A tensor that was computed from others and knows how."""
        raise NotImplementedError

    def pack_object(self, value, depth: int):
        """Anything else."""
        raise NotImplementedError

    # ------------------------------------------------------------ unpacking

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
        if value is not NotImplemented:
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

    def unpack_NotImplemented(self, rest, depth):
        return NotImplemented

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
        return range(*rest)

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
        value.update(self.unpack_all(pair, depth) for pair in pairs)
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

    def enter(self, value, number: int):
        """Share a thing that just came over, as it came."""
        self.share(value, number)
        self.in_step(number)
        return value

    # ------------------------------------------------------------ keeping in step

    def changes(self) -> list:
        """What this side altered of the things that are shared."""
        found = []
        for number in list(self.seen):
            change = self._change(number)
            if change is not None:
                found.append([number, change])
                self.in_step(number)
        return found

    def _change(self, number: int):
        value, seen = self.objects[number], self.seen[number]
        if isinstance(value, torch.Tensor):
            return self._tensor_change(value, seen)
        if isinstance(value, nn.Module):
            state = module_state(value)
            return None if _alike(state, seen) else self.pack_module_state(value)
        if type(value) is np.ndarray:
            same = value.shape == seen.shape and value.tobytes() == seen.tobytes()
            return None if same else plain.pack_array(value, self.blobs)
        content = self.content(value)
        if _alike(content, seen):
            return None
        if type(value) is torch.Generator:
            return [content[0].hex()]
        if type(value) in (list, set):
            return self.pack_all(content, 1)
        return [self.pack_all(pair, 1) for pair in zip(*content, strict=True)]

    def _tensor_change(self, value: torch.Tensor, seen):
        numbers, requires_grad, grad = seen
        now = _tensor_state(value, copy=False)
        same = (_equal(numbers, now[0]), requires_grad == now[1], _equal(grad, now[2]))
        if all(same):
            return None
        return [
            None if same[0] else plain.pack_numbers(value, self.blobs),
            now[1],
            None if same[2] else [self.pack_grad(value)],
        ]

    def apply(self, changes) -> None:
        """Take over what the other side altered."""
        if type(changes) is not list:
            raise Malformed("no changes")
        for number, change in changes:
            value = self.look_up(number)
            if isinstance(value, torch.Tensor):
                self._apply_to_tensor(value, change)
            elif isinstance(value, nn.Module):
                self.apply_module_state(value, change)
            elif type(value) is np.ndarray:
                fresh = plain.unpack_array(change, self.blobs)
                if fresh.shape == value.shape and value.flags.writeable:
                    value[...] = fresh
            elif type(value) is list:
                value[:] = self.unpack_all(change, 1)
            elif type(value) is torch.Generator:
                state = bytearray.fromhex(change[0])
                value.set_state(torch.frombuffer(state, dtype=torch.uint8))
            elif type(value) is set:
                items = self.unpack_all(change, 1)
                value.clear()
                value.update(items)
            else:
                self.apply_pairs(value, [self.unpack_all(pair, 1) for pair in change])
            self.in_step(number)

    def apply_pairs(self, value, pairs: list) -> None:
        """Give a shared dict, or an object's attributes, this content."""
        content = value.__dict__ if id(value) in self.by_attributes else value
        if not isinstance(content, dict):
            raise Malformed("a change of what can't change")
        content.clear()
        content.update(pairs)

    def _apply_to_tensor(self, value: torch.Tensor, change) -> None:
        numbers, requires_grad, grad = change
        with torch.no_grad():
            if numbers is not None:
                fresh = plain.unpack_numbers(numbers, self.blobs)
                if fresh.shape == value.shape and fresh.dtype == value.dtype:
                    value.data.copy_(fresh)  # in place: a view's owner changes too
                else:
                    value.data = fresh
            if value.is_leaf and value.is_floating_point():
                value.requires_grad_(requires_grad is True)
            if grad is not None and value.is_leaf:
                self._apply_grad(value, grad[0])

    def _apply_grad(self, value: torch.Tensor, tree) -> None:
        fresh = None if tree is None else plain.unpack_numbers(tree, self.blobs)
        if fresh is not None and value.grad is not None:
            if fresh.shape == value.grad.shape and fresh.dtype == value.grad.dtype:
                value.grad.data.copy_(fresh)
                return
        value.grad = fresh

    # ------------------------------------------------------------ modules

    def pack_module_state(self, net: nn.Module) -> list:
        """[training, parameters, buffers, submodules, plain attributes, class]."""
        parts = [
            [[name, self.pack(part, 1)] for name, part in net.__dict__[key].items()]
            for key in MODULE_PARTS
        ]
        plain_ones = [[k, self.pack(v)] for k, v in simple_attributes(net).items()]
        return [net.training, *parts, plain_ones, self.pack_class(type(net))]

    def apply_module_state(self, net: nn.Module, state: list) -> None:
        """Give a module the parts and flags that it has on the other side."""
        training, *parts, plain_ones, cls = state
        net.__dict__["training"] = training is True
        for key, items in zip(MODULE_PARTS, parts, strict=True):
            fresh = {_name(name): self.unpack(tree, 1) for name, tree in items}
            kinds = nn.Module if key == "_modules" else torch.Tensor
            if any(not isinstance(v, (kinds, type(None))) for v in fresh.values()):
                raise Malformed("a part of a module that is none")
            net.__dict__[key].clear()
            net.__dict__[key].update(fresh)
        for name, tree in plain_ones:
            net.__dict__[_name(name)] = self.unpack(tree)
        self.apply_class(net, cls)

    def pack_class(self, cls: type):
        """A class, by the name of its library or by number."""
        raise NotImplementedError

    def apply_class(self, net: nn.Module, cls) -> None:
        """Turn a lazy layer, once it has its shapes, into what it became."""


def module_state(net: nn.Module) -> tuple:
    """What may change of a module besides the numbers in its tensors."""
    parts = [value for key in MODULE_PARTS for value in net.__dict__[key].items()]
    flat = [item for pair in parts for item in pair]
    attributes = [item for pair in simple_attributes(net).items() for item in pair]
    return (net.training, type(net), *flat, *attributes)


def simple_attributes(net: nn.Module) -> dict:
    """A module's own attributes that are plain: `in_features`, `kernel_size`, `p` ..."""
    return {
        name: value
        for name, value in net.__dict__.items()
        if name != "training" and not name.startswith("_") and _is_simple(value)
    }


def _is_simple(value) -> bool:
    if type(value) is tuple:
        return all(type(item) in _SIMPLE for item in value)
    return type(value) in (*_SIMPLE, bytes)


def _alike(a, b) -> bool:
    """The same things in the same places; numbers and names may be equal instead."""
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if type(x) is list and type(y) is list and not (x is y):
            if not _alike(x, y):
                return False
        elif x is not y and not (_is_simple(x) and _is_simple(y) and x == y):
            return False
    return True


def _tensor_state(value: torch.Tensor, copy: bool) -> tuple:
    numbers = value.detach()
    grad = value.grad if value.is_leaf else None
    if copy:
        numbers, grad = numbers.clone(), None if grad is None else grad.detach().clone()
    return numbers, value.requires_grad, grad


def _equal(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    if a is None or b is None:
        return a is b
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return torch.equal(a, b) or (_has_nan(a) and _bytes(a) == _bytes(b))


def _has_nan(a: torch.Tensor) -> bool:
    return bool(a.isnan().any())


def _bytes(a: torch.Tensor) -> bytes:
    return a.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _kind_of_dict(cls: type) -> str:
    for kind in (collections.defaultdict, collections.OrderedDict):
        if issubclass(cls, kind):
            return kind.__name__
    return "dict"


def _name(name) -> str:
    if type(name) is not str:
        raise Malformed("no name")
    return name
