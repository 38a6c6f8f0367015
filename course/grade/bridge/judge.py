"""The judge's side: asks the student's process, and believes its answers in nothing.

What a test does to a student's things is asked of the student's process; what comes
back is data, read by `unpack`: plain values, and `mirrors` of what stays there.
"""

import json
import math
import sys
import time
from collections.abc import Iterable
from typing import Any

import torch

from course.grade.bridge import plain
from course.grade.bridge.frames import Wire, WireError
from course.grade.bridge.mirrors import Mirrors
from course.grade.bridge.plain import Malformed
from course.grade.bridge.stand_ins import CannotCross
from course.grade.bridge.surroundings import Surroundings
from utils.check import failures, settings
from utils.check.session import session
from utils.check.verdict import hidden_message
from utils.check.watch import Finding
from utils.check.whose import Line

GRACE_S = 5.0  # beyond the student's own alarm
MAX_SHOWN = 32 * 2**20  # characters of all outputs; the student's side keeps less
MAX_OUTPUT_DEPTH = 20
UNUSED = 3  # references: the table, a variable and the argument of `getrefcount`


class StudentGone(BaseException):
    """The student's process died, hung, or sent nonsense: nothing more can be judged.

    Not an `Exception`: a test that expects one must not take this for it.
    """


class Uncrossable(BaseException):
    """What the student's code gave can't be handed over, in its process's words.

    That is a wrong answer, and nothing else is lost. Like `StudentGone` no `Exception`.
    """


