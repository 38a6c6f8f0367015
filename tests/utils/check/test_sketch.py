"""A sketch knows its tensor again and no other one."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.check.compare import difference, same
from utils.check.outcome import freeze
from utils.check.sketch import LONGEST, Sketch, sketched
from utils.check.store import decode, to_json

NUMBERS = st.lists(st.floats(-1e4, 1e4, width=32), min_size=9, max_size=60)
X = torch.linspace(-1, 2, 24).reshape(4, 6)


def kept(value):
    """What a notebook reads of a wrong answer's value."""
    return decode(json.loads(to_json(sketched(freeze(value)))))


@given(NUMBERS, st.integers(0, 2**32 - 1))
def test_what_agrees_everywhere_within_the_tolerance_is_known_again(numbers, seed):
    x = torch.tensor(numbers)
    noise = torch.rand(len(x), generator=torch.Generator().manual_seed(seed)) * 2 - 1
    near = x.double() + 0.9 * noise * (1e-5 + 1e-4 * x.double().abs())
    assert same(kept(x), freeze(near.float()), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "other",
    [
        X.T.reshape(4, 6),
        X.flip(0),
        X.roll(1),
        -X,
        1.01 * X,
        X + 0.01,
        X.index_put((torch.tensor(3), torch.tensor(5)), torch.tensor(2.02)),
        X.index_put((torch.tensor(1), torch.tensor(2)), torch.tensor(torch.nan)),
        X.index_put((torch.tensor(1), torch.tensor(2)), torch.tensor(torch.inf)),
        X.reshape(6, 4),
        X.double(),
        X.numpy(),
        X.tolist(),
        None,
    ],
)
def test_another_value_is_not_taken_for_it(other):
    assert same(kept(X), freeze(X))
    assert not same(kept(X), freeze(other))


def test_two_numbers_that_change_places_are_seen_wherever_they_stand():
    for i in range(23):
        other = X.flatten().clone()
        other[[i, i + 1]] = other[[i + 1, i]]
        assert not same(kept(X), freeze(other.reshape(4, 6)))


def test_tensors_in_containers_are_sketched_one_by_one():
    value = {"a": [X, X + 1], "b": (3, torch.ones(2))}
    assert same(kept(value), freeze(value))
    assert not same(kept(value), freeze(value | {"a": [X, X]}))
    assert not same(kept([X] * 9), freeze([X] * 8 + [X + 1]))  # too long for a message
    assert not same(kept([X]), freeze(X))


@pytest.mark.parametrize(
    "value",
    [
        torch.ones(LONGEST),
        torch.arange(20),
        torch.ones(20) > 0,
        torch.full((20,), torch.nan),
        torch.ones(20, dtype=torch.complex64),
        [0.5] * 20,
        "text" * 20,
        None,
    ],
)
def test_short_whole_and_infinite_values_are_kept_as_they_are(value):
    assert to_json(sketched(freeze(value))) == to_json(freeze(value))


def test_an_answer_that_never_got_there_stays_unknown():
    assert sketched(None) is None


def test_a_sketch_takes_three_numbers_and_reads_back_as_it_was():
    text = to_json(sketched(freeze(torch.ones(200, dtype=torch.bfloat16))))
    assert text.startswith('["tensor~","bfloat16",[200],200,')
    assert len(json.loads(text)) == 6
    assert to_json(decode(json.loads(text))) == text


def test_strictly_a_sketch_is_no_tensor():
    """A build that begins to sketch writes it where an earlier one kept all numbers."""
    whole, sketch = freeze(X), kept(X)
    assert isinstance(sketch.data, Sketch)
    assert difference(sketch, sketch, strict=True) is None
    assert difference(sketch, whole, strict=True) == "another value"
    assert difference(whole, sketch, strict=True) == "another value"
