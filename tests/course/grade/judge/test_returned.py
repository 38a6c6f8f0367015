"""What a wrong answer gave is kept small, and comes back as it was."""

import json

import numpy as np
import pytest
import torch

from course.grade.judge.returned import MAX_CHARACTERS, written_down
from utils.check.compare import same
from utils.check.outcome import freeze, freeze_error
from utils.check.store import decode

VALUES = [
    None,
    True,
    3,
    2.5,
    float("nan"),
    1 + 2j,
    "a\ud800b",
    torch.tensor([1.0, float("inf")]),
    torch.arange(12),
    torch.linspace(0, 1, 200),
    np.zeros((2, 3)),
    [torch.tensor(1), (2, "x")],
    {"loss": 0.5},
    torch.float32,
    object(),
]


def kept(value):
    """A value after it went through the gradebook."""
    written = written_down(("probe 1", freeze(value)))
    return json.loads(json.dumps(written))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_the_gradebook(value):
    place, words, data = kept(value)
    assert place == "probe 1" and words
    assert same(freeze(value), decode(data))


def test_an_error_comes_back_with_its_class_and_message():
    outcome = freeze_error(IndexError("too far"))
    assert written_down(("probe 2", outcome))[2] == ["raised", "IndexError", "too far"]


@pytest.mark.parametrize(
    "value", [torch.arange(5_000), torch.rand(5_000), "x" * 5_000, [0.123456] * 900]
)
def test_of_what_is_long_the_words_are_kept(value):
    written = kept(value)
    assert written[2] == ["other", written[1]]
    assert len(json.dumps(written)) < MAX_CHARACTERS


def test_of_a_named_mistake_and_a_lost_process_nothing_is_kept():
    assert written_down(None) is None
