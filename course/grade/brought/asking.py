"""The judge's line to a student's process, whose answers are believed in nothing."""

import builtins
import json
from typing import Any

from course.grade.bridge.frames import Wire, WireError
from course.grade.brought import values

GRACE_S = 5.0  # beyond the student's own alarm
MAX_SHOWN = 32 * 2**20  # characters of all outputs; the student's side keeps less


class StudentGone(BaseException):
    """The student's process died, hung, or sent nonsense: nothing more can be judged.

    Not an `Exception`: a test that expects one must not take this for it.
    """


class Asking:
    """Questions to the student's process.

    Args:
        wire: the connection.
        seconds: how long a cell or a call may take.
    """

    def __init__(self, wire: Wire, seconds: float):
        self.wire, self.seconds = wire, seconds
        self.gone = ""
        self.heard: list[dict] = []  # outputs of what was asked
        self.shown = 0  # characters of them so far

    def ask(self, operation: str, *parts: Any, blobs: tuple[bytes, ...] = ()) -> list:
        """Ask something.

        Args:
            operation: a `do_...` of the student's side.
            *parts: trees.
            blobs: bytes that go with it.

        Returns:
            the tree of the answer, and the error that the student's code raised: its
            class, text, line and nearest builtin class; None if it raised none.

        Raises:
            StudentGone: there was no answer.
        """
        if self.gone:
            raise StudentGone(self.gone)
        try:
            self.wire.expect(self.seconds + GRACE_S)
            self.wire.send([operation, *parts, self.seconds], list(blobs))
            answer, _ = self.wire.receive()
            return self._read(answer)
        except (WireError, values.Malformed) as error:
            self.gone = str(error)
            raise StudentGone(self.gone) from error

    def _read(self, answer: Any) -> list:
        if type(answer) is not list or len(answer) != 3:
            raise values.Malformed("no answer")
        tree, error, outputs = answer
        self._hear(outputs)
        return [tree, None if error is None else error_told(error)]

    def _hear(self, outputs: Any) -> None:
        if type(outputs) is not list or not all(type(o) is dict for o in outputs):
            raise values.Malformed("outputs that are none")
        try:
            self.shown += len(json.dumps(outputs))
        except RecursionError as error:
            raise values.Malformed("outputs that are none") from error
        if self.shown > MAX_SHOWN:  # past the caps of the student's side
            raise values.Malformed("more outputs than there is room for")
        self.heard += outputs

    def take_heard(self) -> list[dict]:
        """The outputs since the last time."""
        heard, self.heard = self.heard, []
        return heard

    def run(self, grade_id: str, source: str) -> tuple[str, str, int, str] | None:
        """Run a cell over there; its error, if it raised one.

        Raises:
            StudentGone: there was no answer.
        """
        tree, error = self.ask("run", grade_id, source)
        if error is not None:
            return error
        if type(tree) is not list or tree[:1] != ["error"]:
            self.gone = "no answer"
            raise StudentGone(self.gone)
        return error_told(tree[1:]) if len(tree) > 1 else None


def error_told(told: Any) -> tuple[str, str, int, str]:
    """What the student's process says of an error, each part of it checked.

    Raises:
        Malformed: it says nothing of the kind.
    """
    if type(told) is not list or [type(part) for part in told] != [str, str, int, str]:
        raise values.Malformed("no error")
    name, text, line, base = told
    kind = getattr(builtins, base, None)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise values.Malformed("no error")
    name = "".join(filter(str.isprintable, name))[:100] or "Error"
    return name, text[:2000], line, base
