"""The student's side: runs cells and calls, and tells what came of them.

This runs in the locked-in worker, beside the student's code, and is trusted with
nothing: whatever it says is checked by the judge, and a verdict is never asked of it.
"""

import builtins
import contextlib
import copy
import functools
import importlib
import linecache
import marshal
import operator
import sys
import traceback
import types
import weakref

import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.frames import TooLarge, Wire, WireError
from course.grade.bridge.peer import Peer
from course.grade.bridge.surroundings import Surroundings
from course.grade.intake.flags import Watch
from utils.check import failures
from utils.check.calls import taken_from
from utils.check.forbidden import noticed
from utils.check.settings import Left, put_back
from utils.check.watch import Watch as Bans
from utils.check.whose import Whose

# What a judge may ask of an object, by name.
OPERATIONS = {
    "call": lambda function, *args, **kwargs: function(*args, **kwargs),
    "method": lambda owner, name, *args, **kw: getattr(owner, name)(*args, **kw),
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "dir": dir,
    "issubclass": issubclass,
    "take": taken_from,
} | {name: getattr(builtins, name) for name in ("len", "iter", "next", "bool", "str")}
# Those that run the student's own object, also where no code of a cell is on the way.
CALLING = frozenset({"call", "method", "iter", "next", "take"})
_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
)


def serve(wire: Wire, shell) -> None:
    """Answer the judge until it hangs up.

    Args:
        wire: the connection to the judge.
        shell: the `Shell` that runs cells and keeps what they show.
    """
    student = Student(shell)
    with contextlib.suppress(WireError):
        while True:
            reply, blobs = student.answer(*wire.receive())
            try:
                wire.send(reply, blobs)
            except TooLarge as error:
                wire.send(*_without_value(reply, str(error)))


def _without_value(reply: list, why: str) -> tuple[list, list]:
    """The same reply, with why its value can't be handed over in the value's place.

    The test ends with it, and both sides forget what they shared.
    """
    is_error, _, _, surroundings, outputs, *about = reply
    return [is_error, ["beyond", why], [], surroundings, outputs, *about], []


class _TestNames(dict):
    """The globals of a test's functions: the test's names, then the notebook's."""

    def __init__(self, names: dict):
        super().__init__(__builtins__=builtins, __name__="__main__")
        self.names = names

    def __missing__(self, name: str):
        return self.names[name]


