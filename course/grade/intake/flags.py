"""What a person should look at: signs that a submission tampers with its grading.

A flag takes no points and proves nothing. `look_at` reads the student's sources and
runs nothing; `Watch` compares libraries before and after, in the student's own process,
which may lie.
"""

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType

from course.grade.intake.ways_round import ways_round
from course.grade.plan import Cell

STUDENTS_CODE = ("answer", "extra")
MAX_SOURCE = 100_000  # characters of one cell; its tree takes a hundred times as much
MAX_FLAGS = 20
MAX_FLAG = 200  # characters


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Modules that no exercise needs, by the first part of their name.
IMPORTS = _words(
    """ctypes cffi socket ssl urllib requests http subprocess multiprocessing pty signal
    atexit resource gc builtins course nbgrader nbformat bdb mmap"""
)
# Names after a dot that lead out of the student's own code.
FRAMES = _words(
    """_getframe _current_frames currentframe getouterframes f_globals f_locals f_back
    f_builtins tb_frame gi_frame cr_frame"""
)
INSIDES = _words(
    """__globals__ __closure__ __code__ __builtins__ __subclasses__ cell_contents
    __self__ __wrapped__"""
)
MEMORY = frozenset({"get_objects", "get_referrers", "get_referents"})
TRACING = frozenset({"settrace", "setprofile", "meta_path", "path_hooks"})
SHELL = _words(
    """input_transformers_post input_transformers_cleanup input_transformer_manager
    ast_transformers set_custom_exc user_ns displayhook"""
)
ATTRIBUTES = {
    "looks at frames": FRAMES,
    "looks into functions": INSIDES,
    "looks through memory": MEMORY,
    "hooks into the interpreter": TRACING,
    "changes IPython": SHELL,
}
# What a module has that no exercise needs.
OF_MODULES = {
    "os": "_exit kill abort fork system popen environ getenv getppid pipe dup2 execv",
    "sys": "modules",
    "signal": "alarm setitimer signal",
    "inspect": "stack currentframe",
}
RUNS_TEXT = ("exec", "eval", "compile", "__import__")
# Names of the given cells that a cell may not take for itself.
GIVEN = frozenset({"check", "torch", "nn", "np", "random", "builtins"})
LIBRARIES = _words("torch torchvision numpy random builtins utils math json")
CHANGEABLE = re.compile(r"torch\.backends\.")  # switches that torch means to be set
SPECIAL_METHODS = _words(
    """__torch_function__ __torch_dispatch__ __array__ __instancecheck__ __class__
    __del__ __getattribute__"""
)
# An exercise whose test has this forbids something.
BANS = "check.forbidden("
GRADERS = frozenset({"CheckFailed", "WrongAnswer", "NotAttempted", "StudentGone"})
FILES = re.compile(r"\.ipynb\b|^/proc\b|^/etc\b|gradebook|\.\./")


def look_at(cells: Iterable[Cell]) -> list[str]:
    """Flags for what stands in a student's own code; never raises.

    Call it in a process that may be lost: a hostile text can end Python's parser.

    Args:
        cells: a submission's cells.
    """
    found: list[str] = []
    cells = list(cells)
    banned = {c.exercise for c in cells if c.kind == "test" and BANS in c.source}
    for cell in cells:
        if cell.kind in STUDENTS_CODE:
            # A cell that a student added may help any answer.
            is_banned = cell.exercise in banned or (cell.kind == "extra" and banned)
            signs = dict.fromkeys(_signs(cell.source, bool(is_banned)))  # each once
            found += [f"cell {cell.grade_id} {sign}" for sign in signs]
    return bounded(found)


def bounded(flags: object) -> list[str]:
    """At most `MAX_FLAGS` short printable texts of what may be anything."""
    texts = [flag for flag in flags if type(flag) is str] if _is_list(flags) else []
    texts = [re.sub(r"[^\x20-\x7e]", "?", text[:MAX_FLAG]) for text in texts]
    texts = list(dict.fromkeys(texts))
    more = f"and {len(texts) - MAX_FLAGS} more signs of tampering"
    return [*texts[:MAX_FLAGS], more] if len(texts) > MAX_FLAGS else texts


def _is_list(value: object) -> bool:
    return type(value) is list


def _signs(source: str, is_banned: bool) -> Iterator[str]:
    if len(source) > MAX_SOURCE:
        yield "is too long to be looked at"
        return
    try:
        tree = _parse(source)
        aliases = {name: name for name in LIBRARIES} | {"np": "numpy", "check": "utils"}
        aliases |= {"nn": "torch.nn", "F": "torch.nn.functional", **_aliases(tree)}
        yield from _taken_names(tree)
        for node in ast.walk(tree):
            yield from _signs_of(node, aliases)
            if is_banned:
                yield from ways_round(node, partial(_path, aliases=aliases))
    except SyntaxError:
        return  # nothing of such a cell runs
    except (ValueError, RecursionError, MemoryError):
        yield "can't be parsed"


