"""The IPython session in which a student's cells run, inside a locked-in worker.

The resident parent makes it once, before it forks; each child calls `begin` and then
has what a fresh kernel has. See `interpreter` for what becomes of magics.
"""

import builtins
import contextlib
import getpass
import importlib
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import PIL.Image
from IPython.core import async_helpers
from IPython.core.error import StdinNotImplementedError

from course.grade.worker.interpreter import Interpreter, make_interpreter, message_of
from course.grade.worker.not_done import leave_out
from course.grade.worker.outputs import Budget, Caps, Outputs
from course.grade.worker.stream import Stream
from course.grade.worker.tampering import Fittings

INLINE = "module://matplotlib_inline.backend_inline"
AGAIN_S = 1  # a cell that survives its alarm gets another one


class CellTimeout(BaseException):
    """A cell ran for too long.

    No Exception and no KeyboardInterrupt: `except Exception` and a training loop that
    can be interrupted by hand would go on.
    """


@dataclass(frozen=True)
class Ran:
    """How one cell ended.

    Args:
        outputs: what it showed, as nbformat has it: a stranger's data.
        error: what ended it early, None if nothing did.
    """

    outputs: list[dict]
    error: BaseException | None


class Shell:
    """A session for one student's cells.

    Args:
        ipython: the IPython below.
        caps: how much the cells may show.
    """

    def __init__(self, ipython: Interpreter, caps: Caps):
        self._ipython, self._caps = ipython, caps
        self._streams = Stream("stdout", ipython), Stream("stderr", ipython)
        self._budget = Budget(caps)
        self._style = matplotlib.rcParams.copy()
        self._fittings: Fittings | None = None
        self._last_cell = ""
        self.tampering: list[str] = []  # what cells did to IPython, in words

    @property
    def names(self) -> dict:
        """The names that cells define and use; those of the module `__main__`."""
        return self._ipython.user_ns

    def begin(self, folder: Path | None = None) -> None:
        """Become a fresh session; in the child, before the first cell.

        Args:
            folder: the work folder; None stays in the present one.
        """
        os.chdir(folder or ".")
        sys.modules["__main__"] = self._ipython.user_module
        sys.argv = ["ipykernel_launcher.py"]
        _find_modules_in_work_folder()
        self._ipython.history_manager.dir_hist[:] = [Path.cwd()]
        self._clean_matplotlib()
        reseed()
        leave_out()
        builtins.input = getpass.getpass = _no_input
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # Python's own default, set anew: what the parent was warned of is shown again.
        warnings.filterwarnings("default", "", DeprecationWarning, "__main__")
        warnings.filterwarnings("ignore", "To exit: use", UserWarning)  # it can't help
        sys.stdout, sys.stderr = self._streams
        self._fittings = Fittings(self._ipython)

    def run(self, source: str, grade_id: str, seconds: float = 60) -> Ran:
        """Run a cell.

        Args:
            source: its text.
            grade_id: its name, for what is said of it.
            seconds: wall time, after which CellTimeout is raised in it.
        """
        self._put_back()
        self._last_cell = grade_id
        with self._collecting() as (collected, outputs):
            error = self._execute(source, seconds)
            if error is not None and not collected.has_error:
                self._ipython._showtraceback(type(error), error, [message_of(error)])
        self._put_back()
        return Ran(outputs, error)

    @contextlib.contextmanager
    def capturing(self, seconds: float = 60) -> Iterator[list[dict]]:
        """Collect what a student's code shows when it is called outside a cell.

        Args:
            seconds: wall time, after which CellTimeout is raised in it.

        Returns:
            A list that holds the outputs once the block has ended.
        """
        with self._collecting() as (_, outputs):
            try:
                with _alarm(seconds):
                    yield outputs
            finally:
                inline = sys.modules.get("matplotlib_inline.backend_inline")
                if inline is not None:
                    inline.flush_figures()

    @contextlib.contextmanager
    def _collecting(self) -> Iterator[tuple[Outputs, list[dict]]]:
        before, outputs = self._ipython.outputs, []
        collected = Outputs(self._caps, self._budget)
        self._ipython.outputs = collected
        sys.stdout, sys.stderr = self._streams
        try:
            yield collected, outputs
        finally:
            self._ipython.outputs = before
            sys.stdout, sys.stderr = self._streams  # a cell may have put others there
            outputs.extend(collected.close())

    def _execute(self, source: str, seconds: float) -> BaseException | None:
        try:
            with _alarm(seconds):
                result = self._ipython.run_cell(source, store_history=True)
                error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # an alarm while IPython draws figures, say
            error = raised
            signal.setitimer(signal.ITIMER_REAL, 0)  # or while it was being stopped
        if isinstance(error, CellTimeout):
            async_helpers._asyncio_event_loop = None  # the next cell gets an idle one
        return error

    def _clean_matplotlib(self) -> None:
        """Undo what the parent drew and set while it warmed up."""
        plt.close("all")
        for name, value in matplotlib.rcParams.copy().items():
            if name not in ("backend", "interactive") and value != self._style[name]:
                matplotlib.rcParams[name] = self._style[name]

    def _put_back(self) -> None:
        found = self._fittings.put_back()
        self.tampering += [f"cell {self._last_cell} {words}" for words in found]


