"""A probe knows the right value, names known mistakes and survives the rest."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils import check
from utils.check.copies import copy_arguments
from utils.check.naming import call_text, fingerprint
from utils.check.outcome import freeze
from utils.check.store import to_json

X = torch.tensor([3.0, 4.0])
RIGHT = X / 2


def judged(*returned, call=None, exercise="half", **kwargs) -> check.CheckFailed | None:
    """Probe a function that returns one value after the other."""
    values = iter(returned)

    def half(x):
        return next(values)

    try:
        with check.exercise(exercise):
            for _ in returned:
                check.probe(half, X, call=call, **kwargs)
    except check.CheckFailed as error:
        return error
    return None


def test_whatever_cannot_be_compared_gets_a_clear_verdict(load, strange):
    value, description = strange
    load("half", (RIGHT, {}))
    assert judged(value).message == (
        f"half(tensor([3, 4])): expected tensor([1.5, 2]), got {description}."
    )


@pytest.mark.parametrize(
    ("value", "given_text"),
    [
        (RIGHT.numpy(), "NumPy array([1.5, 2])"),
        (1.5, "1.5"),
        (None, "None"),
        (RIGHT * float("nan"), "tensor([nan, nan])"),
        (RIGHT * float("inf"), "tensor([inf, inf])"),
        ([1.5, 2.0], "[1.5, 2]"),
        ({(1, None): np.nan, 2: "a"}, "{(1, None): nan, 2: 'a'}"),
        ("half", "'half'"),
    ],
)
def test_the_wrong_kind_of_value_gets_a_clear_verdict(load, value, given_text):
    load("half", (RIGHT, {}))
    assert judged(value).message == (
        f"half(tensor([3, 4])): expected tensor([1.5, 2]), got {given_text}."
    )


def test_a_huge_tensor_gets_its_verdict_without_being_copied(load):
    load("half", (RIGHT, {"a": torch.ones(3), "b": torch.ones(2)}))
    huge = torch.zeros(1).expand(10**11)
    assert judged(huge).message.endswith(
        "expected shape (2,), got shape (100000000000,)."
    )


def test_a_tensor_that_lies_is_judged_by_what_it_holds(load, lying_tensor):
    load("half", (torch.tensor([7.0]), {}), (torch.tensor([1.0, 2.0, 3.0]), {}))
    error = judged(lying_tensor, lying_tensor)
    assert error.message.endswith("expected shape (3,), got shape (1,): tensor([7]).")


def test_a_list_that_contains_itself_gets_a_verdict(load):
    endless = []
    endless.extend([endless] * 500)
    load("half", ([1, 2], {}))
    assert "got a list of 500 items" in judged(endless).message


def test_a_tensor_where_a_number_is_promised_is_told_by_name(load):
    load("half", (2.5, {}))
    error = judged(torch.tensor(2.5))
    assert error.mistake == "a tensor where a plain number is asked"
    assert error.message.endswith("expected 2.5, got tensor(2.5).")
    assert judged(torch.tensor(3.5)).mistake is None
    assert judged(np.float32(2.5)) is None


def test_an_author_may_leave_a_number_or_a_tensor_open(load):
    load("half", (2.5, {}), (2.5, {}))
    error = judged(torch.tensor(2.5), torch.tensor([2.5]), number=True)
    assert error.message.endswith("expected 2.5, got tensor([2.5]).")


def test_a_tensor_among_promised_numbers_is_told_too(load):
    load("half", ([2.5, 1.0], {}))
    assert judged([2.5, torch.tensor(1.0)]).mistake is not None
    assert judged([2.5, 1]) is None


def test_a_result_cut_off_from_the_graph_is_wrong_and_one_too_many_is_not(load):
    load("half", (RIGHT.clone().requires_grad_() * 1, {}))
    assert "cut off from the graph" in judged(RIGHT).message
    assert judged(RIGHT.clone().requires_grad_()) is None
    load("half", (RIGHT, {}))
    assert judged(RIGHT.clone().requires_grad_()) is None


def test_a_promised_result_without_graph_is_checked(load):
    load("half", ([RIGHT], {}))
    error = judged([RIGHT.clone().requires_grad_()], graph=False)
    assert "still carry the graph" in error.message
    assert judged([RIGHT], graph=False) is None


def test_a_mistake_that_is_only_cut_off_explains_no_other_failure(load):
    attached = RIGHT.clone().requires_grad_() * 1
    load("half", (attached, {"cut off": RIGHT}), (RIGHT, {"cut off": RIGHT}))
    assert judged(RIGHT).mistake == "cut off"
    load("half", (attached, {"right here, wrong later": attached}))
    assert judged(RIGHT).mistake is None
    load("half", (attached, {"cut off": RIGHT}), (RIGHT, {"cut off": RIGHT}))
    assert judged(attached, 3 * RIGHT).mistake is None


def test_a_reference_that_raises_is_met_by_the_same_error(load):
    def root(x):
        if x < 0:
            raise ValueError(f"{x} is negative, in the student's own words")
        return x**0.5

    with check.recording() as tape, check.exercise("root"):
        check.probe(lambda x: [].index(x), -1.0)
    check.load(to_json({"root": {"names": [], "probes": [[tape[0][0]]]}}))
    with check.exercise("root"):
        check.probe(root, -1.0)


def test_the_mistake_named_is_the_one_that_explains_every_probe_so_far(load):
    load(
        "half",
        (1, {"never": 1, "first": 2, "both": 3, "late": 1}),
        (5, {"never": 5, "first": 5, "both": 6, "late": 6}),
    )
    assert judged(1, 5) is None
    assert judged(2).mistake == "first"
    assert judged(3).mistake == "both"
    assert judged(1, 6).mistake == "late"
    assert judged(1, 7).mistake is None
    assert judged(9).mistake is None


def test_mistakes_that_cannot_be_told_apart_are_all_named(load):
    load("half", (1, {"one": 2, "other": 2, "third": 3, "lost": ...}))
    assert judged(2).mistake == "one; or other"


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.data())
def test_right_values_pass_and_a_name_is_given_only_to_what_it_explains(rights, data):
    names = [f"mistake {i}" for i in range(3)]
    row = st.lists(st.integers(0, 3), min_size=3, max_size=3)
    table = [data.draw(row) for _ in rights]
    probes = [
        [freeze(right), *map(freeze, wrong)]
        for right, wrong in zip(rights, table, strict=True)
    ]
    check.load(to_json({"half": {"names": names, "probes": probes}}))
    assert judged(*rights) is None
    given_values = data.draw(
        st.lists(st.integers(0, 3), min_size=len(rights), max_size=len(rights))
    )
    error = judged(*given_values)
    pairs = list(zip(given_values, rights, strict=True))
    assert (error is None) == (given_values == rights)
    if error:
        seen = next(k for k, (a, b) in enumerate(pairs, start=1) if a != b)
        explaining = [
            name
            for i, name in enumerate(names)
            if all(table[k][i] == given_values[k] for k in range(seen))
        ]
        assert error.mistake == ("; or ".join(explaining) or None)


def test_the_tolerance_is_never_finer_than_the_frozen_digits(load):
    third = torch.full((2,), 1 / 3)
    load("half", (third, {}))
    assert judged(third, rtol=0, atol=0) is None
    load("half", (third, {}))
    assert judged(third * 1.001, rtol=0, atol=0) is not None


def test_the_call_can_be_put_in_the_authors_words(load):
    load("half", (RIGHT, {}))
    error = judged(None, call="half(X)")
    assert error.message == "half(X): expected tensor([1.5, 2]), got None."


def test_arguments_are_copied_so_that_changing_them_in_place_does_no_harm(load):
    def half(x, options):
        options["y"] = x.div_(2)
        return x

    x, options = X.clone(), {}
    load("half", (RIGHT, {}))
    with check.exercise("half"):
        check.probe(half, x, options=options)
    assert torch.equal(x, X)
    assert options == {}


def test_each_probe_is_seeded_anew(load):
    with check.recording() as tape, check.exercise("half"):
        check.probe(torch.rand, 2)
        torch.rand(5)
        check.probe(torch.rand, 2)
    assert torch.equal(tape[0][0].data, tape[1][0].data)


def test_copies_keep_leaves_gradients_parameters_and_what_is_shared():
    w = torch.nn.Parameter(torch.ones(2))
    (w * 2).sum().backward()
    y = w * 3
    (w1, w2), y1 = copy_arguments(([w, w], y))
    assert w1 is w2
    assert w1 is not w
    assert type(w1) is torch.nn.Parameter
    assert w1.grad.tolist() == [2, 2]
    assert y1.is_leaf
    assert y1.requires_grad
    assert not copy_arguments(w.detach()).requires_grad


def test_a_copy_of_a_slice_does_not_copy_what_it_is_a_slice_of():
    big = torch.zeros(1000, 10)
    assert copy_arguments(big[:2]).untyped_storage().nbytes() == 2 * 10 * 4


def test_an_argument_that_cannot_be_copied_is_the_authors_error():
    with check.recording(), pytest.raises(TypeError, match="cannot pickle"):
        check.probe(list, (i for i in range(3)))


def test_take_stops_where_a_generator_does_not():
    def letters():
        yield from "abc"

    assert check.take(itertools.count(), 3) == [0, 1, 2]
    assert check.take(letters(), 99) == ["a", "b", "c"]
    assert check.take([1, 2], 0) == []


def test_a_call_is_shown_in_one_line():
    def step(x, y, lr):
        pass

    text = call_text(step, (torch.ones(2), torch.ones(9, 9)), {"lr": 0.5})
    assert text == "step(tensor([1, 1]), tensor of shape (9, 9), lr=0.5)"
    assert call_text(abs, (None, [1], step, int), {}) == "abs(None, [1], step, int)"


def test_only_the_very_same_call_has_the_same_fingerprint():
    def of(k, x=X):
        return fingerprint(lambda value: value * k, (x,), {})

    assert of(2) == of(2)
    assert of(2) != of(3)
    assert of(2) != of(2, X + 1e-3)
    assert of(2) != of(2, X.int())
    assert fingerprint(abs, (1,), {}) != fingerprint(abs, (), {"x": 1})
    nets = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    assert fingerprint(abs, nets[:1], {}) != fingerprint(abs, nets[1:], {})
