"""Loops, read from an answer's compiled source.

A loop is `for`, `while`, a comprehension or a generator expression; and what calls a
function for each of many items: `map`, `functools.reduce`, `torch.vmap`,
`numpy.vectorize` and their like. A function that calls itself, at any distance, loops
too; that shows while it runs. No loop is one over a tuple or a list that is written
out, `for W in (W_q, W_k, W_v)`: it saves words and goes over no data.
"""

import dis
from types import CodeType, FrameType

_NAMES = """
map filter reduce starmap accumulate vmap vectorize apply_along_axis frompyfunc
apply_over_axes fromiter apply_ map_ map2_ applymap
"""
REPEATING = frozenset(_NAMES.split())
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


def loop_in(code: CodeType, is_written_out: bool = False) -> str:
    """What loops in a function's own code, "" if nothing does.

    Args:
        code: that of one function; those defined in it have code of their own.
        is_written_out: whether it is a comprehension over items that are written out.
    """
    steps = list(dis.get_instructions(code))
    ops = {step.offset: step.opname for step in steps}
    # A comprehension's first FOR_ITER goes over what it was given.
    counted = code.co_name in COMPREHENSIONS and not is_written_out
    for place, step in enumerate(steps):
        is_own = step.opname == "FOR_ITER" and steps[place - 1].opname == "GET_ITER"
        if is_own and not _is_written_out(steps, place - 1):
            counted = True
        if _is_jump_back(step.opname) and ops[step.argval] != "FOR_ITER":
            counted = True  # `while`
    if counted:
        return "a loop"
    return next((name for name in code.co_names if name in REPEATING), "")


def written_out(code: CodeType) -> set[int]:
    """The ids of those comprehensions in a function that go over written-out items."""
    steps, waiting, found = list(dis.get_instructions(code)), [], set()
    for place, step in enumerate(steps):
        if isinstance(step.argval, CodeType) and step.argval.co_name in COMPREHENSIONS:
            waiting.append(step.argval)
        is_for = steps[min(place + 1, len(steps) - 1)].opname == "FOR_ITER"
        if step.opname == "GET_ITER" and not is_for and waiting:
            comprehension = waiting.pop()
            if _is_written_out(steps, place):
                found.add(id(comprehension))
    return found


def _is_written_out(steps: list[dis.Instruction], place: int) -> bool:
    """Whether the iterator that is made here goes over a tuple or list display."""
    before = steps[place - 1]
    is_constant = before.opname == "LOAD_CONST" and type(before.argval) is tuple
    return is_constant or before.opname in ("BUILD_TUPLE", "BUILD_LIST")


def _is_jump_back(opname: str) -> bool:
    """Whether an instruction goes back; `yield from` and `await` do so to wait."""
    return "JUMP_BACKWARD" in opname and "NO_INTERRUPT" not in opname


def recurs(frame: FrameType) -> bool:
    """Whether a function that begins runs already, further out."""
    outer = frame.f_back
    while outer is not None and outer.f_code is not frame.f_code:
        outer = outer.f_back
    return outer is not None
