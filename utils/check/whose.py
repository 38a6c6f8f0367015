"""Whose call it was: the student's, or the test's own.

The frames of Python from a call outwards tell. The nearest one that belongs to the
answer makes it the student's, the nearest one of the test or of a check makes it
theirs. Frames of libraries and of given functions decide nothing: what they do, they do
for somebody.
"""

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType
from typing import Any

from utils.check.indirect import is_a, is_full, may_go_below

CHECKS = "utils.check."
WATCH = "utils.check.watch"  # on the way of each call that it sees
IMPORT = "importlib._bootstrap"


@dataclass(frozen=True)
class Line:
    """A line of the student's that a call came from; number 0 where none is known."""

    file: str = ""
    number: int = 0
    text: str = ""  # if it can't be looked up by its file


class Whose:
    """Tells the calls of one answer from those of its test.

    Args:
        exercise: its id, which is the answer's name too.
        names: the names of the notebook.
        is_test: whether a file, as code names it, is the test's.
        is_alone: whether a call outside all of this was made by the student's own
            object, as of a function of torch that the answer's name stands for.
    """

    def __init__(
        self,
        exercise: str,
        names: Mapping[str, Any],
        is_test: Callable[[str], bool],
        is_alone: bool = True,
    ):
        self.names, self.is_test, self.is_alone = names, is_test, is_alone
        self.answer = _unwrapped(names.get(exercise))
        self.files = {file for file in _files(self.answer, names) if not is_test(file)}

    def line(self, frame: FrameType | None, spared: Collection[CodeType] = ()):
        """The line of the student's that this call comes from, None if from none.

        Args:
            frame: that of the call.
            spared: code of given functions that may do what they like.
        """
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            if file in self.files:
                return self._line(frame)
            module = str(frame.f_globals.get("__name__"))
            is_check = module.startswith(CHECKS) and module != WATCH
            is_theirs = is_check or self.is_test(file)
            if is_theirs or code in spared or module == IMPORT:
                return None
            if not self.files and self.is_cell(frame):
                return self._line(frame)
            frame = frame.f_back
        return Line() if self.is_alone else None

    def _line(self, frame: FrameType) -> Line:
        """A line; that of a library says nothing, if the answer is a function of it."""
        is_known = self.is_notebooks(frame)
        return Line(frame.f_code.co_filename, frame.f_lineno) if is_known else Line()

    def is_cell(self, frame: FrameType) -> bool:
        """Whether a frame runs code of the notebook that is not the test's."""
        is_test = self.is_test(frame.f_code.co_filename)
        return self.is_notebooks(frame) and not is_test

    def is_notebooks(self, frame: FrameType) -> bool:
        """Whether a frame runs code of the notebook: given, a test or an answer."""
        return frame.f_globals is self.names

    def is_answer(self, function: Callable) -> bool:
        """Whether the answer's name stands for this very function of torch."""
        packet = getattr(function, "overloadpacket", function)
        return self.answer is function or self.answer is packet

    def is_of_answer(self, owner: Any) -> bool:
        """Whether an object is of the class that is the answer."""
        return is_a(self.answer, type) and issubclass(type(owner), self.answer)

    def may_go_below(self) -> bool:
        """Whether some of the answer's work may show at torch's dispatch alone."""
        return may_go_below(self.answer, self.names, _parts)

    def spared(self, names: tuple[str, ...]) -> frozenset[CodeType]:
        """The code of given functions, unless the answer defined them anew."""
        found = (getattr(self.names.get(name), "__code__", None) for name in names)
        return frozenset(c for c in found if c and c.co_filename not in self.files)


def _unwrapped(answer: Any) -> Any:
    while type(answer) is functools.partial:
        answer = answer.func
    return answer


def _files(answer: Any, names: Mapping[str, Any]) -> set[str]:
    """The files in which the code of an answer, a function or a class, stands.

    What a decorator wrapped counts as well, if it is the notebook's.
    """
    if is_a(answer, FunctionType) and answer.__globals__ is not names:
        return {answer.__code__.co_filename}  # the answer is a library's function
    found: set[str] = set()
    todo, met = [answer], set()
    while todo:
        thing = todo.pop()
        if id(thing) in met:
            continue
        met.add(id(thing))
        if is_a(thing, FunctionType) and thing.__globals__ is names:
            found.add(thing.__code__.co_filename)
            todo += [c.cell_contents for c in thing.__closure__ or () if is_full(c)]
        todo += _parts(thing)
    return found


def _parts(thing: Any) -> list:
    """What an answer consists of: methods of a class, what a wrapper calls."""
    if is_a(thing, type):
        own = [cls for cls in type.mro(thing) if cls.__module__ == "__main__"]
        return [member for cls in own for member in vars(cls).values()]
    if is_a(thing, (staticmethod, classmethod)):
        return [thing.__func__]
    if is_a(thing, property):
        return [thing.fget]
    if is_a(thing, functools._lru_cache_wrapper):
        return [thing.__wrapped__]
    return [] if is_a(thing, FunctionType) or thing is None else [type(thing)]
