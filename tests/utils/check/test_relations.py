"""A wrong value is told by its relation to the right one, or by nothing at all.

`TOLD` are values that get words, `SILENT` their near misses: values for which the words
would be false, or which agree with them by chance.
"""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils import check
from utils.check.outcome import freeze
from utils.check.relations import explain
from utils.check.relations.case import Case, evidence
from utils.check.relations.shapes import explain_shape

V = torch.tensor([2.5, 0.3, 7.25, 4.1, -3.3])
M = torch.tensor([[2.5, 0.3, 7.25, 4.1], [1.7, 6.2, -0.4, 3.9], [5.5, 0.9, 8.3, 2.2]])
T = torch.arange(24.0).reshape(2, 3, 4).sin() + 2.5
P = torch.tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
SQUARE = torch.arange(16.0).reshape(4, 4).cos() + 3
N = "N = 5 being a size here"
MOVED = V.clone()
MOVED[0] = 9.9  # shifted, with another value at the edge
MOVED[1:] = V[:-1]
LAST = M.clone()
LAST[-1] += 1
DIAGONAL = SQUARE + torch.diag(torch.tensor([1.0, 2.0, 3.0, 4.0]))
UPPER = SQUARE + torch.ones(4, 4).triu(1)
RIM = SQUARE.clone()
RIM[1:3, 1:3] -= 1
NAN = torch.where(V < 0, torch.nan, V)

