"""What the build freezes is what a notebook reads back."""

import base64
import bz2
import hashlib
import json
import math
import re
import textwrap

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.check.compare import difference, same
from utils.check.outcome import Outcome, freeze, freeze_error
from utils.check.store import (
    MAX_BYTES,
    PACKED_LINE,
    ROUNDING,
    count_numbers,
    decode,
    is_plain,
    pack,
    to_json,
    unpack,
)

# A complex number with one infinite part is close to itself alone.
COMPLEX = st.complex_numbers(max_magnitude=2.0**99, width=64)
ARRAYS = st.sampled_from(
    [np.float32, np.float64, np.float16, np.int64, np.uint8, np.uint64, np.bool_]
    + [np.complex64, np.complex128]
).flatmap(
    lambda dtype: arrays.arrays(
        dtype,
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        elements=COMPLEX if np.dtype(dtype).kind == "c" else None,
    )
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | COMPLEX
    | st.text()
    | st.sampled_from(["nan", "'\"\\", "\ud800", "\u2028é", torch.float32])
    | ARRAYS
    | ARRAYS.map(lambda array: torch.from_numpy(array.copy()))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner, max_size=3)
    ),
    max_leaves=5,
)


def there_and_back(outcome: Outcome) -> Outcome:
    return decode(json.loads(to_json(outcome)))


@given(VALUES)
def test_a_value_read_back_agrees_within_the_rounding(value):
    frozen = freeze(value)
    back = there_and_back(frozen)
    assert difference(frozen, back, rtol=ROUNDING, atol=0, strict=True) is None
    assert difference(back, frozen, rtol=ROUNDING, atol=0, strict=True) is None


@given(VALUES)
def test_writing_what_was_read_gives_the_same_text(value):
    text = to_json(freeze(value))
    assert to_json(decode(json.loads(text))) == text


@given(VALUES)
def test_the_text_is_plain_json_of_ascii(value):
    text = to_json({"x": [freeze(value), None]})
    assert text.isascii()
    json.loads(text, parse_constant=pytest.fail)  # no NaN or Infinity


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize("dtype", ["bfloat16", "complex32", "float8_e4m3fn"])
def test_dtypes_that_numpy_lacks_survive(dtype):
    frozen = freeze(torch.tensor([0.1, -3.0]).to(getattr(torch, dtype)))
    assert difference(frozen, there_and_back(frozen), rtol=0, atol=0) is None


def test_errors_and_descriptions_survive():
    for outcome in (
        freeze_error(ValueError("bad \u2028 'x'")),
        freeze({1}),
        freeze(len),
    ):
        assert same(outcome, there_and_back(outcome))


def test_infinite_parts_of_complex_numbers_survive():
    for value in (complex("nan+infj"), torch.tensor([complex("2-infj")])):
        assert same(freeze(value), there_and_back(freeze(value)), rtol=0, atol=0)


def test_a_wrong_answer_that_never_got_there_stays_unknown():
    assert there_and_back(None) is None


def test_numbers_are_written_short():
    assert to_json(freeze(torch.tensor([1 / 3, 2.0]))) == (
        '["tensor","float32",[2],[0.333333,2]]'
    )
    assert to_json(freeze([math.nan, math.inf])) == (
        '["list",[["float","nan"],["float","inf"]]]'
    )


def test_numbers_are_counted_through_containers():
    assert count_numbers(freeze([torch.ones(2, 3), {"a": (1, "b")}, None])) == 9


def test_something_that_cannot_be_compared_is_found_at_any_depth():
    assert is_plain(freeze([1, {"a": torch.ones(2)}]))
    assert not is_plain(freeze({1}))
    assert not is_plain(freeze([1, {"a": [{1}]}]))


@given(st.text())
def test_a_text_that_was_packed_is_unpacked(text):
    assert unpack(pack(text)) == text


def test_a_packed_text_is_letters_and_digits_in_a_few_lines():
    packed = pack(" ".join(map(str, range(9_000))))
    lines = packed.splitlines()
    assert 2 < len(lines) < 12 and max(map(len, lines)) == PACKED_LINE
    assert re.fullmatch(r"[A-Za-z0-9+/=\n]+", packed)
    assert unpack(textwrap.indent(packed, "    ")) == unpack(packed)


def test_packing_gives_these_very_bytes_on_every_system():
    """bzip2 has one encoder; another one would change each notebook once more."""
    text = json.dumps([[i, i * i % 97] for i in range(500)])
    assert hashlib.sha256(pack(text).encode()).hexdigest()[:12] == "c89f06e31702"


def test_the_plain_json_of_earlier_builds_is_read_too():
    assert unpack('{"f":{}}') == '{"f":{}}'


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "QlpoOTFB",
        "not base 64 at all",
        "\u00e4\u00f6",
        pack("some text")[:-8],
        pack("some text").replace("A", "B", 1),
        base64.b64encode(bz2.compress(b"\xff\xfe")).decode(),
        base64.b64encode(bz2.compress(bytes(MAX_BYTES + 1))).decode(),
    ],
)
def test_a_damaged_text_is_refused_in_words(damaged):
    with pytest.raises(ValueError, match="not as `course build` wrote them"):
        unpack(damaged)
