"""The session in a worker: a fresh kernel's behaviour, outputs and their caps."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

from utils.check.verdict import _is_cell

ROOT = Path(__file__).parents[4]


class Nursery:
    """The resident parent of `shell_nursery.py`, and what it says of itself."""

    def __init__(self, home: Path):
        home.mkdir()
        env = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
        env |= {"MPLCONFIGDIR": matplotlib.get_cachedir(), "OMP_NUM_THREADS": "1"}
        program = Path(__file__).with_name("shell_nursery.py")
        pipe, command = subprocess.PIPE, [sys.executable, program]
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, cwd=home, env=env
        )
        self.facts = json.loads(self._process.stdout.readline())

    def ask(self, *cells: str, **request) -> dict:
        """Fork, run cells, and give what `shell_nursery._answer` says."""
        line = json.dumps({"cells": cells, **request})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "failed" not in answer, answer["failed"]
        return answer

    def run(self, *cells: str, **request) -> list[dict]:
        """How each of the cells ended, in a fork of their own."""
        return self.ask(*cells, **request)["runs"]

    def close(self) -> None:
        with self._process:
            self._process.stdin.close()


@pytest.fixture(scope="module")
def nursery(tmp_path_factory):
    made = Nursery(tmp_path_factory.mktemp("nursery") / "home")
    yield made
    made.close()


def text(run: dict) -> str:
    """What a cell printed, to both streams."""
    streams = (o["text"] for o in run["outputs"] if o["output_type"] == "stream")
    return "".join(streams)


def kinds(run: dict) -> list[str]:
    return [output["output_type"] for output in run["outputs"]]


def value(run: dict) -> str:
    """The plain text of a cell's last line."""
    return run["outputs"][-1]["data"]["text/plain"]


# The resident parent


def test_making_the_shell_starts_no_thread(nursery):
    assert (nursery.facts["threads"], nursery.facts["tasks"]) == (1, 1)


def test_making_the_shell_opens_no_database_no_socket_no_profile(nursery):
    facts = nursery.facts
    assert not facts["sqlite"] and not facts["zmq"]
    assert facts["home"] == [] and facts["main"]
    assert facts["files"] == []


# As in a fresh kernel

NAMES = "sorted(globals())"
PROBE = """
import builtins, os, signal, sys, warnings
import matplotlib.pyplot as plt
import torch
r = {
    "name": __name__,
    "main": sys.modules["__main__"].__dict__ is globals(),
    "builtins": type(__builtins__).__name__,
    "threads": (torch.get_num_threads(), torch.get_num_interop_threads()),
    "dtype": torch.get_default_dtype(),
    "recursion": sys.getrecursionlimit(),
    "interrupt": signal.getsignal(signal.SIGINT).__name__,
    "stdout": (sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable()),
    "prompt": sys.ps1,
    "path": sys.path.count(""),
    "shadowed": sorted(n for n in ("open", "exit", "quit") if n in globals()),
    "builtin": sorted(n for n in ("display", "get_ipython") if hasattr(builtins, n)),
    "gradients": torch.is_grad_enabled(),
}
"""
SECOND = """
names = "dpi", "figsize", "facecolor"
r["figure"] = [plt.rcParams[f"figure.{name}"] for name in names]
r["backend"] = plt.get_backend(), plt.isinteractive(), plt.get_fignums()
r["history"] = In[0], len(In), sorted(Out), _i[:9], [*map(str, _dh)] == [os.getcwd()]
r
"""
WARN = 'import warnings\nwarnings.warn("old", DeprecationWarning)'
QUIET = 'warnings.warn_explicit("old", DeprecationWarning, "lib.py", 1, module="lib")'
FIGURE = "plt.plot([1, 2], [3, 4]);"
PLOTTER = "plt.get_backend(), plt.isinteractive(), plt.rcParams['interactive']"
LAST = "_, Out[4], _4"
CELLS = NAMES, PROBE, SECOND, "7", LAST, WARN, QUIET, FIGURE, PLOTTER


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> list[dict]:
    """The cells' outputs from a real kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("kernel"))}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        client = NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources=folder
        )
        client.execute()
    return [{"outputs": cell.outputs} for cell in notebook.cells]


@pytest.fixture(scope="module")
def child(nursery) -> list[dict]:
    """The cells' outputs from a fork."""
    return nursery.run(*CELLS)