TOLD = {
    "nothing": (V, None, "nothing is returned"),
    "a list": (V, V.tolist(), "a list where a tensor is asked, with the right values"),
    "an array": (
        V,
        V.numpy(),
        "a NumPy array where a tensor is asked, with the right values",
    ),
    "a float": (
        torch.tensor(2.5),
        2.5,
        "a float where a tensor is asked, with the right values",
    ),
    "a tensor": (
        3,
        torch.tensor([3]),
        "a tensor where an int is asked, with the right values",
    ),
    "dtype": (V, V.double(), "the right values in another dtype, float64"),
    "cut": (V, V.long(), "the right values cut to whole numbers"),
    "bool": (
        torch.tensor([2.5, 0.0, 7.25]),
        torch.tensor([True, False, True]),
        "True and False in place of numbers",
    ),
    "first": ((V, M), V, "only the first of 2 results is returned"),
    "second": ((V, M), M, "only the second of 2 results is returned"),
    "swapped": ((V, M), (M, V), "the right results, in another order"),
    "inside": (V, (V,), "the right value stands inside a tuple of one item"),
    "more": (V, (V, M), "a tuple with more than that where a tensor alone is asked"),
    "transposed": (M, M.T, "the right numbers, transposed"),
    "permuted": (
        T,
        T.permute(2, 0, 1),
        "the right numbers, their axes in another order",
    ),
    "read": (
        T,
        T.permute(1, 0, 2).reshape(2, 3, 4),
        "the right numbers, but read in the order of other axes",
    ),
    "reversed": (V, V.flip(0), "the right numbers, reversed"),
    "columns reversed": (M, M.flip(1), "the right numbers, reversed along axis 1"),
    "turned": (M, M.flip(0, 1), "the right numbers, turned by 180 degrees"),
    "rolled": (V, V.roll(1), "the right numbers, shifted by one place"),
    "shifted": (V, MOVED, "the right numbers, shifted by one place"),
    "sorted": (V, V.sort().values, "the right numbers, but sorted"),
    "rows": (M, M[[1, 0, 2]], "the right rows, in another order"),
    "columns": (M, M[:, [1, 0, 2, 3]], "the right columns, in another order"),
    "shuffled": (V, V[[1, 0, 3, 2, 4]], "the right numbers, in another order"),
    "short": (V, V[:-1], "the last of the right numbers is missing"),
    "late": (V, V[1:], "the first of the right numbers is missing"),
    "long": (
        V,
        torch.cat([V, torch.tensor([1.1])]),
        "one at the end too many, beside the right numbers",
    ),
    "rim": (
        M,
        torch.nn.functional.pad(M, [1] * 4),
        "a rim around the right numbers",
    ),
    "part": (SQUARE, SQUARE[:2, :3], "only a part of the right numbers"),
    "one": (V, V[-1:], "only the last of the right numbers"),
    "text": ("abcde", "edcba", "the right letters, reversed"),
    "items": (["ab", "c", "d"], ["c", "d"], "the first of the right items is missing"),
    "axis": (V, V[:, None], "the right numbers with an axis of size 1 too many"),
    "squeezed": (V[:, None], V, "the right numbers with an axis of size 1 too few"),
    "flat": (M, M.flatten(), "the right numbers, flattened"),
    "view": (M, M.reshape(2, 6), "the right numbers in another shape"),
    "repeated": (V, V.expand(5, 5), "the right value, repeated along an axis too many"),
    "broadcast": (
        V,
        V[:, None] + V - V[None, :] * 1.0 + torch.ones(5, 5).triu(1),
        "N by N numbers with the right ones on the diagonal: shapes were broadcast",
    ),
    "sign": (V, -V, "the sign is turned round"),
    "twice": (V, 2 * V, "twice the right value"),
    "half": (torch.tensor(4.3125), torch.tensor(2.15625), "half the right value"),
    "N times": (V, 5 * V, f"N times the right value, {N}"),
    "by N": (V, V / 5, f"the right value divided by N, {N}"),
    "root": (V, V * 5**0.5, f"the square root of N times the right value, {N}"),
    "N - 1": (V, V * 5 / 4, f"N / (N - 1) times the right value, {N}"),
    "ratio": (M, M * 4 / 3, "4 / 3 times the right value: both are sizes here"),
    "factor": (V, 0.7 * V, "0.7 times the right value, everywhere"),
    "added": (V, V + 0.7, "0.7 more than the right value, everywhere"),
    "one less": (V, V - 1, "1 less than the right value, everywhere"),
    "bias": (
        M,
        M + torch.tensor([[1.0], [2.0], [5.0]]),
        "a number of its own is missing or too much at each place along axis 0",
    ),
    "scale": (
        M,
        M * torch.tensor([[1.5], [2.5], [5.0]]),
        "a factor of its own is missing or too much at each place along axis 0",
    ),
    "squared": (V, V**2, "the square of the right value"),
    "not squared": (V**2, V, "the right value is the square of this"),
    "square root": (
        M[0].sqrt(),
        M[0].sqrt().sqrt(),
        "the square root of the right value",
    ),
    "exp": (V, V.exp(), "the exponential of the right value"),
    "log": (M[0], M[0].log(), "the logarithm of the right value"),
    "sigmoid": (V.sigmoid(), V, "the right value is the sigmoid of this"),
    "abs": (V, V.abs(), "the absolute value of the right value"),
    "relu": (V, V.relu(), "the positive part of the right value"),
    "reciprocal": (V, 1 / V, "the reciprocal of the right value"),
    "complement": (P[0], 1 - P[0], "one minus the right value"),
    "softmax": (
        M,
        M.softmax(1),
        "the softmax of the right value along axis 1",
    ),
    "logits": (M.softmax(1), M, "the right value is the softmax of this along axis 1"),
    "running": (V, V.cumsum(0), "the running sum of the right value"),
    "not divided": (
        P,
        P * torch.tensor([[3.0], [5.5]]),
        "the right value is this divided by its sum along axis 1",
    ),
    "not reduced": (M.mean(1), M, "the right value is the mean of this along axis 1"),
    "not summed": (V.sum(), V, "the right value is the sum of this"),
    "reduced": (M, M.mean(0), "the mean of the right value along axis 0"),
    "position": (
        torch.tensor([2, 1, 0, 2, 2]),
        torch.tensor([[1.0, 2, 3], [1, 3, 2], [3, 1, 2], [0, 1, 2], [4, 5, 6]]),
        "the numbers whose largest is asked by its index, along axis 1",
    ),
    "last row": (M, LAST, "wrong only in the last row"),
    "diagonal": (SQUARE, DIAGONAL, "wrong only on the diagonal"),
    "future": (SQUARE, UPPER, "wrong only above the diagonal"),
    "NaN": (V, NAN, "NaN at some places, right at the others"),
    "all NaN": (V, V * torch.nan, "every number is NaN"),
    "infinite": (torch.tensor(2.5), torch.tensor(math.inf), "the result is infinite"),
    "item": ((V, M), (V, M.T), "item 1: the right numbers, transposed"),
    "key": (
        {"w": V, "b": M},
        {"w": 2 * V, "b": M},
        "key 'w': twice the right value",
    ),
    "every item": ((V, M), (-V, -M), "the sign is turned round"),
    "numbers of a list": (
        [2.5, 0.3, 7.1],
        [7.1, 0.3, 2.5],
        "the right numbers, reversed",
    ),
}