class Student(Peer):
    """The table of what is shared, and the student's names."""

    first = 1

    def __init__(self, shell):
        self.shell = shell
        self.surroundings = Surroundings()
        self.watch = Watch()
        self.forbidden: list[str] = []  # an exercise and its bans, or nothing
        self.bans: Bans | None = None
        self.outputs: list[dict] = []
        self.left = Left()  # settings that the call left changed
        super().__init__()

    def reset(self) -> None:
        super().reset()
        self.graphs: dict[int, tuple] = {}
        self.anchors: dict[int, tuple] = {}
        self.test_names = _TestNames(self.shell.names)
        self.told: dict[str, object] = {}  # the notebook's names that the judge knows

    # ------------------------------------------------------------ answering

    def answer(self, request, blobs: list) -> tuple[list, list]:
        """Do what the judge asks; what the student's code raises is an answer too."""
        operation, parts, changes, surroundings, unused, *about = request
        forbidden, seconds, is_fresh = about
        if is_fresh:  # a test is over: forget what it shared
            self.reset()
        self.blobs = blobs
        if self.forbidden != forbidden:
            self.forbidden, self.bans = forbidden, self._watch_for(forbidden)
        self.apply(changes)
        for number in unused:
            self.forget(number)
        self.surroundings.apply(surroundings)
        self.outputs, self.left = [], Left()
        try:
            value = getattr(self, f"do_{operation}")(*parts, seconds=seconds)
        except BaseException as error:  # whatever the student's code raised
            return self._reply(error, self.pack_exception)
        return self._reply(value, self.pack)

    def _reply(self, value, pack) -> tuple[list, list]:
        surroundings = [*self.surroundings.changes(), self.left.names]
        self.blobs = []
        with torch.no_grad():
            changes, tree = self._told(value, pack)
        is_error = pack == self.pack_exception
        about = [surroundings, self.outputs, self._findings(), self._rebound()]
        return [is_error, tree, changes, *about], self.blobs

    def _told(self, value, pack) -> tuple[list, list]:
        """What changed of the things that are shared, and a value's tree; in its place
        why it can't be handed over, which is no reason to end.
        """
        mark = self.next_number
        try:
            return self.changes(), pack(value)
        except Exception as error:
            self.forget_since(mark)
            self.blobs = []
            return [], ["beyond", _why_not(value, error)]

    def _rebound(self) -> list[str]:
        """Names that the judge knows and that stand for something else now."""
        names, told = self.shell.names, self.told
        rebound = [name for name in told if names.get(name, told) is not told[name]]
        for name in rebound:
            del told[name]
        return rebound

    def do_run(self, grade_id: str, source: str, name: str, seconds: float):
        """Run a cell; its error, if any, is one of its outputs.

        Returns:
            a tuple: (name, error) of what cells that raised were to define, and what
            the name stands for now, if for anything.
        """
        ran = self.shell.run(source, grade_id, seconds=seconds)
        self.outputs = ran.outputs
        failures.note(source, ran.error, name if name.isidentifier() else "")
        raised = failures.failures()
        known = name in self.shell.names
        return (raised, self.do_name(name, seconds)) if known else (raised,)

    def do_apply(self, name: str, args, kwargs, seconds: float):
        """One operation on the student's objects, as a test would do it itself."""
        args, kwargs = self.unpack(args), dict(self.unpack(kwargs))
        function = OPERATIONS.get(name) or getattr(operator, name)
        with contextlib.ExitStack() as stack:
            self.outputs = stack.enter_context(self.shell.capturing(seconds=seconds))
            if self.bans is not None:
                self.bans.whose.is_alone = name in CALLING
                stack.enter_context(self.bans)
            self.left = stack.enter_context(put_back(False))
            return function(*args, **kwargs)

    def _watch_for(self, forbidden: list[str]) -> Bans | None:
        """A watch for what an exercise forbids; the same for a whole test."""
        if not forbidden:
            return None
        exercise, *bans = forbidden
        is_test = operator.methodcaller("startswith", "<test ")
        return noticed(bans, Whose(exercise, self.shell.names, is_test))

    def _findings(self) -> list[list]:
        """What was noticed in the last call: [ban, name, number of line, its text]."""
        if self.bans is None:
            return []
        found = [(f, f.line.file, f.line.number) for f in self.bans.findings.values()]
        self.bans.findings.clear()
        return [
            [f.ban, _printable(f.name), number, _printable(_text_of(file, number))]
            for f, file, number in found
        ]

    def do_name(self, name: str, seconds: float):
        """What a name of the notebook stands for."""
        if name not in self.shell.names:
            raise NameError(f"name {name!r} is not defined", name=name)
        self.told[name] = self.shell.names[name]
        return self.told[name]

    def do_backward(self, number: int, gradient, seconds: float):
        """Gradients for the tensors that a tensor was computed from."""
        value, sources = self.graphs[number]
        gradient = self.unpack(gradient)
        again = torch.is_grad_enabled()  # so is what asks for a gradient's gradient
        with self.shell.capturing(seconds=seconds) as self.outputs, torch.enable_grad():
            return torch.autograd.grad(
                value,
                sources,
                gradient,
                retain_graph=True,
                create_graph=again,
                allow_unused=True,
            )

    def do_define(self, names, seconds: float) -> None:
        """Give the notebook the names that a visible test defined."""
        self.shell.names.update(self.unpack(names))

    def do_tampering(self, seconds: float) -> list[str]:
        """What cells did to IPython and to libraries, in words."""
        return [*self.shell.tampering, *self.watch.changes()]

    # ------------------------------------------------------------ to the judge

    def pack_object(self, value, depth: int):
        cls = type(value)
        if cls is types.GeneratorType:
            return ["iterator", self.share(value)]
        if issubclass(cls, nn.Module):
            return self._pack_module(value)
        if issubclass(cls, type):
            return self.pack_class(value)
        if issubclass(cls, BaseException):
            return self.pack_exception(value)
        if cls in _FUNCTIONS:
            return ["function", self.share(value), _printable(value.__name__)]
        specials = [name for name in plain.SPECIALS if _has(cls, name)]
        return ["object", self.share(value), self.pack_class(cls), specials]

    def _pack_module(self, net: nn.Module):
        cls, number = self.pack_class(type(net)), self.share(net)
        tree = ["module", number, cls, self.pack_module_state(net)]
        self.in_step(number)
        return tree

    def pack_class(self, cls: type):
        number = self.numbers.get(id(cls))
        if number is not None:
            return ["same", number]
        if _is_of_library(cls):
            return ["class", cls.__module__, cls.__qualname__]
        bases = [c for c in cls.__mro__ if _is_of_library(c)][:1]
        base = self.pack_class(bases[0]) if bases else None
        own = [c for c in cls.__mro__ if not _is_of_library(c)]
        methods = {name for c in own for name, m in vars(c).items() if _is_method(m)}
        methods = sorted(m for m in methods if plain.is_method_name(m))
        name = _printable(type.__dict__["__name__"].__get__(cls))
        return ["own_class", self.share(cls), name, base, methods]

    def pack_graph(self, value: torch.Tensor, depth: int):
        shared = {v.grad_fn: v for v, _ in self.graphs.values()}
        sources = [self.anchors.get(id(v), (v, v)) for v in _sources(value, shared)]
        number = self.share(value)
        self.graphs[number] = value, [source for source, _ in sources]
        known = [self.pack(there, depth + 1) for _, there in sources]
        numbers = plain.pack_numbers(value, self.blobs)
        self.in_step(number)
        return ["graph", number, numbers, known]

    def pack_exception(self, error: BaseException):
        """Its nearest class that everybody has, its own name, what it says, where."""
        base = next(c for c in type(error).__mro__ if _is_plain_error(c))
        name = _printable(type.__dict__["__name__"].__get__(type(error)))
        about = getattr(error, "name", None) if base is NameError else None
        return [
            "exception",
            base.__name__,
            name,
            [_clean(arg) for arg in error.args[:5]],
            _clean(_text(error)),
            about if type(about) is str else None,
            _line(error),
        ]

    # ------------------------------------------------------------ from the judge

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


