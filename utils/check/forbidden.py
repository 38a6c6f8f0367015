"""Calls that an exercise forbids, noticed however the student imported them."""

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from utils.check.errors import WrongAnswer
from utils.check.session import session

# A class is used by making an object of it, or through one that was made before.
METHODS = ("__init__", "forward", "step")


@contextlib.contextmanager
def forbidden(*names: str) -> Iterator[None]:
    """Demand that none of the named functions or classes is used inside.

    Noticed are functions written in Python, of any package; torch's own functions and
    the methods of tensors (`torch.sum` stands for `torch.Tensor.sum` too, and the
    other way round; `torch.Tensor.matmul` for `@`); and classes. It counts what is
    called, so an import under another name or a swallowed exception changes nothing.
    Calls that a Python function of torch makes count too: `nn.MSELoss` calls
    `mse_loss`. Not noticed: what torch does inside its C++ code, and functions written
    in C of other packages, such as NumPy's.

    Args:
        *names: dotted names, such as "torch.nn.functional.mse_loss", "torch.optim.SGD".

    Raises:
        WrongAnswer: one was called or made.
        ValueError: there is no such name, or its calls can't be noticed.
    """
    with noticed(*names) as called:
        yield
    refuse(called)


@contextlib.contextmanager
def noticed(*names: str) -> Iterator[list[str]]:
    """Note which of the named functions or classes are used inside, in a list."""
    called: list[str] = []
    with contextlib.ExitStack() as stack:
        for name in names:
            note = functools.partial(called.append, name)
            stack.enter_context(_watch(name, _resolve(name), note))
        yield called


def refuse(called: list[str]) -> None:
    """Raise `WrongAnswer` if anything forbidden was called."""
    if called:
        text = f"You called {called[0]}; this exercise asks you to do it from scratch."
        raise WrongAnswer(session.exercise, text, f"{called[0]} does the work")


def _resolve(name: str) -> Any:
    """The object behind a dotted name, modules imported on the way."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ModuleNotFoundError, AttributeError):
            module = importlib.import_module(".".join(parts[:cut]))
            return functools.reduce(getattr, parts[cut:], module)
    raise ValueError(f"check.forbidden: no such name: {name!r}")


def _watch(name: str, target: Any, note: Callable) -> contextlib.AbstractContextManager:
    if inspect.isclass(target) and _methods(target):
        return _watched_class(target, note)
    if inspect.isfunction(target):
        return _watched_code(_codes(target), note)
    if name.startswith("torch.") and inspect.isroutine(target):
        return _WatchedTorch(_twins(name, target), note)
    raise ValueError(f"check.forbidden can't notice calls of {name!r}")


class _WatchedTorch(TorchFunctionMode):
    """Notices calls of torch functions that are written in C++."""

    def __init__(self, functions: list, note: Callable):
        super().__init__()
        self.functions, self.note = functions, note

    def __torch_function__(self, func, types, args=(), kwargs=None):
        is_watched = any(func is function for function in self.functions)
        if is_watched and not _is_ours(sys._getframe(1)):
            self.note()
        return func(*args, **(kwargs or {}))


def _is_ours(frame: Any) -> bool:
    """Whether a check made this call, for its own ends."""
    while frame.f_globals.get("__name__") == __name__:  # it came by another watch
        frame = frame.f_back
    return frame.f_globals.get("__name__", "").startswith("utils.check.")


def _twins(name: str, target: Any) -> list:
    """The function and, for `torch.sum` or `torch.Tensor.sum`, the other of the two."""
    home, _, short = name.rpartition(".")
    other = {"torch": torch.Tensor, "torch.Tensor": torch}.get(home)
    return [target, getattr(other, short)] if hasattr(other, short) else [target]


@contextlib.contextmanager
def _watched_code(codes: set, note: Callable) -> Iterator[None]:
    """Notice calls of Python functions by their code, which all their names share."""
    before = sys.getprofile()

    def profile(frame, event, arg):
        if event == "call" and frame.f_code in codes and not _is_ours(frame.f_back):
            note()
        if before is not None:
            before(frame, event, arg)

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(before)


def _codes(function: Callable) -> set:
    """A function's code; behind a decorator, whose code many share, the inner one's."""
    function = inspect.unwrap(function)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    inner = [_codes(content) for content in cells if inspect.isfunction(content)]
    return set().union(*inner) or {function.__code__}


@contextlib.contextmanager
def _watched_class(cls: type, note: Callable) -> Iterator[None]:
    own = {method: vars(cls).get(method) for method in _methods(cls)}
    for method in own:
        setattr(cls, method, _noting(getattr(cls, method), note))
    try:
        yield
    finally:
        for method, original in own.items():
            if original is None:  # inherited
                delattr(cls, method)
            else:
                setattr(cls, method, original)


def _methods(cls: type) -> list[str]:
    return [name for name in METHODS if inspect.isfunction(getattr(cls, name, None))]


def _noting(method: Callable, note: Callable) -> Callable:
    @functools.wraps(method)
    def noting(self, *args, **kwargs):
        if not _is_ours(sys._getframe(1)):
            note()
        return method(self, *args, **kwargs)

    return noting
