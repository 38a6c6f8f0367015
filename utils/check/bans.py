"""What a ban is about: a family of work, a module, a class or a function."""

import contextlib
import functools
import importlib
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any

import torch

from utils.check.families import FAMILIES, LOOPS, NOTHING, Family

# A class is used by making an object of it, or through one that was made before.
METHODS = ("__init__", "forward", "step")
FROM_SCRATCH = "this exercise asks you to do it from scratch"


@dataclass(frozen=True)
class Ban:
    """One thing that an answer may not do.

    Args:
        text: as the author wrote it: "convolution except cross_correlate".
        subject: the name of a family, or a dotted name.
        spared: names of given functions that may do it for the student.
        family: the family, None for a dotted name and for loops.
        modules: modules whose Python code may not run.
        codes: code of functions that may not run, by its id; with the class whose
            method it is, or None.
        functions: functions of torch written in C.
    """

    text: str
    subject: str
    spared: tuple[str, ...]
    family: Family | None
    modules: tuple[str, ...]
    codes: dict[int, tuple[CodeType, type | None]]
    functions: tuple[Callable, ...]

    @property
    def has_operations(self) -> bool:
        """Whether it is about operations of torch."""
        family = self.family
        return family is not None and (family.ops != NOTHING or family.by_arguments)

    @property
    def mistake(self) -> str:
        """The name of the mistake of who does it all the same."""
        if self.subject == LOOPS:
            return "a loop, where none is allowed"
        if self.family is None:
            return f"{self.subject} does the work"
        return f"a library does {self.family.work}"

    @property
    def instead(self) -> str:
        """What is asked, as the end of a message."""
        if self.subject == LOOPS:
            return "this exercise asks you to do without a loop"
        if self.family is None:
            return FROM_SCRATCH
        return f"this exercise asks you to do {self.family.work} from scratch"


@functools.cache
def read_ban(text: str) -> Ban:
    """Read a ban: a family or a dotted name, `except` given functions.

    Raises:
        ValueError: there is no such name, or its use can't be noticed.
    """
    subject, _, spared = (part.strip() for part in text.partition(" except "))
    names = tuple(name.strip() for name in spared.split(" and ") if name.strip())
    if subject == LOOPS:
        return Ban(text, subject, names, None, (), {}, ())
    if family := FAMILIES.get(subject):
        codes: dict = {}
        for member in family.members:
            codes |= _codes_of(resolve(member))
        return Ban(text, subject, names, family, family.modules, codes, ())
    return _dotted(text, subject, names)


def _dotted(text: str, name: str, spared: tuple[str, ...]) -> Ban:
    target = resolve(name)
    if inspect.ismodule(target):
        return Ban(text, name, spared, None, (name, *_made_in(target)), {}, ())
    if codes := _codes_of(target):
        return Ban(text, name, spared, None, (), codes, ())
    if name.startswith("torch.") and inspect.isroutine(target):
        return Ban(text, name, spared, None, (), {}, _twins(name, target))
    raise ValueError(f"check.forbidden can't notice calls of {name!r}")


def covers(ban: Ban, name: str) -> bool:
    """Whether a ban watches what a text calls by this name, dotted or bare."""
    short = name.rpartition(".")[2]
    if ban.family is not None and ban.family.ops.search(short):
        return True
    members = ban.family.members if ban.family else (ban.subject,)
    places = [*ban.modules, *members]
    if any(f"{name}.".startswith(f"{place}.") for place in places):
        return True
    # Only there a bare name is looked for: to import all libraries takes seconds.
    near = [p for p in places if p.partition(".")[0] in ("torch", "torchvision")]
    return any(_ends_in(place, short) for place in near)


def _ends_in(place: str, short: str) -> bool:
    """Whether a dotted name ends in a bare one, or names a module that defines it."""
    target = resolve(place)
    found = vars(target).get(short) if inspect.ismodule(target) else None
    home = getattr(found, "__module__", None) or ""
    return f"{home}.".startswith(f"{place}.") or place.rpartition(".")[2] == short


def resolve(name: str) -> Any:
    """The object behind a dotted name, modules imported on the way.

    Raises:
        ValueError: there is none; says which families there are.
    """
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        with contextlib.suppress(ModuleNotFoundError, AttributeError, ValueError):
            module = importlib.import_module(".".join(parts[:cut]))
            return functools.reduce(getattr, parts[cut:], module)
    families = ", ".join(sorted((*FAMILIES, LOOPS)))
    raise ValueError(
        f"check.forbidden: no such name: {name!r}; write a dotted name such as "
        f"torch.optim.SGD, or one of the families: {families}"
    )


def _made_in(module: types.ModuleType) -> list[str]:
    """Other modules in which a module's own functions are written, as torch.func's."""
    found = [inspect.unwrap(each) for each in vars(module).values() if callable(each)]
    return sorted(
        {
            each.__globals__["__name__"]
            for each in found
            if inspect.isfunction(each) and each.__module__ == module.__name__
        }
        - {module.__name__}
    )


def _codes_of(target: Any) -> dict[int, tuple[CodeType, type | None]]:
    """The code that runs when a class or a Python function is used; none of others."""
    if inspect.isclass(target):
        found = [getattr(target, method, None) for method in METHODS]
        codes = [m.__code__ for m in found if inspect.isfunction(m)]
        return {id(code): (code, target) for code in codes}
    target = inspect.unwrap(target) if callable(target) else target
    if not inspect.isfunction(target):
        return {}
    return {id(code): (code, None) for code in _inner(target)}


def _inner(function: types.FunctionType) -> set[CodeType]:
    """A function's code; behind a decorator, whose code many share, the inner one's."""
    function = inspect.unwrap(function)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    inner = [_inner(content) for content in cells if inspect.isfunction(content)]
    return set().union(*inner) or {function.__code__}


def _twins(name: str, target: Any) -> tuple[Callable, ...]:
    """The function and, for `torch.sum` or `torch.Tensor.sum`, the other of the two."""
    home, _, short = name.rpartition(".")
    other = {"torch": torch.Tensor, "torch.Tensor": torch}.get(home)
    return (target, getattr(other, short)) if hasattr(other, short) else (target,)
