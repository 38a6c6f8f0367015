"""What a test sends, made anew in the student's process: the other end of `parcels`."""

import builtins
import functools
import importlib
import marshal
import types
import weakref

import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.peer import Peer


class TestNames(dict):
    """The globals of a test's functions: the test's names, then the notebook's."""

    def __init__(self, names: dict):
        super().__init__(__builtins__=builtins, __name__="__main__")
        self.names = names

    def __missing__(self, name: str):
        return self.names[name]


class Copies(Peer):
    """Makes the functions, classes, modules and objects of a test.

    Attributes:
        test_names: the globals of its functions.
        anchors: by the id of a tensor that was computed over there, the tensor that its
            gradient ends at here, and what a test's function sees in its place.
    """

    anchors: dict[int, tuple]
    test_names: TestNames

    def unpack_graph(self, rest, depth):
        number, numbers = rest
        with torch.enable_grad():
            anchor = plain.unpack_numbers(numbers, self.blobs).requires_grad_()
            value = anchor.view_as(anchor)  # no leaf, as on the judge's side
        self.anchors[id(anchor)] = anchor, value
        return self.enter(value, number)

    def unpack_library(self, rest, depth):
        number, module, name = rest
        home = importlib.import_module(module)
        found = functools.reduce(getattr, name.split("."), home)
        if number is not None:
            self.share(found, number)
        return found

    def unpack_error(self, rest, depth):
        name, args = rest
        return vars(builtins)[name](*self.unpack_all(args, depth))

    def unpack_import(self, rest, depth):
        return importlib.import_module(rest[0])

    def unpack_code(self, rest, depth):
        number, blob, name, cells, new, names, *details, attributes = rest
        for cell, _ in new:
            self.share(types.CellType(), cell)
        cells = tuple(map(self.look_up, cells))
        code = marshal.loads(self.blobs[blob])
        made = types.FunctionType(code, self.test_names, name, None, cells or None)
        self.share(made, number)  # now, for it may call itself
        for cell, content in new:
            self._apply_to_content(self.look_up(cell), content)
            self.in_step(cell)
        self.test_names.update(self.unpack_pairs(names, depth))
        made.__defaults__, made.__kwdefaults__ = self.unpack_all(details, depth)
        made.__dict__.update(self.unpack_pairs(attributes, depth))
        return made

    def _apply_to_pairs(self, value, items: list) -> None:
        if type(value) is not types.FunctionType:
            super()._apply_to_pairs(value, items)
        else:  # the names that a function of the test uses, and their values
            half = len(items) // 2
            self.test_names.update(zip(items[:half], items[half:], strict=True))

    def unpack_made_class(self, rest, depth):
        number, name, bases, attributes = rest
        made = types.new_class(name, tuple(self.unpack_all(bases, depth)))
        self.share(made, number)
        for key, value in self.unpack(attributes, depth).items():
            setattr(made, key, value)
        return made

    def unpack_wrapped(self, rest, depth):
        kind, function = rest[0], self.unpack(rest[1], depth)
        wrapper = {"static": staticmethod, "class": classmethod, "property": property}
        return wrapper[kind](function)

    def unpack_bound(self, rest, depth):
        return types.MethodType(*self.unpack_all(rest, depth))

    def unpack_method(self, rest, depth):
        return getattr(self.unpack(rest[0], depth), rest[1])

    def unpack_reference(self, rest, depth):
        return weakref.ref(self.unpack(rest[0], depth))

    def unpack_partial(self, rest, depth):
        function, args, kwargs = self.unpack_all(rest, depth)
        return functools.partial(function, *args, **kwargs)

    def unpack_generator(self, rest, depth):
        generator = torch.Generator()
        generator.set_state(torch.frombuffer(self.blobs[rest[1]], dtype=torch.uint8))
        return self.enter(generator, rest[0])

    def unpack_instance(self, rest, depth):
        number, cls, items = rest
        cls = self.unpack(cls, depth)
        made = cls.__new__(cls)
        self.share(made, number)
        self.by_attributes.add(id(made))
        made.__dict__.update(self.unpack_pairs(items, depth))
        self.in_step(number)
        return made

    def unpack_made_module(self, rest, depth):
        number, cls, state, items = rest
        cls = self.unpack(cls, depth)
        made = cls.__new__(cls)
        nn.Module.__init__(made)
        self.share(made, number)
        self.apply_module_state(made, state)  # first: attributes may point at its parts
        for name, value in self.unpack_pairs(items, depth):
            if name in made.__dict__ and isinstance(value, dict):
                made.__dict__[name].update(value)  # hooks
            else:
                made.__dict__[name] = value
        self.in_step(number)
        return made
