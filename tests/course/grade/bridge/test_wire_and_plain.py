"""Frames on the socket, plain values as trees, and what both processes keep alike."""

import json
import random
import socket
import struct
import threading

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course.grade.bridge import frames, plain
from course.grade.bridge.frames import Wire, WireError
from course.grade.bridge.plain import Malformed
from course.grade.bridge.surroundings import Surroundings
from course.grade.bridge.table import Table


@pytest.fixture
def wires():
    ends = socket.socketpair()
    yield [Wire(end) for end in ends]
    for end in ends:
        end.close()


def test_a_message_arrives_whole_however_it_is_cut(wires):
    here, there = wires
    blobs = [bytes(10**6), b"", b"abc"]
    sender = threading.Thread(target=here.send, args=({"a": [1, None]}, blobs))
    sender.start()
    tree, got = there.receive()
    sender.join()
    assert tree == {"a": [1, None]} and [bytes(blob) for blob in got] == blobs


def test_messages_keep_their_order(wires):
    here, there = wires
    for number in range(5):
        here.send(number, [])
    assert [there.receive()[0] for _ in range(5)] == list(range(5))


def test_too_much_is_not_sent(wires, monkeypatch):
    monkeypatch.setattr(frames, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="MiB"):
        wires[0].send([], [bytes(101)])
    wires[0].send("next", [])
    assert wires[1].receive()[0] == "next"


@pytest.mark.parametrize(("name", "limit"), [("MAX_BYTES", 50), ("MAX_BLOBS", 1)])
def test_more_than_the_limits_is_not_received(wires, monkeypatch, name, limit):
    wires[0].send([], [bytes(40), bytes(40)])
    monkeypatch.setattr(frames, name, limit)
    with pytest.raises(WireError):
        wires[1].receive()


def test_an_end_is_told_from_silence(wires):
    here, there = wires
    there.expect(0.05)
    with pytest.raises(WireError, match=frames.TOO_LONG):
        there.receive()
    here.sock.close()
    there.expect(5)
    with pytest.raises(WireError, match="ended"):
        there.receive()
    with pytest.raises(WireError, match="gone"):
        there.send([], [bytes(10**6)])


def test_one_who_does_not_read_is_not_waited_for(wires):
    wires[0].expect(0.05)
    with pytest.raises(WireError, match=frames.TOO_LONG):
        wires[0].send([], [bytes(10**7)])


SIMPLE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
)


@given(SIMPLE | st.complex_numbers(allow_nan=False))
def test_a_scalar_survives_as_json(value):
    tree = json.loads(json.dumps(plain.pack_scalar(value)))
    got = plain.unpack_scalar(tree[0], tree[1:]) if type(tree) is list else tree
    assert got == value and type(got) is type(value)


LAYOUTS = [
    *(
        torch.arange(6.0),
        torch.arange(6.0).reshape(2, 3).T,
        torch.ones(2, 1).expand(2, 9),
    ),
    *(torch.tensor(3), torch.empty(0, 2), torch.arange(9)[1::3], torch.tensor([True])),
]


@pytest.mark.parametrize("value", LAYOUTS, ids=lambda value: str(list(value.shape)))
def test_a_tensor_survives_with_its_strides(value):
    blobs: list = []
    tree = json.loads(json.dumps(plain.pack_numbers(value, blobs)))
    got = plain.unpack_numbers(tree, list(map(bytearray, blobs)))
    assert torch.equal(got, value) and got.dtype == value.dtype
    assert got.stride() == value.stride() or not value.numel()


@pytest.mark.parametrize(
    "tree",
    [
        ["float32", [2], [1], 0],
        ["float32", [10**9, 10**9], [0, 0], 0],
        ["float32", [10**18], [0], 0],
        ["float32", [-1], [1], 0],
        ["float32", [1], [-1], 0],
        ["float32", [1], [1, 1], 0],
        ["float32", [True], [1], 0],
        ["float32", [1] * 33, [1] * 33, 0],
    ],
)
def test_numbers_that_do_not_fill_a_tensor_are_malformed(tree):
    with pytest.raises((Malformed, ValueError)):
        plain.unpack_numbers(tree, [bytearray(4)])


def test_two_sides_never_give_the_same_number():
    judge, student = Table(), Table()
    judge.first, student.first = 2, 1
    judge.reset()
    student.reset()
    given = {table: [table.share([i]) for i in range(5)] for table in (judge, student)}
    assert not set(given[judge]) & set(given[student])
    with pytest.raises(Malformed):
        judge.share([], 8_000)  # even: the judge's own to give


def test_surroundings_tell_only_what_changed():
    here = Surroundings()
    assert all(part is not None for part in here.changes())
    assert here.changes() == [None] * 5
    random.random()
    assert [part is not None for part in here.changes()] == [True, *[False] * 4]
    np.random.rand()
    torch.rand(1)
    assert [part is not None for part in here.changes()] == [False, True, True] + [
        False
    ] * 2


def test_the_bytes_of_pythons_generator_are_its_state():
    random.seed(3)
    random.random()
    (state, _), *_ = Surroundings().changes()
    place, *words = struct.unpack("=625I", bytes.fromhex(state))
    assert random.getstate()[1] == (*words, place)


def test_a_generator_that_was_replaced_is_left_alone(monkeypatch):
    monkeypatch.setattr(random, "_inst", object())
    assert Surroundings().changes()[0] is None


def test_surroundings_taken_over_give_the_same_numbers():
    def draw() -> list:
        return [
            random.gauss(0, 1),
            random.random(),
            np.random.rand(),
            torch.rand(1).item(),
        ]

    random.gauss(0, 1)
    state = json.loads(json.dumps(Surroundings().changes()))
    expected = draw()
    random.seed(5)
    np.random.seed(5)
    torch.manual_seed(5)
    Surroundings().apply(state)
    assert draw() == expected