def _has(cls: type, special: str) -> bool:
    """Whether a class has a special method that plain objects have not."""
    method = getattr(cls, special, None)
    return method is not None and method is not getattr(object, special, None)


def _is_of_library(cls: type) -> bool:
    """Whether the judge has this very class too."""
    root = str(cls.__module__).partition(".")[0]
    if issubclass(cls, torch.jit.ScriptModule):  # not to be made without its code
        return False
    if root == "builtins":
        return getattr(builtins, cls.__name__, None) is cls
    module = sys.modules.get(cls.__module__)
    if root not in plain.LIBRARIES or module is None:
        return False
    found = module
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is cls


def _sources(value: torch.Tensor, shared: dict) -> list[torch.Tensor]:
    """The tensors that a tensor was computed from, each once.

    Args:
        value: a tensor with history.
        shared: tensors that the judge has too, by the node of their history: there
            the search ends, as it does at leaves.
    """
    found, nodes, met = {}, [value.grad_fn], set()
    while nodes:
        node = nodes.pop()
        if node is None or node in met:
            continue
        met.add(node)
        source = shared.get(node, getattr(node, "variable", None))
        if source is not None:
            found[id(source)] = source
        else:
            nodes += [following for following, _ in node.next_functions]
    return list(found.values())


def _why_not(value, error: Exception) -> str:
    """Why a value can't be handed over, in words."""
    kind = _printable(type.__dict__["__name__"].__get__(type(value)))
    if isinstance(value, nn.Module) and isinstance(error, (KeyError, AttributeError)):
        return "its `__init__` does not call `super().__init__()`"
    if isinstance(error, plain.TooDeep):
        return str(error)
    if isinstance(error, MemoryError):
        return "it is too large for the memory"
    return f"it is or holds what is no plain data (a {kind}; {type(error).__name__})"


def _is_method(value) -> bool:
    """Whether what a class holds is called with an object of it first."""
    return callable(value) and not isinstance(value, (staticmethod, type))


def _is_plain_error(cls: type) -> bool:
    """Whether an error of this class is a class, a message and no more."""
    is_builtin = getattr(builtins, cls.__name__, None) is cls
    return is_builtin and not issubclass(cls, BaseExceptionGroup)


def _text_of(file: str, number: int) -> str:
    """A line of a cell; of no other file."""
    is_cell = file.startswith("<ipython-input")
    return linecache.getline(file, number).strip() if is_cell else ""


def _printable(text) -> str:
    """A name as the judge takes it."""
    return "".join(filter(str.isprintable, str(text)))[:200]


def _text(value) -> str:
    try:
        return str(value)[:2000]
    except BaseException:  # its __str__ raises, or the number is too long
        return ""


def _clean(value):
    """A part of an error: a number, or short text without lone surrogates."""
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int and abs(value) < 2**62:
        return value
    return _text(value).encode("utf-8", "replace").decode()


def _line(error: BaseException):
    """The last line of a cell that an error came by: [number, text]."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith("<ipython-input")]
    return [own[-1].lineno, _clean(own[-1].line or "")] if own else None
