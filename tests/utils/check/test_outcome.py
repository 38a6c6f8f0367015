"""Whatever a student returns becomes plain data, and none of its code runs."""

import enum
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from torch import nn

from utils.check.outcome import Outcome, freeze, freeze_error


class LyingInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__
    __int__ = __index__ = lambda self: 42
    __repr__ = __str__ = lambda self: "42"


class LyingList(list):
    def __iter__(self):
        return iter([1, 2, 3])

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return [1, 2, 3]


class LyingStr(str):
    __str__ = __repr__ = lambda self: "right"


class Colour(enum.IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (None, Outcome("none")),
        (True, Outcome("bool", True)),
        (3, Outcome("int", 3)),
        (2.5, Outcome("float", 2.5)),
        (1 + 2j, Outcome("complex", 1 + 2j)),
        ("a", Outcome("str", "a")),
        (np.float64(2.5), Outcome("float", 2.5)),
        (np.int64(3), Outcome("int", 3)),
        (np.bool_(True), Outcome("bool", True)),
        (np.float32(0.5), Outcome("float", 0.5)),
        (torch.float32, Outcome("dtype", "torch.float32")),
        (torch.Size([2]), Outcome("tuple", (Outcome("int", 2),))),
        ([], Outcome("list", ())),
        (Point(1, 2), Outcome("tuple", (Outcome("int", 1), Outcome("int", 2)))),
        ({"a": 1}, Outcome("dict", ((Outcome("str", "a"), Outcome("int", 1)),))),
        (Colour.RED, Outcome("int", 1)),
    ],
)
def test_plain_values_keep_their_kind(value, outcome):
    assert freeze(value) == outcome


def test_an_ordered_dict_counts_as_a_dict():
    assert freeze(OrderedDict(a=1)) == freeze({"a": 1})


def test_subclasses_give_what_they_hold_and_not_what_they_say():
    assert freeze(LyingInt(7)) == Outcome("int", 7)
    assert type(freeze(LyingInt(7)).data) is int
    assert freeze(LyingStr("wrong")) == Outcome("str", "wrong")
    assert freeze(LyingList([9])) == Outcome("list", (Outcome("int", 9),))


def test_a_tensor_subclass_gives_what_it_holds_and_not_what_it_says(lying_tensor):
    frozen = freeze(lying_tensor)
    assert type(frozen.data) is torch.Tensor
    assert frozen.data.tolist() == [7.0]


def test_what_cannot_be_compared_is_described_by_its_true_type(strange):
    value, description = strange
    assert freeze(value) == Outcome("other", description)


@pytest.mark.filterwarnings("ignore")
def test_a_quantised_and_a_nested_tensor_are_described():
    quantised = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)
    nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    assert freeze(quantised).data == "a quint8 tensor of shape (2,)"
    assert freeze(nested).data == "a nested tensor"


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize(
    "dtype", [torch.bfloat16, torch.complex32, torch.float8_e5m2, torch.uint64]
)
def test_unusual_dtypes_are_tensors_like_any_other(dtype):
    frozen = freeze(torch.ones(2).to(dtype))
    assert (frozen.kind, frozen.dtype) == ("tensor", str(dtype)[len("torch.") :])


def test_a_list_that_contains_itself_many_times_ends():
    endless = []
    endless.extend([endless] * 900)
    assert freeze(endless).kind == "list"


def test_nesting_that_grows_without_end_stops_at_the_limit():
    value = []
    for _ in range(100):
        value = [value]
    assert "a list of 1 items" in str(freeze(value))


def test_a_huge_tensor_is_not_copied():
    huge = torch.zeros(1).expand(10**9)
    assert freeze(huge).data.data_ptr() == huge.data_ptr()
    array = np.broadcast_to(np.zeros(1), (10**5, 10**5))
    assert freeze(array).data.shape == (10**5, 10**5)


def test_a_change_in_place_after_freezing_does_not_reach_the_outcome():
    tensor, array = torch.zeros(3), np.zeros(3)
    frozen = freeze([tensor, array])
    tensor += 1
    array += 1
    assert [item.data.sum().item() for item in frozen.data] == [0, 0]


def test_arrays_with_negative_strides_and_read_only_ones_are_frozen():
    backwards = np.arange(3.0)[::-1]
    frozen = np.arange(3.0)
    frozen.flags.writeable = False
    assert freeze(backwards).data.tolist() == [2, 1, 0]
    assert freeze(frozen).data.tolist() == [0, 1, 2]


def test_a_parameter_loses_its_graph_and_keeps_its_values():
    frozen = freeze(nn.Parameter(torch.ones(2)))
    assert type(frozen.data) is torch.Tensor
    assert not frozen.data.requires_grad


def test_an_error_is_its_class_and_the_first_line_of_its_message():
    error = ValueError("a size\nand more")
    assert freeze_error(error) == Outcome("raised", ("ValueError", "a size"))


def test_an_error_whose_message_raises_or_names_an_address_is_still_the_same_each_run():
    class Mute(Exception):
        def __str__(self):
            raise SystemExit("asked")

    assert freeze_error(Mute()).data == ("Mute", "")
    error = TypeError(f"bad: {object()!r}")
    assert freeze_error(error).data[1] == "bad: <object object at 0x...>"