@pytest.mark.parametrize("cell", [NAMES, SECOND, LAST, PLOTTER])
def test_a_fork_has_what_a_fresh_kernel_has(kernel, child, cell):
    number = CELLS.index(cell)
    assert value(child[number]) == value(kernel[number])


def test_warnings_are_shown_and_hidden_as_in_a_kernel(kernel, child):
    shown, hidden = CELLS.index(WARN), CELLS.index(QUIET)
    for run in kernel, child:
        assert "DeprecationWarning: old" in text(run[shown])
        assert text(run[hidden]) == ""


def test_a_figure_is_displayed_at_the_end_of_its_cell(kernel, child):
    figure = CELLS.index(FIGURE)
    bundles = [run[figure]["outputs"][-1]["data"] for run in (kernel, child)]
    assert bundles[0].keys() == bundles[1].keys() == {"image/png", "text/plain"}
    assert bundles[0]["text/plain"] == bundles[1]["text/plain"]


def test_a_figure_in_the_first_cell_of_all_is_displayed(nursery):
    first = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1]);"
    assert "image/png" in nursery.run(first)[0]["outputs"][-1]["data"]


def test_what_the_parent_drew_and_set_is_gone(nursery):
    plot = "import matplotlib.pyplot as plt\n"
    warm = f"{plot}plt.plot([1])\nplt.rcParams['figure.dpi'] = 7"
    cell = f"{plot}plt.get_fignums(), plt.rcParams['figure.dpi']"
    run = nursery.run(cell, before=warm)[0]
    assert value(run) == "([], 100.0)" and len(run["outputs"]) == 1


DRAW = """
import random
import numpy
import torch
random.random(), numpy.random.rand(), torch.rand(1).item()
"""


def test_each_child_draws_other_random_numbers(nursery):
    first, second = (eval(value(nursery.run(DRAW)[0])) for _ in range(2))
    assert all(a != b for a, b in zip(first, second, strict=True))


def test_children_that_are_not_reseeded_draw_the_same(nursery):
    out = "import course.grade.worker.shell as s\ns.reseed = lambda: None"
    draws = (eval(value(nursery.run(DRAW, before=out)[0])) for _ in range(2))
    first, second = draws
    assert first[1:] == second[1:]  # Python's own generator sees to itself


def test_the_work_folder_is_where_cells_are_and_import_from(nursery, tmp_path):
    (tmp_path / "helper_of_mine.py").write_text("x = 5")
    run = nursery.run(
        "import os, helper_of_mine as h\nos.getcwd(), h.x", folder=str(tmp_path)
    )
    assert value(run[0]) == repr((str(tmp_path), 5))


def test_names_of_the_session_are_the_shells(nursery):
    after = "answer['x'] = shell.names['x']"
    assert nursery.ask("x = 3", after=after)["x"] == 3


def test_classes_of_cells_can_be_pickled_and_functions_have_their_source(nursery):
    cells = (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int",
        "import pickle\npickle.loads(pickle.dumps(A(4))).x",
        "def f(x):\n    return x  # mine",
        "import inspect\nprint(inspect.getsource(f))",
        "f.__code__.co_filename",
    )
    runs = nursery.run(*cells)
    assert value(runs[1]) == "4"
    assert text(runs[3]).rstrip() == "def f(x):\n    return x  # mine"
    assert _is_cell(ast.literal_eval(value(runs[4])))


def test_there_is_a_get_ipython_and_no_kernel(nursery):
    run = nursery.run("hasattr(get_ipython(), 'kernel'), get_ipython() is not None")
    assert value(run[0]) == "(False, True)"


def test_a_cell_can_await(nursery):
    cell = "import asyncio\nawait asyncio.sleep(0.01)\nprint('awake')"
    assert [text(run) for run in nursery.run(cell, cell)] == ["awake\n"] * 2


# Outputs


def test_outputs_come_in_the_order_in_which_they_were_made(nursery):
    cell = "import sys\nprint(1)\ndisplay(2)\nprint(3, file=sys.stderr)\nprint(4)\n5"
    outputs = nursery.run(cell)[0]["outputs"]
    assert outputs == [
        {"output_type": "stream", "name": "stdout", "text": "1\n"},
        {"output_type": "display_data", "data": {"text/plain": "2"}, "metadata": {}},
        {"output_type": "stream", "name": "stderr", "text": "3\n"},
        {"output_type": "stream", "name": "stdout", "text": "4\n"},
        {
            "output_type": "execute_result",
            "data": {"text/plain": "5"},
            "metadata": {},
            "execution_count": 1,
        },
    ]