SILENT = {
    "no permutation": (M, M.T + 0.1 * M.T.sin()),
    "whole numbers as labels": (torch.tensor([0, 1, 1, 0]), torch.tensor([1, 0, 0, 1])),
    "one whole number, doubled": (6, 12),
    "one whole number, one more": (14, 15),
    "one number that is no telling factor": (torch.tensor(2.3), torch.tensor(2.7)),
    "nearly twice": (V, 2.001 * V + 0.001 * V.sin()),
    "zeros": (torch.zeros(3), torch.ones(3)),
    "one wrong place": (V, V + torch.tensor([0.0, 0, 0, 0, 1.7])),
    "wrong in two rows": (M, LAST + torch.tensor([[1.7], [0], [0]]) * M.sin()),
    "a list of wrong values": (V, (V + V.sin()).tolist()),
    "one of a pair, wrong": ((V, M), V + V.sin()),
    "another text": ("taken by: sum", "taken by: sum, mean"),
    "two items with two relations": ((V, M), (2 * V, M.T)),
    "no mean": (M.mean(1), M + M.sin()),
    "another dtype and wrong": (V, (V + V.sin()).double()),
    "repeated, but not it": (V, (V + V.sin()).expand(5, 5)),
}


def told(right, got, *earlier, inputs=None, coarse=False) -> str:
    """The words for one result, after calls whose right values were given."""
    past = [Case(freeze(value), freeze(value)) for value in earlier]
    past = [Case(case.right, case.right) for case in past]
    named = {name: freeze(value) for name, value in (inputs or {}).items()}
    case = Case(freeze(right), freeze(got), named, is_first=not past, made_by=told)
    return explain(case, past, coarse)


@pytest.mark.parametrize("name", TOLD)
def test_a_relation_is_said_in_words(name):
    right, got, words = TOLD[name]
    assert told(right, got) == words


@pytest.mark.parametrize("name", SILENT)
def test_a_near_miss_is_said_nothing_of(name):
    assert told(*SILENT[name]) == ""


@pytest.mark.parametrize("name", TOLD)
def test_no_number_of_hidden_values_is_said(name):
    right, got, _ = TOLD[name]
    words = told(right, got, coarse=True)
    for number in ("0.7", "= 5", "4 / 3"):
        assert number not in words


def test_of_an_input_it_is_said_that_it_came_back_or_what_it_marks():
    mask = torch.tensor([[True, True, False, False]] * 3)
    wrong = torch.where(mask, M, 8 * M.sin())
    assert (
        told(M, V, inputs={"argument 1": V}) == "argument 1 is returned as it was given"
    )
    assert (
        told(M, wrong, inputs={"`mask`": mask}) == "wrong only where the mask is False"
    )
    lengths = {"argument 2": torch.tensor([2, 2, 2])}
    words = "wrong only at padded places, beyond the lengths"
    assert told(M, wrong, inputs=lengths) == words
    scores = torch.tensor([1.5, 2.5, 2.5, 3.5, 4.5, 5.5])
    right = torch.tensor([2.2, 3.3, 4.4, 5.5, 6.6, 7.7])
    swapped = right + torch.tensor([0, 1.5, -0.3, 0, 0, 0])
    words = "wrong only at ties of argument 1"
    assert told(right, swapped, inputs={"argument 1": scores}) == words
    empty = torch.cat([M[:2], torch.zeros(1, 4)])
    words = "wrong only where a row of argument 1 is empty: all zeros"
    assert told(M, LAST, inputs={"argument 1": empty}) == words


def test_what_an_earlier_right_result_speaks_against_is_not_said():
    assert told(M, M.T, V) == "the right numbers, transposed"
    assert told(M, M.T, SQUARE + SQUARE.T) == "the right numbers, transposed"
    assert told(M, M.T, SQUARE) == ""
    assert told(V, 2 * V, torch.zeros(3)) == "twice the right value"
    assert told(V, 2 * V, V[:2]) == ""
    assert told(V, V.abs(), V.abs()) == "the absolute value of the right value"
    assert told(V, V.abs(), V) == ""
    assert told(M, LAST, M) == ""
    assert told(V, V.sort().values, V.sort().values) == "the right numbers, but sorted"


def test_what_was_given_and_no_more_is_said_after_any_call():
    assert told(V, None, V) == "nothing is returned in this case"
    assert told([V, M], [V, None], V) == "item 1: None, not a value"
    assert told(V, NAN, V) == "NaN at some places, right at the others"


@given(st.integers(0, 10_000), st.sampled_from([(3,), (2, 3), (4, 4), (2, 3, 2), ()]))
@settings(deadline=None, max_examples=200)
def test_values_that_have_nothing_to_do_with_each_other_get_no_name(seed, shape):
    generator = torch.Generator().manual_seed(seed)
    right, got = torch.randn(2, *shape, generator=generator)
    assert told(right, got, inputs={"argument 1": torch.ones(5, 7)}) == ""


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=200)
def test_whole_numbers_that_have_nothing_to_do_with_each_other_get_no_name(seed):
    generator = torch.Generator().manual_seed(seed)
    right, got = torch.randint(1, 100, (2, 6), generator=generator)
    assert told(right, got, inputs={"argument 1": torch.ones(5, 7)}) == ""