class Judge(Mirrors):
    """The table of what is shared, and every question to the student.

    Args:
        wire: the connection to the student.
        seconds: how long a cell or a call may take.
    """

    first = 2

    def __init__(self, wire: Wire, seconds: float):
        self.wire, self.seconds = wire, seconds
        self.surroundings = Surroundings()
        self.is_asking = False
        self.gone = ""
        self.beyond = ""  # of this test: that an answer could not be handed over
        self.heard: list[dict] = []  # outputs that student code made when called
        self.shown = 0  # characters of them so far
        self.until = math.inf  # when the time for calls of this test is over
        self.forbidden: list[str] = []  # the exercise and what it forbids, or nothing
        self.findings: list[Finding] = []  # what of it student code did
        # Of what couldn't cross: exercise, line of its test, why.
        self.refused: list[tuple[str, int, str]] = []
        self.faults: list[str] = []  # of tests: which one, and what it raised
        super().__init__()

    def reset(self) -> None:
        """Forget what is shared; the other side does so at the next message."""
        super().reset()
        self.is_fresh = True
        self.names: dict[str, Any] = {}  # the notebook's, as far as they were asked
        self.unused: list[int] = []  # what was forgotten here and is not yet there

    # ------------------------------------------------------------ asking

    def ask(self, operation: str, *parts: Any, pack: tuple = ()) -> Any:
        """Ask the student's process something; its answer is the value.

        Args:
            operation: a `do_...` of the student's side.
            *parts: plain parts of the question.
            pack: values that are packed and follow the plain parts.

        Raises:
            Exception: what the student's code raised.
            StudentGone: there was no answer.
            Uncrossable: the answer could not be handed over.
            CannotCross: a value of the test can't be sent.
        """
        if self.gone or self.is_asking:
            raise StudentGone(self.gone or "asked from within an answer")
        self.is_asking = True
        try:
            self._send(operation, parts, pack)
            answer = self._receive()
        except (WireError, Malformed) as error:
            self.gone = str(error)
            raise StudentGone(self.gone) from error
        finally:
            self.is_asking = False
        if isinstance(answer, _Raised):
            raise answer.error
        return answer

    def _send(self, operation: str, parts: tuple, pack: tuple) -> None:
        self.blobs, mark = [], self.next_number
        known, seen = self.surroundings.known, dict(self.seen)
        surroundings = self.surroundings.changes()
        try:
            with torch.no_grad():
                changes = self.changes()
                trees = self.pack_all(pack, 0)
        except BaseException as error:
            self._forget_since(mark, known, seen)
            if isinstance(error, CannotCross):
                self.refused.append((session.exercise, _line_of_test(), str(error)))
            raise
        self.forget_unused(seen)
        message = [operation, [*parts, *trees], changes, surroundings, self.unused]
        about = [self.forbidden, self.seconds, self.is_fresh]
        self.wire.expect(self.seconds + GRACE_S)
        self.wire.send([*message, *about], self.blobs)
        self.is_fresh, self.unused = False, []

    def _forget_since(self, mark: int, known: list, seen: dict) -> None:
        """Undo what packing a message that was never sent did to what is known."""
        self.forget_since(mark)
        self.surroundings.known = known
        self.seen |= {n: state for n, state in seen.items() if n in self.objects}

    def forget_unused(self, numbers: Iterable[int]) -> None:
        """Forget what nothing but the table refers to: each message would compare it.

        Its last changes go along with the message. What asks for gradients is kept, as
        they may still come.

        Args:
            numbers: what was shared before this message: its own things are on the way.
        """
        for number in numbers:
            value = self.objects[number]
            if sys.getrefcount(value) == UNUSED and _may_be_forgotten(value):
                self.forget(number)
                self.unused.append(number)

    def _receive(self) -> Any:
        reply, self.blobs = self.wire.receive()
        try:
            is_error, tree, changes, surroundings, outputs, found, rebound = reply
            self.apply(changes)
            *surroundings, left = surroundings
            self.surroundings.apply(surroundings)
            settings.tell(left)
            if type(outputs) is not list or type(found) is not list:
                raise Malformed("no outputs")
            self._hear(outputs)
            self.findings += [_finding(item, self.forbidden[1:]) for item in found]
            for name in rebound:
                self.names.pop(name, None)
            return _Raised(self.unpack(tree)) if is_error is True else self.unpack(tree)
        except Malformed:
            raise
        except Exception as error:  # any shape of nonsense
            raise Malformed(f"nonsense ({type(error).__name__})") from error

    def _hear(self, outputs: list) -> None:
        """Keep what student code showed, unless a hidden test made it do so."""
        if session.hidden:
            return
        if not all(type(output) is dict and _is_flat(output) for output in outputs):
            raise Malformed("outputs that are none")
        self.shown += len(json.dumps(outputs))
        if self.shown > MAX_SHOWN:  # past the caps of the student's side
            raise Malformed("more outputs than there is room for")
        self.heard += outputs

    def run(self, grade_id: str, source: str, name: str = "") -> None:
        """Run a cell over there.

        Args:
            grade_id: what it is called.
            source: its text.
            name: a name that the next test will ask for: it comes with the answer.

        Raises:
            StudentGone: there was no answer.
        """
        try:
            found = self.ask("run", grade_id, source, name)
        except Uncrossable:  # the test will ask for it again
            return
        if type(found) is not tuple:  # no process of ours says so
            return
        failures.believe(found[0] if found else ())
        if len(found) == 2:
            self.names[name] = found[1]

    def name(self, name: str) -> Any:
        """What a name of the notebook stands for.

        Raises:
            NameError: it stands for nothing.
        """
        if name not in self.names:
            self.names[name] = self.ask("name", name)
        return self.names[name]

    def operate(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """One operation on a student's object: "call", "getattr", "add" ...

        Raises:
            TimeoutError: all those of one test together took too long: a generator may
                go on for ever.
        """
        if time.monotonic() > self.until:
            raise TimeoutError(
                f"the calls of this test took more than {self.seconds:g} s"
            )
        # Pairs, not a dict: a dict would be shared and compared at each later message.
        return self.ask("apply", name, pack=(args, tuple(kwargs.items())))

    def unpack_beyond(self, rest, depth):
        why = plain.name(rest[0])
        # Its process's own words only in a test that the student can see.
        self.beyond = (
            hidden_message()
            if session.hidden
            else f"What your code gives can't be handed to its test: {why}."
        )
        raise Uncrossable(why)


def _is_flat(value: Any, depth: int = 0) -> bool:
    """Whether JSON is nested no deeper than an output is: writers of it recurse."""
    if type(value) is dict:
        value = list(value.values())
    if type(value) is not list:
        return True
    return depth < MAX_OUTPUT_DEPTH and all(_is_flat(v, depth + 1) for v in value)


def _finding(item: Any, bans: list[str]) -> Finding:
    """What the student's process noticed; its words, but for a ban, may be anything.

    They are shown of visible tests only: of a hidden one they could tell an input.
    """
    ban, name, number, text = item
    if ban not in bans:
        raise Malformed("no finding")
    if session.hidden:
        return Finding(ban, "", Line())
    return Finding(ban, plain.name(name), Line("", int(number), plain.name(text)))


def _may_be_forgotten(value: Any) -> bool:
    if type(value) is torch.Tensor:
        return not value.requires_grad
    return type(value) in (list, dict, set)


def _line_of_test() -> int:
    """The line at which the test that runs now is."""
    frame = sys._getframe()
    while frame and not frame.f_code.co_filename.startswith("<test "):
        frame = frame.f_back
    return frame.f_lineno if frame else 1


class _Raised:
    """What the student's code raised, on its way to the test."""

    def __init__(self, error: BaseException):
        if not isinstance(error, BaseException):
            raise Malformed("no exception")
        self.error = error
