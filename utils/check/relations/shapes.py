"""Shapes alone: how one relates to the right one."""

from math import prod


def explain_shape(right: tuple[int, ...], got: tuple[int, ...]) -> str:
    """How a shape relates to the right one, in words; "" if nobody can say."""
    if right == got:
        return ""
    if _plain(right) == _plain(got) and len(right) != len(got):
        return f"an axis of size 1 too {'many' if len(got) > len(right) else 'few'}"
    if sorted(right) == sorted(got):
        name = "transposed" if len(right) == 2 else "the axes are in another order"
        return name
    if len(got) == 1 and prod(right) == got[0]:
        return "flattened to one axis"
    for axis in range(len(right)):
        if right[:axis] + right[axis + 1 :] == got and right[axis] > 1:
            return f"axis {axis} is missing"
    for axis in range(len(got)):
        if got[:axis] + got[axis + 1 :] == right and got[axis] > 1:
            return f"one axis too many: axis {axis}"
    return ""


def _plain(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size != 1]
