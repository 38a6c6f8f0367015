"""Values in words stay short whatever the student returned."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.check.describe import WIDTH, describe
from utils.check.outcome import Outcome, freeze

LONG = st.integers(0, 500)


@given(LONG, LONG)
def test_a_description_is_never_long(size, length):
    for value in (
        "x" * size,
        "\ud800" * size,
        ["x" * length] * size,
        {i: "x" * length for i in range(size)},
        torch.ones(size, length),
        [torch.full((3,), -1.23456789e-30)] * size,
        2**size,
    ):
        assert len(describe(freeze(value))) <= WIDTH + 300


def test_small_values_are_shown_as_one_would_type_them():
    assert describe(freeze([1, 2.50, None, True])) == "[1, 2.5, None, True]"
    assert describe(freeze((1,))) == "(1,)"
    assert describe(freeze({"a": torch.tensor([1.0])})) == "{'a': tensor([1])}"
    assert describe(freeze(torch.tensor([[True]]))) == "tensor([[True]])"
    assert describe(freeze(torch.ones(2, 0))) == "a tensor of shape (2, 0)"
    assert describe(freeze(torch.ones(2, 1, 1))) == "a tensor of shape (2, 1, 1)"
    assert describe(Outcome("raised", ("KeyError", ""))) == "the error KeyError"
