"""Whether an answer may reach torch by a way that Python's calls don't show.

A compiled or traced function, torch's insides and gradients do their work below; to see
it, each operation has to be looked at where PyTorch dispatches it, which costs several
microseconds. An answer that names none of these ways is spared that.
"""

from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

_WAYS = """
jit script trace compile export fx ops _C _VF load_library DisableTorchFunction
DisableTorchFunctionSubclass _disable_current_modes getattr attrgetter methodcaller eval
exec __import__ import_module globals vars locals __dict__ __globals__ modules
backward grad run_backward _engine_run_backward vjp jacrev jacfwd jacobian hessian
"""
WAYS = frozenset(_WAYS.split())
INSIDES = ("torch._", "torch.jit", "torch.fx", "torch.utils._", "importlib")


def may_go_below(answer: Any, names: Mapping[str, Any], parts: Callable) -> bool:
    """Whether an answer, or what it names, may work where only dispatch shows it.

    Args:
        answer: what the exercise's name stands for.
        names: the names of the notebook.
        parts: gives what an object that is no plain function consists of.
    """
    todo, met = [answer], set()
    while todo:
        thing = todo.pop()
        if id(thing) in met:
            continue
        met.add(id(thing))
        if _is_inside(thing):
            return True
        todo += parts(thing)
        if is_a(thing, FunctionType) and thing.__globals__ is names:
            used = set(_names_in(thing.__code__))
            if used & WAYS:
                return True
            todo += [names[name] for name in used if name in names]
            todo += [c.cell_contents for c in thing.__closure__ or () if is_full(c)]
    return False


def _is_inside(thing: Any) -> bool:
    """Whether an object is of torch's insides: a traced function, a private module."""
    if is_a(thing, ModuleType):
        return f"{thing.__name__}.".startswith(INSIDES)
    cls = thing if is_a(thing, type) else type(thing)
    return str(cls.__module__).startswith(INSIDES)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _names_in(const)


def is_a(thing: Any, cls: type | tuple) -> bool:
    """Whether an object is of a class; `isinstance` would ask the object."""
    return issubclass(type(thing), cls)


def is_full(cell: Any) -> bool:
    """Whether a variable of an enclosing function has a value yet."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