@pytest.mark.parametrize(
    ("right", "got", "words"),
    [
        ((3, 4), (4, 3), "transposed"),
        ((2, 3, 4), (3, 2, 4), "the axes are in another order"),
        ((5,), (5, 1), "an axis of size 1 too many"),
        ((5, 1), (5,), "an axis of size 1 too few"),
        ((2, 3), (6,), "flattened to one axis"),
        ((2, 3), (3,), "axis 0 is missing"),
        ((2, 3), (2, 3, 4), "one axis too many: axis 2"),
        ((2, 3), (2, 5), ""),
        ((2, 3), (7, 5), ""),
    ],
)
def test_shapes_have_relations_too(right, got, words):
    assert explain_shape(right, got) == words


def test_results_are_told_apart_as_finely_as_the_check_does():
    signs, tiny = torch.tensor([1.0, -1.0, 1.0]), torch.tensor([8e-9, 3e-12, 4e-26])
    right, got = freeze((signs, tiny)), freeze((signs, tiny * 0))
    assert "order" not in explain(Case(right, got, rtol=1e-3, atol=1e-32))


def test_zeros_ones_and_repeats_are_no_evidence():
    assert evidence(torch.tensor([0.0, 1.0, -1.0, math.nan, 1e-5])) == 0
    assert evidence(torch.tensor([2.5, 2.5, 3.0])) == 3


def probed(load, function, *calls, names=None):
    """The verdict on a function that is probed: (right value, args, kwargs) each."""
    load("it", *((right, names or {}) for right, _, _ in calls))
    with pytest.raises(check.WrongAnswer) as caught, check.exercise("it"):
        for _, args, kwargs in calls:
            check.probe(function, *args, **kwargs)
    return caught.value


def test_a_probe_says_the_relation_where_the_bank_has_no_name(load):
    failed = probed(load, lambda x: 2 * x, (V, [V], {}))
    assert (failed.mistake, failed.by) == ("twice the right value", "relation")
    named = probed(load, lambda x: 2 * x, (V, [V], {}), names={"doubled": 2 * V})
    assert (named.mistake, named.by) == ("doubled", "bank")
    nameless = probed(load, lambda x: x + x.sin(), (V, [V], {}))
    assert (nameless.mistake, nameless.by) == (None, None)


def test_a_probe_asks_all_earlier_ones_of_the_test(load):
    calls = (SQUARE + SQUARE.T, [SQUARE + SQUARE.T], {}), (M, [M], {})
    assert (
        probed(load, lambda x: x.T, *calls).mistake == "the right numbers, transposed"
    )
    calls = (torch.tensor([V.sum()] * 2), [V], {}), (2 * V, [V], {})
    assert probed(load, lambda x: torch.stack([x.sum()] * 2), *calls).mistake is None


def test_an_argument_that_changes_nothing_is_named(load):
    calls = (V, [V], {"lr": 1.0}), (0.31 * V + V.sin(), [V], {"lr": 0.3})
    deaf = probed(load, lambda x, lr: x, *calls)
    assert deaf.mistake == "`lr` changes nothing"
    two = (V, [V], {"lr": 1.0}), (V.sin(), [V + 1], {"lr": 0.3})
    assert probed(load, lambda x, lr: V, *two).mistake != "`lr` changes nothing"


def test_sizes_of_an_earlier_call_and_empty_inputs_are_named(load):
    long = torch.cat([V, V.sin()])
    calls = (V, [V], {}), (long, [long], {})
    fixed = probed(load, lambda x: V if len(x) == 5 else V.cos(), *calls)
    assert (
        fixed.mistake == "the result has the size of an earlier one, whatever is given"
    )
    calls = (V, [V], {}), (torch.tensor(0.0), [V[:0]], {})
    empty = probed(load, lambda x: x if len(x) else x[0], *calls)
    assert empty.mistake == "it raises an error where argument 1 is empty"


def test_a_hidden_probe_says_no_number(load_hidden):
    with pytest.raises(check.WrongAnswer) as caught, check.exercise("it"):
        load_hidden("it", (V, {}))
        check.probe(lambda x: 0.7 * x, V)
    words = "the right value times one and the same factor, everywhere"
    assert caught.value.mistake == words


def test_direct_checks_say_it_too():
    for function, got, right, words in (
        (check.close, 2 * V, V, "twice the right value"),
        (check.equal, [3, 5, 7, 2], [2, 7, 5, 3], "the right numbers, reversed"),
        (check.shape, M.T, (3, 4), "transposed"),
        (check.close, None, V, "None, not a value"),
    ):
        with pytest.raises(check.WrongAnswer) as caught:
            function(got, right)
        assert (caught.value.mistake, caught.value.by) == (words, "relation")
