"""Two outcomes agree or the message says what was expected and what was given."""

import math

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.check.compare import difference, same
from utils.check.outcome import Outcome, freeze

RTOL, ATOL = 1e-4, 1e-5
FLOATS = st.floats(-1e6, 1e6, width=32)
TENSORS = arrays.arrays(
    np.float32, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0), elements=FLOATS
).map(lambda array: torch.from_numpy(array.copy()))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | TENSORS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


def said(expected, got, **kwargs) -> str | None:
    return difference(freeze(expected), freeze(got), **kwargs)


@given(PLAIN)
def test_everything_plain_agrees_with_itself(value):
    assert said(value, value) is None
    assert said(value, value, rtol=0, atol=0, strict=True) is None


@given(PLAIN, PLAIN)
def test_what_differs_is_said_with_both_sides(a, b):
    message = said(a, b)
    assert message is None or ("expected" in message and "got" in message)


@given(PLAIN, PLAIN)
def test_the_strict_verdict_is_the_same_both_ways(a, b):
    forth = said(a, b, rtol=0, atol=0, strict=True)
    back = said(b, a, rtol=0, atol=0, strict=True)
    assert (forth is None) == (back is None)


@given(TENSORS, st.data())
def test_a_change_beyond_tolerance_is_always_seen_and_one_within_it_never(x, data):
    if not x.numel():
        return
    index = data.draw(st.integers(0, x.numel() - 1))
    x = x.double()
    tolerance = ATOL + RTOL * x.flatten()[index].abs()
    for share, is_seen in ((0.9, False), (1.1, True), (-1.1, True), (-0.9, False)):
        y = x.clone()
        y.view(-1)[index] += share * tolerance
        assert (said(x, y) is not None) == is_seen
        numbers = x.flatten()[index].item(), y.flatten()[index].item()
        assert (said(*numbers) is not None) == is_seen


@given(TENSORS, st.floats(-2, 2))
def test_the_verdict_on_tensors_of_one_shape_is_the_same_both_ways(x, share):
    if 0.95 < abs(share) < 1.05:  # the tolerance itself depends on which is expected
        return
    x = x.double()
    y = x + share * (ATOL + RTOL * x.abs())
    assert (said(x, y) is None) == (said(y, x) is None)


@pytest.mark.parametrize(
    ("expected", "got", "message"),
    [
        (
            torch.tensor([1.5, 2.0]),
            torch.tensor([6.0, 8.0]),
            "expected tensor([1.5, 2]), got tensor([6, 8])",
        ),
        (
            torch.ones(4, 5),
            torch.ones(4, 5).index_put(
                (torch.tensor(2), torch.tensor(3)), torch.zeros(())
            ),
            "right shape (4, 5), wrong value at index [2, 3]: expected 1, got 0 "
            "(1 of 20 differ)",
        ),
        (
            torch.ones(2),
            torch.ones(2, 1),
            "expected shape (2,), got shape (2, 1): tensor([[1], [1]])",
        ),
        (torch.ones(9), torch.ones(9, 1), "expected shape (9,), got shape (9, 1)"),
        (
            torch.ones(2),
            torch.ones(2, dtype=torch.int64),
            "right shape, but expected dtype float32, got int64",
        ),
        (
            torch.ones(1),
            np.ones(1, np.float32),
            "expected tensor([1]), got NumPy array([1])",
        ),
        (torch.tensor(2.5), 2.5, "expected tensor(2.5), got 2.5"),
        (torch.ones(2), None, "expected tensor([1, 1]), got None"),
        (2.5, torch.ones(1), "expected 2.5, got tensor([1])"),
        (1.0, math.nan, "expected 1, got nan"),
        (1.0, math.inf, "expected 1, got inf"),
        (math.inf, 1e30, "expected inf, got 1e+30"),
        (True, 1, "expected True, got 1"),
        ("a", "b", "expected 'a', got 'b'"),
        ([1, 2], [1, 2, 3], "expected [1, 2], got [1, 2, 3]"),
        ([1, 2], [1, 3], "expected [1, 2], got [1, 3]"),
        ([1] * 9, [1] * 8 + [3], "item 8: expected 1, got 3"),
        ([0] * 9, [0] * 10, "expected a list of 9 items, got a list of 10 items"),
        ({"a": 1}, {"a": 2}, "expected {'a': 1}, got {'a': 2}"),
        (
            {"a": [1] * 9},
            {"a": [1] * 10},
            "key 'a': expected a list of 9 items, got a list of 10 items",
        ),
        ({"a": 1}, {"b": 1}, "expected the key 'a', got a dict without it"),
        ({"a": 1}, {"a": 1, 2: 3}, "expected no key 2, got one"),
        ({"1": 0}, {1: 0}, "expected the key '1', got a dict without it"),
        ([1], range(1), "expected [1], got a range"),
        (torch.float32, torch.int64, "expected torch.float32, got torch.int64"),
    ],
)
def test_the_message_shows_small_values_whole_and_larger_ones_by_shape(
    expected, got, message
):
    assert said(expected, got) == message


