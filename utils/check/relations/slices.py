"""A number added, or a factor, that is another one at each place along an axis."""

from functools import partial

from utils.check.relations.case import Case, Found, Relation, evidence

ENOUGH = 6  # evidence: three numbers that aren't whole
MANY = 4  # numbers at each place of the axis
NONZERO = 3  # of these: one alone always has a factor


def slices(case: Case) -> Found:
    """A number of its own added, or a factor of its own, at each place of an axis."""
    if case.pair is None or case.pair[0].shape != case.pair[1].shape or case.is_right:
        return
    right = case.pair[0]
    if right.ndim < 2 or evidence(right) < ENOUGH:
        return
    for axis in range(right.ndim):
        for words, is_met in (
            ("a number of its own is missing or too much", _is_added_by_slice),
            ("a factor of its own is missing or too much", _is_scaled_by_slice),
        ):
            holds = partial(is_met, axis)
            if right.numel() / right.shape[axis] >= MANY and holds(case):
                yield Relation(f"{words} at each place along axis {axis}", holds)


def _is_added_by_slice(axis: int, case: Case) -> bool:
    if case.got is case.right:
        return False  # this earlier value would have been changed too
    right, got = (x.movedim(axis, 0).flatten(1) for x in case.pair)
    more = got - right
    first = more[:, :1]
    is_wide = (right.amax(1) - right.amin(1) > 1e-3).all()
    return bool(is_wide) and case.agree(right + first, got)


def _is_scaled_by_slice(axis: int, case: Case) -> bool:
    if case.got is case.right:
        return False
    right, got = (x.movedim(axis, 0).flatten(1) for x in case.pair)
    best = right.abs().argmax(1, keepdim=True)
    factor = got.gather(1, best) / right.gather(1, best)
    is_wide = ((right.abs() > 1e-3).sum(1) >= NONZERO).all()
    is_real = factor.isfinite().all() and (factor.abs() > 1e-3).all()
    return bool(is_wide and is_real) and case.agree(right * factor, got)
