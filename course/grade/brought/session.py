"""The student's process: runs cells, and is asked what a test calls.

Runs in the locked-in worker beside the student's code and is trusted with nothing.
Questions are lists: an operation, its arguments, and how many seconds it may take;
answers are [tree, error or None, outputs].
"""

import contextlib
import traceback
from pathlib import Path
from typing import Any

from course.grade.bridge.frames import TooLarge, Wire, WireError
from course.grade.brought import values
from course.grade.brought.why import line_in, text_of
from course.grade.intake.flags import Watch

# What a judge may do with an object of the student's. Comparisons are not among it: an
# object that says of itself that it is right is no answer.
OPERATIONS = {
    "call": lambda function, *args, **kwargs: function(*args, **kwargs),
    "getattr": getattr,
    "setattr": setattr,
    "len": len,
    "list": list,
    "getitem": lambda owner, key: owner[key],
    "setitem": lambda owner, key, value: owner.__setitem__(key, value),
    "str": str,
    "repr": repr,
}
CELL = "<ipython-input"  # how IPython's names of cells begin


def serve(wire: Wire, shell) -> None:
    """Answer the judge until it hangs up.

    Args:
        wire: the connection to the judge.
        shell: the `Shell` that runs cells and keeps what they show.
    """
    session = Session(shell)
    with contextlib.suppress(WireError):
        while True:
            question, blobs = wire.receive()
            try:
                wire.send(session.answer(question, blobs), [])
            except TooLarge as error:
                wire.send([None, ["TooLarge", str(error), 0, "ValueError"], []], [])


class Session:
    """A submission's names, and what of them the judge has asked for.

    Args:
        shell: the `Shell` below.
    """

    def __init__(self, shell):
        self.shell, self.watch = shell, Watch()
        self.known: list[Any] = []  # what the judge refers to by its place

    def answer(self, question: list, blobs: list) -> list:
        """Do what the judge asks; what the student's code raises is an answer too."""
        operation, *parts, seconds = question
        self.outputs: list[dict] = []
        try:
            tree, error = getattr(self, f"do_{operation}")(parts, blobs, seconds), None
        except BaseException as raised:  # whatever the student's code raised
            tree, error = None, _told(raised)
        return [tree, error, self.outputs]

    def do_files(self, paths: list, blobs: list, seconds: float) -> None:
        """Put files into the work folder, before the first cell."""
        for path, content in zip(paths, blobs, strict=True):
            place = Path(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    def do_run(self, parts: list, blobs: list, seconds: float) -> list:
        """Run a cell, or a test where that is the way; its error is told beside it."""
        grade_id, source = parts
        ran = self.shell.run(source, grade_id, seconds=seconds)
        self.outputs = ran.outputs
        return ["error", *(_told(ran.error) if ran.error is not None else ())]

    def do_name(self, parts: list, blobs: list, seconds: float) -> Any:
        """What a name of the notebook stands for."""
        (name,) = parts
        if name not in self.shell.names:
            raise NameError(f"name {name!r} is not defined")
        return self._pack(self.shell.names[name])

    def do_apply(self, parts: list, blobs: list, seconds: float) -> Any:
        """One operation on the student's objects, as a test would do it itself.

        Returns:
            the result, and what became of arguments that were changed.
        """
        name, *trees = parts
        args, kwargs = (values.unpack(tree, self._resolve) for tree in trees)
        with self.shell.capturing(seconds=seconds) as self.outputs:
            result = OPERATIONS[name](*args, **kwargs)
            packed = self._pack(result)
            given = [*args, *kwargs.values()]
            after = [self._pack(v) if values.can_change(v) else None for v in given]
            return ["list", packed, ["list", *after]]

    def do_forget(self, parts: list, blobs: list, seconds: float) -> None:
        """A test is over."""
        self.known.clear()

    def do_tampering(self, parts: list, blobs: list, seconds: float) -> list:
        """What cells did to IPython and to libraries, in words."""
        return ["list", *self.shell.tampering, *self.watch.changes()]

    def _pack(self, value: Any) -> Any:
        return values.pack(value, self._refer)

    def _refer(self, value: Any) -> list:
        self.known.append(value)
        name = getattr(value, "__name__", type(value).__name__)
        kind = "function" if callable(value) else "object"
        return [kind, len(self.known) - 1, str(name)[:100]]

    def _resolve(self, tree: list) -> Any:
        kind, number = tree[:2]
        if kind != "known":
            raise values.Malformed("no value")
        return self.known[number]


def _told(error: BaseException) -> list:
    """An error for the judge: class, text, line of the cell, nearest builtin class."""
    bases = (cls for cls in type(error).__mro__ if cls.__module__ == "builtins")
    name = type(error).__name__
    return [name, text_of(error), line_in(error, CELL), next(bases).__name__]


def format_error(error: BaseException) -> list[str]:
    """An error as an output shows it."""
    return traceback.format_exception_only(error)
