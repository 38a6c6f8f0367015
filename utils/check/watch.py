"""Notices what an answer does that its exercise forbids.

Three looks at once. Python's profiler sees each Python function that begins, so a
function or a class counts under any name; functions of torch and the operations behind
them are seen where PyTorch dispatches them; and of code in the notebook itself is read
whether it loops. All of it is there in threads that begin meanwhile, too.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from utils.check.bans import Ban
from utils.check.called import in_graph, known_as, owner, python_name, short_name
from utils.check.families import LOOPS
from utils.check.loops import loop_in, recurs, written_out
from utils.check.session import session
from utils.check.whose import Line, Whose

SWITCHED_OFF = "sys.setprofile"


@dataclass(frozen=True)
class Finding:
    """Something forbidden that an answer did.

    Args:
        ban: the ban's text.
        name: what was called, as the student may know it; "" in a hidden test.
        line: where in the student's code.
    """

    ban: str
    name: str
    line: Line


class Watch:
    """Watches an answer while entered; may be entered again.

    Args:
        bans: what is forbidden.
        whose: tells the answer's calls from others.
    """

    def __init__(self, bans: Sequence[Ban], whose: Whose):
        self.bans, self.whose = bans, whose
        self.findings: dict[str, Finding] = {}  # by ban: the first of each
        self.spared = {ban.text: whose.spared(ban.spared) for ban in bans}
        self.has_builtins = any(ban.family and ban.family.builtins for ban in bans)
        self.watches_loops = any(ban.subject == LOOPS for ban in bans)
        self.written_out: set[int] = set()  # comprehensions that are no loops
        self.make_modes = self._needed(whose)
        # What each code, and each function of torch, that was met may mean.
        self.codes: dict[int, tuple] = {}
        self.operations: dict[Any, tuple] = {}
        for name in in_graph(whose.answer):
            for ban in bans:
                if ban.family and ban.family.ops.search(name):
                    self._note(ban, f"torch.{name}", Line())

    def _needed(self, whose: Whose) -> list[type]:
        """The modes of torch that these bans need for this answer."""
        if not any(ban.functions or ban.has_operations for ban in self.bans):
            return []
        return [_Functions, _Operations] if whose.may_go_below() else [_Functions]

    def __enter__(self) -> "Watch":
        self.before = sys.getprofile(), threading.getprofile()
        self.modes = [make(self) for make in self.make_modes]
        for mode in self.modes:
            mode.__enter__()
        threading.setprofile(self._begin_thread)
        sys.setprofile(self.profile)
        return self

    def __exit__(self, *error) -> None:
        if sys.getprofile() != self.profile and self.bans:
            self._note(self.bans[0], SWITCHED_OFF, Line())
        sys.setprofile(self.before[0])
        threading.setprofile(self.before[1])
        for mode in reversed(self.modes):
            mode.__exit__(*error)

    def _begin_thread(self, frame: FrameType, event: str, arg: Any) -> None:
        """The first event in a new thread: watch it as long as it lives."""
        sys.setprofile(self.profile)
        for make in self.make_modes:
            make(self).__enter__()

    # ------------------------------------------------------------ Python's functions

    def profile(self, frame: FrameType, event: str, arg: Any) -> None:
        """See one event of Python's profiler."""
        if event == "call":
            known = self.codes.get(id(frame.f_code))
            if known is None:
                known = self._meaning(frame)
                self.codes[id(frame.f_code)] = known
            for ban, name, is_meant in known[1:]:
                if ban.text not in self.findings and is_meant(frame):
                    self._python(ban, name, frame)
        elif event == "c_call" and self.has_builtins:
            self._builtin(frame, getattr(arg, "__qualname__", ""))
        if self.before[0] is not None:
            self.before[0](frame, event, arg)

    def _meaning(self, frame: FrameType) -> tuple:
        """A frame's code, kept alive, and (ban, name if fixed, when it is meant)."""
        code, module = frame.f_code, str(frame.f_globals.get("__name__"))
        found: list = [code]
        for ban in self.bans:
            _, cls = ban.codes.get(id(code), (None, None))
            if id(code) in ban.codes or _is_in(module, ban.modules):
                found.append((ban, "", _is_owned_by(cls)))
        if self.watches_loops and self.whose.is_cell(frame):
            loops = next(ban for ban in self.bans if ban.subject == LOOPS)
            sign = loop_in(code, id(code) in self.written_out)
            self.written_out |= written_out(code)
            is_meant = (lambda frame: True) if sign else recurs
            found.append((loops, sign or "recursion", is_meant))
        return tuple(found)

    def _python(self, ban: Ban, name: str, frame: FrameType) -> None:
        line = self.whose.line(frame, self.spared[ban.text])
        # A library's method of the answer's object is the answer's work; a given
        # function that is handed such an object is not.
        is_librarys = not self.whose.is_notebooks(frame)
        if line is None and is_librarys and self.whose.is_of_answer(owner(frame)):
            line = Line()
        self._note(ban, name or python_name(ban, frame), line)

    def _builtin(self, frame: FrameType, name: str) -> None:
        for ban in self.bans:
            if ban.family and name in ban.family.builtins:
                self._note(ban, name, self.whose.line(frame, self.spared[ban.text]))

    # ------------------------------------------------------------ torch's functions

    def operation(self, function: Callable, args: tuple, frame: FrameType) -> None:
        """See one call of a function of torch, or of an operation behind one."""
        found = self.operations.get(function)
        if found is None:
            found = self.operations[function] = self._operation(function)
        name, *meant = found
        for ban in meant:
            is_meant = _does(ban, function, name, args)
            if is_meant and ban.text not in self.findings:
                line = self.whose.line(frame, self.spared[ban.text])
                if line is None and self.whose.is_answer(function):
                    line = Line()
                self._note(ban, known_as(ban, function, name), line)

    def _operation(self, function: Callable) -> tuple:
        """The short name of a function of torch and the bans that may mean it."""
        name = short_name(function)
        return (name, *(ban for ban in self.bans if _may_do(ban, function, name)))

    def _note(self, ban: Ban, name: str, line: Line | None) -> None:
        if line is not None and session.hidden:  # its inputs stay unsaid
            name, line = "", Line()
        if line is not None:
            self.findings.setdefault(ban.text, Finding(ban.text, name, line))