def test_outputs_are_what_a_notebook_can_hold(nursery):
    cells = ("print(1)\n1", "1 / 0", "import pandas as pd\npd.DataFrame({'a': [1]})")
    for run in nursery.run(*cells):
        cell = nbformat.v4.new_code_cell("", outputs=run["outputs"])
        nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_a_data_frame_is_shown_as_a_table(nursery):
    run = nursery.run("import pandas as pd\npd.DataFrame({'a': [1]})")[0]
    assert "<table" in run["outputs"][0]["data"]["text/html"]


def test_a_semicolon_hides_the_value(nursery):
    assert nursery.run("5;")[0]["outputs"] == []


def test_outputs_can_be_cleared_and_updated(nursery):
    clear = "from IPython.display import clear_output, display\n"
    clear += "for i in range(99):\n    clear_output(wait=True)\n    display(i)"
    update = "handle = display(1, display_id=True)\nhandle.update(2)\nhandle.update(3)"
    for run, last in zip(nursery.run(clear, update), ("98", "3"), strict=True):
        assert kinds(run) == ["display_data"] and value(run) == last


def test_a_replaced_stdout_is_put_back_for_the_next_cell(nursery):
    spoil = (
        "import io, sys\nsys.stdout.close()\nsys.stdout = sys.stderr = io.StringIO()"
    )
    assert text(nursery.run(spoil, "print(5)")[1]) == "5\n"


def test_what_functions_show_outside_cells_is_collected(nursery):
    define = (
        "import matplotlib.pyplot as plt\ndef f():\n    print(1)\n    plt.plot([1])"
    )
    after = (
        "with shell.capturing() as out:\n    shell.names['f']()\nanswer['out'] = out"
    )
    printed, figure = nursery.ask(define, after=after)["out"]
    assert printed["text"] == "1\n" and "image/png" in figure["data"]


# Caps

NO_CAP = "from course.grade.worker.outputs import Outputs as O\n"
NO_CAP += "O._room = lambda self: 10**12"


@pytest.mark.parametrize(
    "cell",
    [
        "for i in range(10**6):\n    print(i)",
        "for i in range(1000):\n    print('x' * 10**6)",
        "'y' * 2 * 10**6",
        "print('\\N{GREEK SMALL LETTER ALPHA}' * 10**6)",
    ],
)
def test_a_gigabyte_of_prints_costs_little_and_its_head_is_kept(nursery, cell):
    answer = nursery.ask(cell)
    run = answer["runs"][0]
    size = len(json.dumps(run["outputs"], ensure_ascii=False).encode())
    assert answer["peak"] < 100 and 99_900 < size < 125_000
    assert text(run).endswith("... output cut after 100 kB\n")


def test_of_one_huge_string_only_the_head_is_kept(nursery):
    answer = nursery.ask("x = 'x' * 200_000_000", "print(x)")
    assert len(text(answer["runs"][1])) < 101_000
    assert answer["peak"] < 260  # the student's own string, and no copy of it


def test_without_the_cap_prints_cost_what_they_hold(nursery):
    cell = "for i in range(80):\n    print('x' * 10**6)"
    answer = nursery.ask(cell, before=NO_CAP)
    assert answer["peak"] > 100


def test_all_cells_share_the_room_of_a_submission(nursery):
    cells = ["print('x' * 900)"] * 4
    caps = {"cell_text_bytes": 1000, "total_text_bytes": 2000}
    runs = nursery.run(*cells, caps=caps)
    sizes = [text(run).count("x") for run in runs]
    assert sizes == [900, 900, 198, 0]
    assert "output cut after 2 kB in all" in text(runs[3])


def test_displays_are_counted_and_figures_too_many_are_not_drawn(nursery):
    many = "for i in range(60):\n    display(i)"
    figures = "import matplotlib.pyplot as plt\nfor i in range(6):\n    plt.figure()\n"
    figures += "    plt.plot([1])"
    before = (
        "import IPython.core.pylabtools as p\nfrom matplotlib.figure import Figure\n"
    )
    before += "drawn = []\nold = Figure.draw\n"
    before += "Figure.draw = lambda self, r: drawn.append(id(self)) or old(self, r)\n"
    first = nursery.run(many)[0]
    assert len(first["outputs"]) == 51
    assert text(first) == "... 10 more displays cut after 50\n"
    after = "answer['drawn'] = len(set(drawn))"
    answer = nursery.ask(figures, caps={"displays": 3}, before=before, after=after)
    assert answer["drawn"] <= 3 and "3 more displays cut" in text(answer["runs"][0])


