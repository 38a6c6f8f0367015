"""The student's side: runs cells and calls, and tells what came of them.

This runs in the locked-in worker, beside the student's code, and is trusted with
nothing: whatever it says is checked by the judge, and a verdict is never asked of it.
"""

import builtins
import contextlib
import copy
import linecache
import operator

import torch

from course.grade.bridge.copies import Copies, TestNames
from course.grade.bridge.frames import TooLarge, Wire, WireError
from course.grade.bridge.surroundings import Surroundings
from course.grade.bridge.telling import Telling, printable, why_not
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


class Student(Copies, Telling):
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
        self.test_names = TestNames(self.shell.names)
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
            return [], ["beyond", why_not(value, error)]

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
            [f.ban, printable(f.name), number, printable(_text_of(file, number))]
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


def _text_of(file: str, number: int) -> str:
    """A line of a cell; of no other file."""
    is_cell = file.startswith("<ipython-input")
    return linecache.getline(file, number).strip() if is_cell else ""