def test_numbers_that_look_alike_are_shown_with_all_their_digits():
    strict = {"rtol": 0, "atol": 0, "strict": True}
    assert said(3, 3.0, **strict) == "expected 3, got 3.0"
    assert said(0.3, 0.1 + 0.2, **strict) == "expected 0.3, got 0.30000000000000004"
    x = torch.full((20,), 0.1, dtype=torch.float64)
    assert "expected 0.1, got 0.1000000" in said(x, x + 1e-9, **strict)


def test_akin_kinds_agree_unless_strict():
    pairs = [(3, 3.0), (3.0, 3), ((1, 2), [1, 2]), (2.5, torch.tensor(2.5))]
    for expected, got in [*pairs, (True, torch.tensor(True)), (2, np.array(2))]:
        assert said(expected, got) is None
        assert said(expected, got, rtol=0, atol=0, strict=True) is not None


def test_what_cannot_be_compared_agrees_with_nothing_not_even_itself():
    assert said({1}, {1}) == "expected a set, got a set"
    assert said([{1}], [{1}]) is not None


def test_a_known_mistake_is_met_by_its_description_and_its_whole_error():
    generator, other = freeze(i for i in "a"), freeze(i for i in "b")
    assert same(generator, other)
    bad, worse = (Outcome("raised", ("ValueError", text)) for text in ("bad", "worse"))
    assert same(bad, bad)
    assert not same(bad, worse)


def test_what_recurses_too_deeply_is_met_whatever_this_python_says_of_it():
    said = ("maximum recursion depth exceeded", "maximum recursion ... in comparison")
    short, long = (Outcome("raised", ("RecursionError", text)) for text in said)
    assert same(short, long)
    assert not same(short, Outcome("raised", ("ValueError", said[0])))


def test_the_right_error_may_be_put_in_other_words():
    bad, worse = (Outcome("raised", ("ValueError", text)) for text in ("bad", "worse"))
    assert difference(bad, worse) is None
    assert "got the error KeyError" in difference(
        bad, Outcome("raised", ("KeyError", ""))
    )


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize(
    "dtype", ["bfloat16", "float16", "complex32", "float8_e5m2", "uint16", "bool"]
)
def test_unusual_dtypes_are_compared_by_value(dtype):
    dtype = getattr(torch, dtype)
    x, y = torch.tensor([0.0, 1.0]).to(dtype), torch.tensor([1.0, 1.0]).to(dtype)
    assert said(x, x) is None
    assert said(x, y).startswith("expected tensor(")


def test_infinities_and_nan_agree_with_themselves_alone():
    x = torch.tensor([math.nan, math.inf, -math.inf])
    assert said(x, x) is None
    assert said(x, x.flip(0)) is not None
    assert said(complex("nan+infj"), complex("infj")) is not None


class OnAnotherDevice:
    """Knows its shape and how to come to the CPU; anything else would copy or fail."""

    def __init__(self, values: torch.Tensor, may_move: bool):
        self.shape, self._values, self._may_move = values.shape, values, may_move
        self.ndim = values.ndim
        self.numel = values.numel

    def cpu(self) -> torch.Tensor:
        assert self._may_move, "moved before its shape was compared"
        return self._values


def test_a_tensor_on_another_device_comes_to_the_cpu_once_its_shape_is_right():
    x = torch.arange(12.0)
    there = Outcome("tensor", OnAnotherDevice(x, may_move=True), "float32")
    assert difference(freeze(x), there) is None
    elsewhere = Outcome("tensor", OnAnotherDevice(torch.ones(20), False), "float32")
    assert difference(freeze(x), elsewhere) == "expected shape (12,), got shape (20,)"