LARGE = "import matplotlib.pyplot as plt\nplt.figure(figsize=(70, 3))\nplt.plot([1]);"
FAR = "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.text(1.2, 0, 'far away');"


@pytest.mark.parametrize("cell", [LARGE, FAR])
def test_a_huge_figure_is_named_and_not_drawn(nursery, cell):
    run = nursery.run(cell)[0]
    assert set(run["outputs"][-1]["data"]) == {"text/plain"}
    assert "figure not drawn:" in value(run) and "over 4096" in value(run)
    drawn = nursery.run(cell, before="shell._ipython.figure_pixels = 10**5")[0]
    assert "image/png" in drawn["outputs"][-1]["data"]


SIZES = """
from matplotlib.backends import backend_agg
widths = [0]
class Renderer(backend_agg.RendererAgg):
    def __init__(self, width, height, dpi):
        super().__init__(width, height, dpi)
        widths.append(width)
backend_agg.RendererAgg = Renderer
"""
OUT = f"{SIZES}import matplotlib.pyplot as plt\n"
OUT += "from matplotlib._pylab_helpers import Gcf\nplt.draw_all = Gcf.draw_all"


@pytest.mark.parametrize("before, most", [(SIZES, 4096), (OUT, 7000)])
def test_a_huge_figure_is_not_drawn_behind_the_scenes_either(nursery, before, most):
    answer = nursery.ask(LARGE, before=before, after="answer['width'] = max(widths)")
    assert answer["width"] in ((7000,) if most == 7000 else range(most))


def test_a_figure_may_be_saved_larger_than_it_is_shown(nursery):
    cell = f"{LARGE[:-1]}\nplt.savefig('large.png')\nplt.close()\ndisplay(5)"
    run = nursery.run(cell, folder=None)[0]
    assert run["error"] == "" and value(run) == "5"


def test_a_picture_of_too_many_bytes_is_left_out(nursery):
    run = nursery.run(
        "import matplotlib.pyplot as plt\nplt.plot([1]);", caps={"image_bytes": 100}
    )[0]
    assert set(run["outputs"][0]["data"]) == {"text/plain"}
    assert text(run) == "... 1 large pictures or pages left out\n"


# Magics


@pytest.mark.parametrize(
    "cell, said",
    [
        ("!touch made", "!touch made"),
        ("!!touch made", "!touch made"),
        ("%system touch made", "!touch made"),
        ("get_ipython().system('touch made')", "!touch made"),
        ("get_ipython().system_raw('touch made')", "!touch made"),
        ("%%bash\ntouch made", "%%bash"),
        ("%%script sh\ntouch made", "%%script sh"),
        ("%%sh\ntouch made", "%%sh"),
        ("%load_ext autoreload\n%mkdir made", "!mkdir made"),
        ("%pip install made", "%pip install made"),
        ("%conda install made", "%conda install made"),
        ("%edit made", "%edit made"),
        ("%debug", "%debug"),
        ("%pdb on", "%pdb on"),
        ("y = 1\n%store y", "%store y"),
        ("%autosave 60", "%autosave 60"),
        ("%alias made touch made\n%made", "!touch made"),
    ],
)
def test_no_program_is_started_and_the_cell_goes_on(nursery, tmp_path, cell, said):
    cell = cell if cell.startswith("%%") else f"{cell}\nprint('on')"
    run, after = nursery.run(cell, "1", folder=str(tmp_path))
    assert run["error"] == after["error"] == ""
    assert f"not run while grading: {said}\n" in text(run)
    assert text(run).endswith("on\n") or cell.startswith("%%")
    assert os.listdir(tmp_path) == []


def test_without_the_policy_a_program_is_started(nursery, tmp_path):
    before = "from course.grade.worker import interpreter as i, shell as s\n"
    before += "i.Interpreter.system = i.InteractiveShell.system_raw\n"
    before += "s.leave_out = lambda: None"
    nursery.run("!touch made", before=before, folder=str(tmp_path))
    assert os.listdir(tmp_path) == ["made"]


def test_what_a_command_would_have_said_is_an_empty_list(nursery):
    run = nursery.run("x = !ls\nx, x.n, get_ipython().getoutput('ls', split=False)")[0]
    assert value(run) == "([], '', '')"


