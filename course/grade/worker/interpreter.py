"""IPython without a terminal, a kernel, a history file or a program that it starts.

Magics written in Python run: %time, %timeit, %matplotlib inline, %%capture, %%writefile
and so on; files land in the work folder. What needs a program, a person at the keyboard
or a home folder does not; one line says so, and the cell goes on:

    not run while grading: !ls

These are `!command`, `x = !command` (an empty list), %system, %alias and its aliases
(%ls, %cat ...), %%bash, %%script and its like, %pip, %conda, %edit, %debug, %pdb,
%store and what steers the notebook's page (%autosave, %clear ...). `%run file.py` runs
a file of the work folder; %load changes nothing, as in a kernel where nobody looks;
%history knows this session. `input()` raises StdinNotImplementedError; `exit()` ends
its cell with an error, and those that follow run.
"""

import ast
import contextlib
from contextlib import AbstractContextManager
from pathlib import Path

from IPython.core import page
from IPython.core.autocall import ExitAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magics import configured_script_magics
from IPython.utils.text import LSString, SList
from matplotlib.backends import backend_agg
from matplotlib.figure import Figure
from traitlets.config import Config

from course.grade.worker.outputs import Outputs

PACKAGES = ("pip", "conda", "mamba", "micromamba", "uv")
BY_HAND = ("debug", "edit", "ed", "pdb", "pastebin", "store")
PAGE = ("autosave", "clear", "connect_info", "less", "man", "more", "qtconsole")
NOT_RUN = frozenset((*PACKAGES, *BY_HAND, *PAGE, "killbgscripts", "script", "subshell"))

OWN_FRAME = f"  File {Path(__file__).parents[1]}"  # the engine's frames help no student


class FigureTooLarge(NotImplementedError):
    """A figure has too many pixels; IPython leaves out what "can't be represented"."""


class Publisher(DisplayPublisher):
    """Takes what `display` is called with."""

    def publish(self, data, metadata=None, *args, transient=None, update=False, **kw):
        self._validate_data(data, metadata)
        if self.shell.outputs is not None:
            name = (transient or {}).get("display_id")
            self.shell.outputs.display(data, metadata, name, update)

    def clear_output(self, wait=False):
        if self.shell.outputs is not None:
            self.shell.outputs.clear(wait)


class Result(DisplayHook):
    """Takes the value of a cell's last line."""

    def write_output_prompt(self):
        """Leave it to the page that shows the output."""

    def write_format_data(self, format_dict, md_dict=None):
        if self.shell.outputs is not None:
            count = self.prompt_count
            self.shell.outputs.display(format_dict, md_dict, count=count)

    def log_output(self, format_dict):
        """Keep no second copy in the history."""


class Formatter(DisplayFormatter):
    """Makes representations, of a figure only if it is of bearable size."""

    def format(self, obj, include=None, exclude=None):
        if not isinstance(obj, Figure):
            return super().format(obj, include, exclude)
        outputs = self.parent.outputs
        if outputs is not None and outputs.full:
            outputs.drop_display()  # drawing it would be for nothing
            return {}, {}
        with _canvas_limit(self.parent.figure_pixels) as sizes:
            data, metadata = super().format(obj, include, exclude)
        if sizes:
            width, height = sizes[-1]
            limit = self.parent.figure_pixels
            text = f"figure not drawn: {width:.0f} x {height:.0f} pixels, over {limit}"
            return {"text/plain": text}, {}
        return data, metadata


class Exit(ExitAutocall):
    """`exit` and `quit`: end the cell, not the session."""

    def __call__(self, keep_kernel=False):
        raise SystemExit("the cells that follow are run all the same")