def _parse(source: str) -> ast.Module:
    """The tree of a cell, its magics and shell lines left out."""
    lines = source.split("\n")
    if source.lstrip().startswith("%%"):  # %%time and its like, above plain code
        first = next(place for place, line in enumerate(lines) if line.strip())
        lines[first] = ""
    code = (re.sub(r"^(\s*)(?:%\w.*|!.*)$", r"\1pass", line) for line in lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse("\n".join(code))


def _aliases(tree: ast.Module) -> dict[str, str]:
    """What names that a cell imports stand for: "nn" for "torch.nn"."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                found[alias.asname or name] = name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _taken_names(tree: ast.Module) -> Iterator[str]:
    """Names of the given cells that a cell defines anew at its top level."""
    for node in tree.body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        for name in GIVEN.intersection(names):
            yield f"gives the name {name} another meaning"


def _signs_of(node: ast.AST, aliases: dict[str, str]) -> Iterator[str]:
    """The signs in one node of a tree."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node)
    elif isinstance(node, ast.Attribute):
        yield from _attribute(node, aliases)
    elif isinstance(node, ast.Call):
        yield from _call(node, aliases)
    elif isinstance(node, ast.ClassDef):
        yield from _class(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if len(node.value) < 300 and FILES.search(node.value):
            yield f"names the file {node.value[:60]!r}"
    elif isinstance(node, ast.Name) and node.id == "__builtins__":
        yield "uses __builtins__"


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    modules = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        parts = OF_MODULES.get(module, "").split()
        modules = [module]
        for alias in node.names:
            if alias.name in parts or alias.name in FRAMES:
                yield f"imports {module}.{alias.name}"
    for module in modules:
        root, _, rest = module.partition(".")
        if root in IMPORTS or (root == "IPython" and rest.startswith("core")):
            yield f"imports {module}"
        elif module == "unittest.mock":
            yield "imports unittest.mock"


def _attribute(node: ast.Attribute, aliases: dict[str, str]) -> Iterator[str]:
    path = _path(node, aliases)
    root, _, rest = path.partition(".")
    is_change = isinstance(node.ctx, (ast.Store, ast.Del))
    if is_change and root in LIBRARIES and rest and not CHANGEABLE.match(path):
        yield f"changes {path}"
    for words, names in ATTRIBUTES.items():
        if node.attr in names:
            yield f"{words} ({node.attr})"
    if path.count(".") == 1 and node.attr in OF_MODULES.get(root, "").split():
        yield f"uses {path}"
    if node.attr == "register" and "events" in path.split("."):
        yield "changes IPython (events.register)"


def _call(node: ast.Call, aliases: dict[str, str]) -> Iterator[str]:
    if not isinstance(node.func, ast.Name):
        return
    name = node.func.id
    if name in RUNS_TEXT:
        yield f"runs text as code ({name})"
    if name in ("setattr", "delattr") and node.args:
        path = _path(node.args[0], aliases)
        if path.partition(".")[0] in LIBRARIES and not CHANGEABLE.match(f"{path}."):
            yield f"changes {path}"


def _class(node: ast.ClassDef) -> Iterator[str]:
    for item in node.body:
        name = getattr(item, "name", "")
        if name in SPECIAL_METHODS:
            yield f"defines a class with {name}"
    if node.name in GRADERS:
        yield f"names an exception {node.name}"


def _path(node: ast.AST, aliases: dict[str, str]) -> str:
    """A dotted name in full: "torch.nn.Linear" for `nn.Linear`; "" for what is none."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([aliases.get(node.id, node.id), *reversed(parts)])


# What tests rely on and hostile code likes to replace. Few, because a look at an
# object writes to its count of references, and a forked process then copies the page.
WATCHED = {
    "builtins": "abs all any isinstance issubclass len max min print round sum type",
    "random": "random seed",
    "numpy": "allclose array_equal isclose",
    "torch": "allclose equal isclose manual_seed no_grad tensor zeros",
    "torch.Tensor": "__eq__ __ne__ __bool__ __sub__ all any item tolist backward",
    "torch.nn.Module": "__call__ __getattr__ parameters named_parameters state_dict",
    "torch.nn.functional": "cross_entropy mse_loss relu",
    "torch.nn": "Linear Module Parameter Sequential",
    "utils.check": "close equal exercise forbidden hidden module probe shape true",
}


class Watch:
    """Functions and classes of libraries as they were before the first cell."""

    def __init__(self):
        self._before = [
            (path, place, {name: vars(place).get(name) for name in names.split()})
            for path, names in WATCHED.items()
            if (place := _place(path)) is not None
        ]

    def changes(self) -> list[str]:
        """What was replaced since, in words."""
        found = []
        for path, place, before in self._before:
            now = vars(place)
            found += [
                f"{path}.{name} was replaced while the cells ran"
                for name, value in before.items()
                if now.get(name) is not value
            ]
            if isinstance(place, ModuleType) and sys.modules.get(path) is not place:
                found.append(f"the module {path} was replaced while the cells ran")
        if sys.gettrace() is not None or sys.getprofile() is not None:
            found.append("a trace of the interpreter was left behind")
        return found


def _place(path: str) -> ModuleType | type | None:
    """A module that is loaded, or a class of one."""
    module, _, name = path.rpartition(".")
    return sys.modules.get(path) or vars(sys.modules.get(module) or sys).get(name)