@pytest.mark.parametrize(
    "cell, shown",
    [
        ("%time 1 + 1", "2"),
        ("%matplotlib inline\n3", "3"),
        ("%%capture c\nprint(1)\n1", ""),
        ("%%time\nz = 4\nz", "4"),
        ("%%writefile a.py\nq = 8", ""),
        ("%cd -q .\n%pwd\n6", "6"),
        ("%config InlineBackend.figure_format = 'svg'\n7", "7"),
    ],
)
def test_magics_of_python_run(nursery, tmp_path, cell, shown):
    run = nursery.run(cell, folder=str(tmp_path))[0]
    assert run["error"] == "" and "not run" not in text(run)
    assert not shown or value(run) == shown


def test_timeit_and_run_see_the_names_of_the_session(nursery, tmp_path):
    (tmp_path / "part.py").write_text("w = 8\nprint('part', __name__)")
    runs = nursery.run(
        "q = 1\n%timeit -n 1 -r 1 q + 1", "%run part.py\nw", folder=str(tmp_path)
    )
    assert "per loop" in text(runs[0])
    assert text(runs[1]) == "part __main__\n" and value(runs[1]) == "8"


def test_help_and_history_work_without_a_pager(nursery):
    runs = nursery.run("x = 5\nx?", "%history")
    assert [run["error"] for run in runs] == ["", ""]
    assert "x = 5" in text(runs[1])


# Ends


@pytest.mark.parametrize(
    "cell, name, said",
    [
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("x = = 1", "SyntaxError", "invalid syntax"),
        ("input()", "StdinNotImplementedError", "nobody to answer"),
        ("import getpass\ngetpass.getpass()", "StdinNotImplementedError", "nobody"),
        ("exit()", "SystemExit", ""),
        ("quit()", "SystemExit", ""),
        ("import sys\nsys.exit(3)", "SystemExit", "3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n1",
            *["KeyboardInterrupt", ""],
        ),
        ("def f(x):\n    return f(x)\nf(1)", "RecursionError", "maximum recursion"),
        ("x = [0] * 10**15", "MemoryError", ""),
        ("%nosuchmagic", "UsageError", "not found"),
        (
            "class E(Exception):\n    def __str__(self):\n        1 / 0\nraise E",
            "E",
            "can't be",
        ),
        ("raise ValueError('x' * 10**7)", "ValueError", "xxx"),
        ("raise ExceptionGroup('g', [ValueError()])", "ExceptionGroup", "g"),
    ],
)
def test_a_cell_that_fails_shows_it_and_the_next_one_runs(nursery, cell, name, said):
    run, after = nursery.run(
        f"print('before')\n{cell}" if name != "UsageError" else cell, "5"
    )
    (error,) = [o for o in run["outputs"] if o["output_type"] == "error"]
    assert run["error"] == error["ename"] == name
    assert said in error["evalue"] and value(after) == "5"
    assert len(json.dumps(run["outputs"])) < 15_000
    assert "\\u001b" not in json.dumps(run["outputs"])
    assert "course/grade" not in json.dumps(error)


def test_a_traceback_names_cells_and_lines(nursery):
    run = nursery.run("def f(x):\n    return 1 / x\nf(0)")[0]
    shown = "\n".join(run["outputs"][0]["traceback"])
    assert "Cell In[1], line 3" in shown and "Cell In[1], line 2 in f" in shown


def test_a_failed_check_is_shown_as_it_wants_to_be(nursery):
    cell = "from utils.check.errors import WrongAnswer\nraise WrongAnswer('f', 'Sign.')"
    assert nursery.run(cell)[0]["outputs"][0]["traceback"] == ["f: wrong.", "Sign."]


def test_of_many_errors_the_last_is_kept(nursery):
    cell = "class A:\n    def __repr__(self):\n        1 / 0\n"
    cell += "for i in range(200):\n    display(A())\nraise ValueError('last')"
    run = nursery.run(cell)[0]
    errors = [o for o in run["outputs"] if o["output_type"] == "error"]
    assert len(errors) == 10 and errors[-1]["evalue"] == "last"


# Wall time


@pytest.mark.parametrize(
    "cell",
    [
        "while True:\n    pass",
        "try:\n    while 1:\n        1\nexcept (Exception, KeyboardInterrupt):\n    1",
        "import asyncio\nawait asyncio.sleep(60)",
        "import asyncio\nwhile True:\n    await asyncio.sleep(0)",
        "import time\n%time time.sleep(60)",
        "class A:\n    def __repr__(self):\n        while True:\n            pass\nA()",
    ],
)
def test_a_cell_that_takes_too_long_is_stopped_and_the_next_one_runs(nursery, cell):
    run, after = nursery.run(
        cell, "import asyncio\nawait asyncio.sleep(0)\n5", seconds=0.3
    )
    errors = [o for o in run["outputs"] if o["output_type"] == "error"]
    assert run["error"] == errors[-1]["ename"] == "CellTimeout"
    assert errors[-1]["evalue"] == "stopped after 0.3 s"
    assert run["seconds"] < 3 and value(after) == "5"


