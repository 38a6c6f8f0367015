"""Loops, read from an answer's compiled source.

A loop is `for`, `while`, a comprehension or a generator expression: any jump backwards;
and what calls a function for each of many items: `map`, `functools.reduce`,
`torch.vmap`, `numpy.vectorize` and their like. A function that calls itself, at any
distance, loops too; that shows while it runs.
"""

import dis
from types import CodeType, FrameType

_NAMES = """
map filter reduce starmap accumulate vmap vectorize apply_along_axis frompyfunc
apply_over_axes fromiter apply_ map_ map2_ applymap
"""
REPEATING = frozenset(_NAMES.split())


def loop_in(code: CodeType) -> str:
    """What loops in a function's own code, "" if nothing does.

    Args:
        code: that of one function; those defined in it have code of their own.
    """
    if any(_is_jump_back(step.opname) for step in dis.get_instructions(code)):
        return "a loop"
    return next((name for name in code.co_names if name in REPEATING), "")


def _is_jump_back(opname: str) -> bool:
    """Whether an instruction goes back; `yield from` and `await` do so to wait."""
    return "JUMP_BACKWARD" in opname and "NO_INTERRUPT" not in opname


def recurs(frame: FrameType) -> bool:
    """Whether a function that begins runs already, further out."""
    outer = frame.f_back
    while outer is not None and outer.f_code is not frame.f_code:
        outer = outer.f_back
    return outer is not None