def make_shell(caps: Caps | None = None) -> Shell:
    """Make the session, once, in the resident parent, before it forks.

    Starts no thread, reads no profile and touches no file of the person who grades.

    Args:
        caps: how much a submission may show.
    """
    caps = caps or Caps()
    ipython = make_interpreter(caps.figure_pixels)
    _use_inline_backend()
    _import_what_cells_need(ipython)
    return Shell(ipython, caps)


def _use_inline_backend() -> None:
    os.environ["MPLBACKEND"] = INLINE
    if matplotlib.get_backend(auto_select=False) is None:
        # As in a kernel, the first figure loads the backend and sets it up.
        matplotlib.rcParams["backend"] = INLINE
    else:
        matplotlib.use(INLINE)
    # pyplot calls this after each cell. Here it would draw each figure once more than
    # it is shown, and at any size.
    plt.draw_all = lambda force=False: None


def _import_what_cells_need(ipython: Interpreter) -> None:
    """Import here what IPython imports late, which would cost every child 30 ms."""
    late = ("logger", "pylabtools", "magics.execution")
    names = ("asyncio", "bdb", *(f"IPython.core.{name}" for name in late))
    for name in names:
        importlib.import_module(name)
    PIL.Image.preinit()
    try:
        raise ValueError
    except ValueError as error:  # the first traceback imports the highlighter
        kind, traceback = type(error), error.__traceback__
        ipython.InteractiveTB.structured_traceback(kind, error, traceback)


def reseed() -> None:
    """Give each child its own random numbers; those of the parent were copied.

    What Python's hashes of texts start from can't be changed once it runs: all children
    of a parent have the same, another one each time that a class is graded.
    """
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.seed()


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def stop(signum, frame):
        raise CellTimeout(f"stopped after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    begun = time.monotonic()
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_S)
    try:
        yield
    finally:
        left = max(outer - (time.monotonic() - begun), 0.001) if outer else 0
        signal.setitimer(signal.ITIMER_REAL, left, AGAIN_S)  # 0 stops it
        signal.signal(signal.SIGALRM, before)


def _find_modules_in_work_folder() -> None:
    """As a kernel does: after the standard library, before what is installed."""
    if "" not in sys.path:
        installed = ("site-packages", "dist-packages")
        places = [i for i, path in enumerate(sys.path) if path.endswith(installed)]
        sys.path.insert(min(places, default=len(sys.path)), "")


def _no_input(prompt="", stream=None):
    raise StdinNotImplementedError("there is nobody to answer: input() can't be used")
