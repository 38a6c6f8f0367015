"""Checks against a value of the test's own: pass, or say what was expected."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils import check


def said(function, *args, **kwargs) -> str | None:
    """What a check says; None if it passes."""
    try:
        function(*args, **kwargs)
    except check.WrongAnswer as error:
        return error.message
    return None


def named(function, *args, **kwargs) -> str | None:
    """The mistake that a failing check names."""
    with pytest.raises(check.WrongAnswer) as caught:
        function(*args, **kwargs)
    return caught.value.mistake


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3.0, 3),
        (True, 1),
        ([1], (1,)),
        (torch.tensor(3), 3),
        (torch.ones(2), torch.ones(2, dtype=torch.float64)),
        (torch.ones(2, 1), torch.ones(2)),
        (np.ones(2), torch.ones(2, dtype=torch.float64)),
        (1.0 + 1e-12, 1.0),
    ],
)
def test_equal_asks_for_type_shape_dtype_and_every_digit(got, expected):
    message = said(check.equal, got, expected, "the count")
    assert re.match("the count: .*expected .*got .*", message)
    assert said(check.equal, expected, expected) is None


def test_close_allows_the_tolerance_and_a_number_without_axes():
    assert said(check.close, torch.tensor(1.00005), 1.0) is None
    assert said(check.close, 1, 1.0) is None
    assert said(check.close, 1.1, 1.0, rtol=0.2) is None
    assert said(check.close, 1.1, 1.0) == "Expected 1, got 1.1."
    assert said(check.close, 1.0, torch.tensor(1.0)) == "Expected tensor(1), got 1."


@pytest.mark.parametrize("expected", [{1}, range(2), [{1}], torch.eye(2).to_sparse()])
def test_what_cannot_be_compared_is_refused_so_that_nothing_passes_by_its_name(
    expected,
):
    with pytest.raises(TypeError, match="can't be compared"):
        check.equal(expected, expected)
    with pytest.raises(TypeError, match="can't be compared"):
        check.close(expected, expected)


@pytest.mark.parametrize(
    "ask",
    [
        lambda value: check.equal(value, 3),
        lambda value: check.close(value, torch.ones(2)),
        lambda value: check.shape(value, (2,)),
        lambda value: check.dtype(value, torch.float32),
        lambda value: check.reaches(value, 0.5),
        lambda value: check.module(value, mistakes={"no": lambda net: net.no}),
        lambda value: check.raises(ValueError, lambda: value),
    ],
)
def test_whatever_cannot_be_compared_gets_a_clear_verdict(ask, strange):
    value, description = strange
    if description == "a Linear" and said(ask, value) is None:
        return  # it is a module
    message = said(ask, value)
    assert "xpected " in message
    assert f"got {description}" in message


def test_a_condition_that_cannot_be_compared_is_not_true(strange):
    assert said(check.true, strange[0], "The loss falls.") == "The loss falls."


@pytest.mark.parametrize(
    "condition", [True, np.bool_(True), torch.tensor(True), torch.tensor([[True]])]
)
def test_a_true_condition_passes(condition):
    assert said(check.true, condition, "no") is None


@pytest.mark.parametrize(
    "condition", [False, None, 1, "yes", [True], torch.tensor([True, True]), math.nan]
)
def test_what_is_not_plainly_true_is_false(condition):
    assert said(check.true, condition, "no") == "no"


def test_shape_accepts_arrays_and_names_a_wrong_shape():
    assert said(check.shape, np.ones((2, 3)), (2, 3)) is None
    assert said(check.shape, torch.ones(2, 3), torch.Size([2, 3])) is None
    assert said(check.shape, torch.ones(3, 2), (2, 3), "y_hat") == (
        "y_hat: expected shape (2, 3), got shape (3, 2)."
    )
    assert said(check.shape, 3.0, (2,)) == "Expected a tensor, got 3."
    mistakes = {"other": (9,), "axes swapped": (3, 2)}
    assert named(check.shape, torch.ones(3, 2), (2, 3), mistakes=mistakes) == (
        "axes swapped"
    )
    mistakes = {"all ones": lambda x: bool((x == 1).all())}
    assert named(check.shape, torch.ones(3), (2,), mistakes=mistakes) == "all ones"


def test_dtype_names_a_wrong_dtype():
    assert said(check.dtype, torch.ones(2), torch.float32) is None
    message = said(check.dtype, torch.ones(2), torch.int64, "labels")
    assert message == "labels: expected dtype int64, got float32."
    mistakes = {"left as floats": torch.float32}
    assert named(check.dtype, torch.ones(2), torch.int64, mistakes=mistakes) == (
        "left as floats"
    )


@pytest.mark.parametrize(
    ("score", "below", "passes"),
    [
        (0.8, False, True),
        (0.81, False, True),
        (torch.tensor([0.9]), False, True),
        (0.79, False, False),
        (0.79, True, True),
        (0.81, True, False),
        (math.nan, False, False),
        (math.nan, True, False),
        (True, False, False),
        ("0.9", False, False),
        (torch.ones(2), False, False),
        (None, True, False),
        (1j, False, False),
    ],
)
def test_a_score_reaches_its_bar_or_not(score, below, passes):
    message = said(check.reaches, score, 0.8, below=below)
    assert (message is None) == passes
    bound = "at most" if below else "at least"
    assert passes or message.startswith(f"the score: expected {bound} 0.8, got ")


def test_a_bar_just_missed_is_shown_with_all_digits():
    message = said(check.reaches, 0.79999999999, 0.8, "test accuracy")
    assert message == "test accuracy: expected at least 0.8, got 0.79999999999."


class Strict(ValueError):
    pass


def test_raises_accepts_the_error_and_those_derived_from_it():
    def refuse(error):
        raise error("no")

    assert said(check.raises, ValueError, refuse, ValueError) is None
    assert said(check.raises, ValueError, refuse, Strict) is None
    assert said(check.raises, SystemExit, refuse, SystemExit) is None
    assert said(check.raises, Strict, refuse, ValueError) == (
        "refuse(ValueError): expected the error Strict, got the error ValueError: no."
    )
    assert said(check.raises, ValueError, abs, -3) == (
        "abs(-3): expected the error ValueError, got 3."
    )


def test_raises_names_the_mistake_by_what_was_returned():
    mistakes = {"the sign is dropped": 3, "none": None}
    assert named(check.raises, ValueError, abs, -3, mistakes=mistakes) == (
        "the sign is dropped"
    )


def test_raises_on_a_stub_is_not_attempted():
    def stub():
        raise NotImplementedError

    with pytest.raises(check.NotAttempted):
        check.raises(NotImplementedError, stub)


def test_the_first_mistake_that_explains_is_named():
    x = torch.tensor([2.0, 4.0])
    mistakes = {
        "broken": lambda got: got.no_such_attribute,
        "leaves": lambda got: exit(),
        "not sure": lambda got: "yes",
        "summed": 6.0,
        "doubled": lambda got: torch.equal(got, 2 * x),
        "doubled too": 2 * x,
    }
    assert named(check.close, 2 * x, x, mistakes=mistakes) == "doubled"
    assert named(check.close, torch.tensor(6.0), x, mistakes=mistakes) == "summed"
    assert named(check.close, x + x.sin(), x, mistakes=mistakes) is None


def test_stop_passes_through_a_predicate():
    def stop(got):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check.equal(1, 2, mistakes={"stop": stop})


def test_a_huge_tensor_is_neither_copied_nor_shown():
    huge = torch.zeros(1).expand(10**11)
    assert said(check.close, huge, torch.ones(2)).endswith("shape (100000000000,).")
    assert said(check.shape, huge, (2,)).endswith("shape (100000000000,).")
    mistakes = {"huge": lambda x: x.numel() > 10**9}
    assert named(check.shape, huge, (2,), mistakes=mistakes) == "huge"


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_bar_is_reached_from_one_side_only(score, bar):
    above = said(check.reaches, score, bar) is None
    below = said(check.reaches, score, bar, below=True) is None
    assert above or below
    assert (above and below) == (score == bar)