class _Functions(TorchFunctionMode):
    """Sees functions of torch as Python calls them."""

    def __init__(self, watch: Watch):
        super().__init__()
        self.watch, self.known = watch, watch.operations

    def __torch_function__(self, func, types, args=(), kwargs=None):
        # Most functions mean nothing to the bans: they are passed on at once.
        if len(self.known.get(func, (0, 0))) > 1:
            self.watch.operation(func, args, sys._getframe(1))
        return func(*args, **kwargs) if kwargs else func(*args)


class _Operations(TorchDispatchMode):
    """Sees the operations that are left where PyTorch dispatches them."""

    def __init__(self, watch: Watch):
        super().__init__()
        self.watch = watch

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.watch.operation(func, args, sys._getframe(1))
        return func(*args, **(kwargs or {}))


def _is_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def _is_owned_by(cls: type | None) -> Callable[[FrameType], bool]:
    """Whether a frame runs a method of an object of this class; any if None."""
    if cls is None:
        return lambda frame: True
    return lambda frame: issubclass(type(owner(frame)), cls)


def _may_do(ban: Ban, function: Callable, name: str) -> bool:
    """Whether some call of a function of torch may be what is forbidden."""
    return _does(ban, function, name, ()) or (
        ban.family is not None and ban.family.by_arguments is not None and bool(name)
    )


def _does(ban: Ban, function: Callable, name: str, args: tuple) -> bool:
    """Whether this call of a function of torch is what is forbidden."""
    if ban.functions and hasattr(function, "_schema"):
        return name == ban.subject.rpartition(".")[2]
    if any(function is forbidden for forbidden in ban.functions):
        return True
    if ban.family is None or not name:
        return False
    by_arguments = ban.family.by_arguments
    is_named = ban.family.ops.search(name) is not None
    return is_named or (by_arguments is not None and by_arguments(name, args))
