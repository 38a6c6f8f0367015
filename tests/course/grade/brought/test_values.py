"""Plain values between judge and student, whatever the other side sends."""

import numpy as np
import pytest

from course.grade.brought import values
from course.grade.brought.asking import error_told
from course.grade.brought.values import Malformed, pack, put_into, unpack

PLAIN = [
    *(None, True, 1, -(2**70), 1.5, "text", b"\x00", bytearray(b"a"), 1 + 2j),
    *([1, [2]], (1,), {1: (2, "x")}, {1, 2}, frozenset("a"), range(1, 9, 2)),
]


def refuse(value):
    raise TypeError(f"not plain: {value!r}")


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_come_out_as_they_went_in(value):
    back = unpack(pack(value, refuse), refuse)
    assert back == value and type(back) is type(value)


@pytest.mark.parametrize(
    "value", [np.arange(6.0).reshape(2, 3), np.float32(2), np.True_]
)
def test_arrays_and_numbers_of_numpy_keep_type_and_shape(value):
    back = unpack(pack(value, refuse), refuse)
    assert type(back) is type(value) and back.dtype == value.dtype
    np.testing.assert_array_equal(back, value)


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    "value", [Liar(3), object(), len, np.array([object()]), np.array(["2020"], "M8")]
)
def test_what_has_code_of_its_own_does_not_cross_as_a_value(value):
    with pytest.raises(TypeError, match="not plain"):
        pack([value], refuse)


def test_what_is_nested_without_end_is_refused():
    loop: list = []
    loop.append(loop)
    with pytest.raises(ValueError, match="too deep"):
        pack(loop, refuse)


@pytest.mark.parametrize(
    "tree",
    [
        *([], [[]], {"a": 1}, ["int", "x"], ["dict", 1], ["set", ["list"]]),
        *(
            ["array", "O", [1], "00"],
            ["array", "<f8", [3], "00"],
            ["array", "|V8", [], ""],
        ),
        *(["bytes", 3], ["range", "a"], ["complex", "x", 1], ["list", ["nothing", 1]]),
    ],
    ids=repr,
)
def test_a_tree_that_stands_for_no_value_is_told(tree):
    def resolve(tree):
        raise Malformed("no reference")

    with pytest.raises(Malformed):
        unpack(tree, resolve)


def test_containers_are_changed_in_place_and_only_to_their_own_kind():
    old = [1, 2]
    put_into(old, [3])
    assert old == [3]
    with pytest.raises(Malformed):
        put_into(old, {3})
    assert values.can_change(old) and not values.can_change((1,))


@pytest.mark.parametrize(
    "told",
    [None, [], ["E", "", 1], ["E", "", "1", "ValueError"], ["E", "", 1, "print"]],
    ids=repr,
)
def test_nonsense_about_an_error_is_told(told):
    with pytest.raises(Malformed):
        error_told(told)