class Interpreter(InteractiveShell):
    """The IPython that `get_ipython()` gives to a student's code."""

    display_pub_class = Publisher
    displayhook_class = Result

    def __init__(self, *args, figure_pixels: int, **kwargs):
        self.outputs: Outputs | None = None  # of the cell that runs
        self.figure_pixels = figure_pixels
        super().__init__(*args, **kwargs)
        self.db = {}  # in IPython a folder, for %cd and %bookmark
        self.not_run_magics = NOT_RUN | set(configured_script_magics(self.config))
        self.set_hook("show_in_pager", page.as_hook(_no_pager), 99)

    def init_ipython_dir(self, ipython_dir):
        """Have none: a student's session must not depend on a person's settings."""

    def init_profile_dir(self, profile_dir):
        """Have none."""

    def init_sys_modules(self):
        """Leave the resident parent its `__main__`; `begin` sets it in the child."""

    def transform_cell(self, raw_cell):
        """Leave Python as it is; IPython would take milliseconds to find that out."""
        if not raw_cell.partition("\n")[0].strip():  # it drops blank lines at the top
            return super().transform_cell(raw_cell)
        try:
            ast.parse(raw_cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return super().transform_cell(raw_cell)
        return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"

    def should_run_async(self, raw_cell, **kwargs):
        """Spare the compilation by which IPython would look for an `await`."""
        asks = "await" in raw_cell or "async" in raw_cell
        return asks and super().should_run_async(raw_cell, **kwargs)

    def init_display_formatter(self):
        self.display_formatter = Formatter(parent=self)

    def _exiter_default(self):
        return Exit(self)

    def _tee(self, channel: str) -> AbstractContextManager:
        """Keep no second copy of each print."""
        return contextlib.nullcontext()

    def _format_exception_for_storage(self, *args, **kwargs) -> dict:
        """Keep no second copy of a traceback."""
        return {}

    def enable_gui(self, gui=None):
        """There is no window to wait for."""

    def _showtraceback(self, etype, evalue, stb):
        if self.outputs is not None:
            frames = [entry for entry in stb if OWN_FRAME not in entry]
            self.outputs.error(etype.__name__, message_of(evalue), frames)

    def _find_with_lazy_load(self, /, type_, magic_name):
        # Not registered in the magics' place: a class of magics that is loaded later
        # would put the originals back.
        if magic_name not in self.not_run_magics:
            return super()._find_with_lazy_load(type_, magic_name)
        sign = "%" if type_ == "line" else "%%"
        return lambda line, cell="": self.not_run(f"{sign}{magic_name} {line}")

    def not_run(self, what: str) -> None:
        """Say what was left out."""
        print(f"not run while grading: {what.strip().partition(chr(10))[0][:80]}")

    def system(self, cmd):
        """Start no program."""
        self.not_run(f"!{cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        """Start no program."""
        self.not_run(f"!{cmd}")
        return SList() if split else LSString()


def make_interpreter(figure_pixels: int) -> Interpreter:
    """The one IPython of this process; starts no thread and opens no file.

    Args:
        figure_pixels: the largest height and width of a figure that is drawn.
    """
    config = Config()
    config.HistoryManager.enabled = False  # else: a database, and a thread for it
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"  # "Context" takes 1 s for a RecursionError
    return Interpreter.instance(config=config, figure_pixels=figure_pixels)


def message_of(error: BaseException) -> str:
    """What an error says; a stranger's `__str__` may fail."""
    try:
        return str(error)
    except Exception:
        return "(its message can't be shown)"


def _no_pager(*args, **kwargs):
    """What `name?` says opens beside a notebook and is no output."""


@contextlib.contextmanager
def _canvas_limit(pixels: int):
    """Draw no larger canvas; gives the list of sizes that were refused.

    The check is at the canvas and not at the figure's size, for a text far outside the
    axes makes the saved picture larger than the figure.
    """
    refused = []
    original = backend_agg.RendererAgg

    class Limited(original):
        def __init__(self, width, height, dpi):
            if max(width, height) > pixels:
                refused.append((width, height))
                raise FigureTooLarge
            super().__init__(width, height, dpi)

    backend_agg.RendererAgg = Limited
    try:
        yield refused
    finally:
        backend_agg.RendererAgg = original
