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
# Of Python 3.11; from 3.12 on only a generator expression has code of its own.
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
# What Python 3.12 and later do between a comprehension's iterator and its loop: put
# the outer variables of the same names aside and make the empty result.
_OPENING = (
    *("LOAD_FAST_AND_CLEAR", "MAKE_CELL", "SWAP"),
    *("BUILD_LIST", "BUILD_SET", "BUILD_MAP"),
)


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
        if step.opname == "FOR_ITER":
            made = _iterator_of(steps, place)
            if made is not None and not _is_written_out(steps, made):
                counted = True
        if _is_jump_back(steps, place) and ops[step.argval] != "FOR_ITER":
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
        if step.opname == "GET_ITER" and waiting and not _opens_loop(steps, place):
            comprehension = waiting.pop()
            if _is_written_out(steps, place):
                found.add(id(comprehension))
    return found


def _iterator_of(steps: list[dis.Instruction], place: int) -> int | None:
    """Where the iterator of a FOR_ITER is made; None if the code was handed it."""
    place -= 1
    while steps[place].opname in _OPENING:
        place -= 1
    return place if steps[place].opname == "GET_ITER" else None


def _opens_loop(steps: list[dis.Instruction], place: int) -> bool:
    """Whether the iterator that is made here is gone over in the same code."""
    return steps[place + 1].opname in ("FOR_ITER", *_OPENING)


def _is_written_out(steps: list[dis.Instruction], place: int) -> bool:
    """Whether the iterator that is made here goes over a tuple or list display."""
    before = steps[place - 1]
    is_constant = before.opname == "LOAD_CONST" and type(before.argval) is tuple
    return is_constant or before.opname in ("BUILD_TUPLE", "BUILD_LIST")


def _is_jump_back(steps: list[dis.Instruction], place: int) -> bool:
    """Whether an instruction goes back, but for those of `yield from` and `await`,
    which do so to wait, or, in Python 3.12, after an error was thrown into them.
    """
    opname, waits = steps[place].opname, steps[place - 1].opname == "CLEANUP_THROW"
    return "JUMP_BACKWARD" in opname and "NO_INTERRUPT" not in opname and not waits


def recurs(frame: FrameType) -> bool:
    """Whether a function that begins runs already, further out."""
    outer = frame.f_back
    while outer is not None and outer.f_code is not frame.f_code:
        outer = outer.f_back
    return outer is not None