def test_a_cell_that_swallows_its_alarm_gets_another_one(nursery):
    cell = "for i in range(2):\n    try:\n        while True:\n            pass\n"
    cell += "    except BaseException:\n        print(i)"
    run = nursery.run(cell, seconds=0.3)[0]
    assert text(run) == "0\n1\n" and run["seconds"] < 5


def test_no_alarm_is_left_after_a_cell(nursery):
    after = "import signal\nanswer['left'] = signal.getitimer(signal.ITIMER_REAL)[0]\n"
    after += "answer['free'] = signal.getsignal(signal.SIGALRM) == signal.SIG_DFL"
    cell = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)"
    answer = nursery.ask("1", cell, after=after)
    assert answer["left"] == 0 and answer["free"]


def test_a_function_called_outside_cells_has_a_time_limit_too(nursery):
    after = """
import signal, time
def alarm():
    return signal.getitimer(signal.ITIMER_REAL)[0]
with shell.capturing(seconds=60):
    try:
        with shell.capturing(seconds=0.2) as out:
            shell.names["f"]()
    except BaseException as error:
        answer["error"] = repr(error)
    answer["outer"] = alarm()
answer["out"], answer["left"] = out, alarm()
"""
    cell = "def f():\n    print(1)\n    while True:\n        pass"
    answer = nursery.ask(cell, after=after)
    assert answer["error"] == "CellTimeout('stopped after 0.2 s')"
    assert answer["out"][0]["text"] == "1\n"
    assert 40 < answer["outer"] < 60 and answer["left"] == 0


# Tampering with IPython

TRANSFORMER = "ip = get_ipython()\ndef spoil(lines):\n    return ['print(666)\\n']\n"
TREE = (
    "import ast\nclass T(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
)
TREE += "        return ast.Constant(666)\n"
ATTACKS = {
    f"{TRANSFORMER}ip.input_transformers_cleanup.append(spoil)": "input transformer",
    f"{TRANSFORMER}ip.input_transformers_post.append(spoil)": "input transformer",
    f"{TRANSFORMER}ip.input_transformer_manager.line_transforms[0] = spoil": "input",
    f"{TREE}get_ipython().ast_transformers.append(T())": "syntax tree transformer",
    "ip = get_ipython()\nip.events.register('pre_run_cell', lambda i: print(666))": (
        "callback for pre_run_cell"
    ),
    "ip = get_ipython()\nip.run_cell = lambda *a, **k: print(666)": "run_cell",
    "ip = get_ipython()\nip.user_ns = {'print': lambda x: display(666)}": "user_ns",
    "get_ipython().transform_cell = lambda raw: 'print(666)'": "transform_cell",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_can_not_rewrite_those_after_it_and_is_named(nursery, attack):
    answer = nursery.ask(attack, "print(1)")
    assert answer["runs"][1]["outputs"][0]["text"] == "1\n"
    assert len(answer["runs"][1]["outputs"]) == 1
    assert len(answer["tampering"]) == 1
    assert answer["tampering"][0].startswith("cell cell-0 re")
    assert ATTACKS[attack] in answer["tampering"][0]


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_putting_back_it_can(nursery, attack):
    before = "from course.grade.worker.tampering import Fittings\n"
    before += "Fittings.put_back = lambda self: []"
    # A magic: of what is Python already, IPython's transformers are not asked.
    after = nursery.run(attack, "%pwd\nprint(1)", before=before)[1]
    assert "666" in json.dumps(after["outputs"])


def test_honest_settings_are_left_alone_and_not_named(nursery):
    cells = (
        "%load_ext autoreload\n%autoreload 2",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.ioff()\nplt.ion()",
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'\n1\n2",
        "from IPython.core.magic import register_line_magic\n"
        "@register_line_magic\ndef hello(line):\n    print('hello')",
        "%hello",
        "plt.plot([1]);",
    )
    answer = nursery.ask(*cells)
    assert answer["tampering"] == []
    assert text(answer["runs"][4]) == "hello\n"
    assert "image/png" in answer["runs"][5]["outputs"][-1]["data"]
