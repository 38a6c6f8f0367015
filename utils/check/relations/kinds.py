"""Results of another kind than the right one, dtypes and parts of pairs."""

from utils.check.compare import same
from utils.check.outcome import Outcome
from utils.check.relations.case import (
    SEQUENCES,
    Case,
    Found,
    Relation,
    evidence,
    numbers,
)

NOUNS = {
    "tensor": "a tensor",
    "array": "a NumPy array",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "int": "an int",
    "float": "a float",
    "bool": "a bool",
    "str": "a text",
}
NUMBERS = ("int", "float", "bool")
ORDINALS = ("first", "second", "third")


def kinds(case: Case) -> Found:
    """Nothing returned; another kind with the right values; part of a pair."""
    right, got = case.right, case.got
    if got.kind == "none":
        when = "" if case.is_first else " in this case"
        is_result = case.made_by and not case.is_part
        words = f"nothing is returned{when}" if is_result else "None, not a value"
        yield Relation(words, is_fact=True)
    elif right.kind != got.kind and {right.kind, got.kind} <= NOUNS.keys():
        yield from _another_kind(case)
    elif {right.kind, got.kind} <= {"tensor"} and right.dtype != got.dtype:
        yield from _another_dtype(case)


def _another_kind(case: Case) -> Found:
    right, got = case.right, case.got
    if right.kind in SEQUENCES and len(right.data) > 1:
        yield from _one_of_several(right, got)
    if got.kind in SEQUENCES and got.data and same(right, got.data[0]):
        more = "more than that" if len(got.data) > 1 else "inside of it"
        asked, given = NOUNS[right.kind], NOUNS[got.kind]
        if len(got.data) == 1:
            words = f"the right value stands inside {given} of one item"
        else:
            words = f"{given} with {more} where {asked} alone is asked"
        yield Relation(words, is_fact=True)
    if case.pair is None or right.kind in SEQUENCES and got.kind in SEQUENCES:
        return
    want, have = case.pair
    if want.numel() == have.numel() and case.agree(want.flatten(), have.flatten()):
        words = f"{NOUNS[got.kind]} where {NOUNS[right.kind]} is asked"
        yield Relation(f"{words}, with the right values", is_fact=True)


def _one_of_several(right: Outcome, got: Outcome) -> Found:
    """A pair is asked, one of its items is given."""
    count = len(right.data)
    is_number = numbers(got) is not None and evidence(numbers(got)) == 0
    if count > len(ORDINALS) or is_number:
        return
    for place, item in enumerate(right.data):
        if same(item, got):
            words = f"only the {ORDINALS[place]} of {count} results is returned"
            yield Relation(words, is_fact=True)


def _another_dtype(case: Case) -> Found:
    if case.pair is None or case.pair[0].shape != case.pair[1].shape:
        return
    want, have = case.pair
    given = case.got.dtype
    if case.agree(want, have):
        yield Relation(f"the right values in another dtype, {given}", is_fact=True)
    is_whole = not case.got.data.is_floating_point()
    if given == "bool" and have.any() and not have.all():
        if case.agree((want != 0).double(), have) and evidence(want) > 2:
            yield Relation("True and False in place of numbers", is_fact=True)
    elif is_whole and case.right.data.is_floating_point() and evidence(want) > 3:
        for cut in (want.trunc(), want.floor(), want.round(), want.ceil()):
            if case.agree(cut, have):
                words = "the right values cut to whole numbers"
                yield Relation(words, is_fact=True)
