"""Whatever comes from the student's process: a value, a refusal, never a surprise."""

import contextlib
import json
import socket
import struct
import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course.grade.bridge import frames
from course.grade.bridge.frames import Wire, WireError
from course.grade.bridge.judge import Judge, StudentGone
from course.grade.bridge.plain import Malformed
from course.grade.bridge.unpacking import Unpacking
from course.grade.judge.hearing import Case, judge_test
from course.grade.plan import Cell
from course.grade.result import NOT_JUDGED

NOTHING = [*[None] * 5, []]
KINDS = sorted(
    name.removeprefix("unpack_")
    for kind in (Judge, Unpacking)
    for name in dir(kind)
    if name.startswith("unpack_")
)


def framed(tree, blobs=()) -> bytes:
    head = json.dumps([tree, [len(blob) for blob in blobs]]).encode()
    return struct.pack("<I", len(head)) + head + b"".join(blobs)


def reply(tree, changes=(), surroundings=NOTHING, is_error=False) -> bytes:
    return framed([is_error, tree, list(changes), surroundings, [], [], []])


@pytest.fixture
def told(processes):
    """A judge whose student's process answers anything with these bytes."""

    def start(data: bytes, then_ends: bool = True, seconds: float = 20) -> Judge:
        def student(sock: socket.socket) -> None:
            sock.recv(2**16)
            with contextlib.suppress(OSError):
                sock.sendall(data)
            if not then_ends:
                time.sleep(30)

        return processes(student, seconds)

    return start


GOOD_TENSOR = ["tensor", 1, ["float32", [1], [1], 0], False, False, None]
REPLIES = {
    "nothing": b"",
    "half a length": b"\x01\x00",
    "a length that is too large": struct.pack("<I", 2**31),
    "less than was announced": struct.pack("<I", 100) + b"[]",
    "no JSON": struct.pack("<I", 4) + b"nope",
    "no UTF-8": struct.pack("<I", 2) + b"\xff\xfe",
    "brackets without end": struct.pack("<I", 10**5) + b"[" * 10**5,
    "a number": framed(3)[:4] + b"3",
    "sizes below zero": struct.pack("<I", 9) + b"[[],[-1]]",
    "sizes that are true": struct.pack("<I", 11) + b"[[],[true]]",
    "more bytes than may be": struct.pack("<I", 16) + b"[[],[4294967296]]"[:16],
    "blobs that don't come": struct.pack("<I", 10) + b"[[],[1000]",
    "no reply": framed([]),
    "a reply too long": framed([False] * 9),
    "a reply that is an object": framed({"is_error": False}),
    "outputs that are none": framed([False, 1, [], NOTHING, 3, [], []]),
    "called that is none": framed([False, 1, [], NOTHING, [], {}, []]),
    "a finding that is none": framed([False, 1, [], NOTHING, [], [7], []]),
    "a finding of no ban": framed([False, 1, [], NOTHING, [], [["a", "", 1, ""]], []]),
    "surroundings that are none": reply(1, surroundings=[1]),
    "a seed that is none": reply(1, surroundings=[["a"], None, None, None, None, []]),
    "a torch seed that is none": reply(
        1, surroundings=[None, None, "00", None, None, []]
    ),
    "a NumPy seed out of range": reply(
        1, surroundings=[None, "ff" * 2500, *NOTHING[2:]]
    ),
    "a dtype that is none": reply(
        1, surroundings=[None, None, None, "int32", None, []]
    ),
    "an error that is none": reply(3, is_error=True),
    "an error of no class": reply(
        ["exception", "print", "x", [], "", None, None], is_error=True
    ),
    "an unknown kind": reply(["nonsense"]),
    "a kind that is a method": reply(["all", [1]]),
    "a number that nothing bears": reply(["same", 77]),
    "a number of the judge's": reply(["list", 2, []]),
    "a number that is taken": reply(["tuple", [["list", 1, []], ["list", 1, []]]]),
    "a number that is text": reply(["list", "1", []]),
    "a tensor without numbers": reply(GOOD_TENSOR),
    "a class of os": reply(["class", "os", "PathLike"]),
    "a function as a class": reply(["class", "torch", "load"]),
    "a class that is not there": reply(["class", "torch", "Nothing"]),
    "a class by a private way": reply(["class", "builtins", "str.__class__.__base__"]),
    "a module of no module's class": reply(
        [
            "module",
            1,
            ["class", "builtins", "int"],
            [True, [], [], [], [], ["class", "builtins", "int"]],
        ]
    ),
    "a module with odd parts": reply(
        [
            "module",
            1,
            ["class", "torch.nn.modules.linear", "Linear"],
            [True, [["w", 3]], [], [], [], None],
        ]
    ),
    "a method with an odd name": reply(["own_class", 1, "A", None, ["__reduce__"]]),
    "a class with an odd name": reply(["own_class", 1, "\n", None, []]),
    "a huge range of dimensions": reply(["size", [1] * 99]),
    "a size below zero": reply(["size", [-1]]),
    "an unhashable key": reply(["dict", 1, "dict", "", [[["list", 3, []], 1]]]),
    "a named tuple with odd fields": reply(["named", "a b", ["c"], [1]]),
    "a slice of many parts": reply(["slice", [1, 2, 3, 4]]),
    "a number with no digits": reply(["int", "0xg"]),
    "a blob that is not there": reply(["bytes", 5]),
    "an array of objects": reply(["array", 1, "|O", [1], 0]),
    "a change of nothing": reply(1, changes=[[77, []]]),
    "changes that are none": framed([False, 1, 7, NOTHING, [], [], []]),
    "names that are none": framed([False, 1, [], NOTHING, [], [], 3]),
    "a graph of no tensors": reply(["graph", 1, ["float32", [0], [1], 0], [3]]),
    "deep nesting": reply(eval("[" * 0 + "['tuple', [" * 60 + "1" + "]]" * 60)),
}


@pytest.mark.parametrize("data", REPLIES.values(), ids=REPLIES.keys())
def test_a_malformed_reply_is_the_students_end(told, data):
    judge = told(data)
    with pytest.raises(StudentGone):
        judge.ask("name", "f")
    assert judge.gone
    with pytest.raises(StudentGone):
        judge.ask("name", "f")


def test_a_good_reply_is_none(told):
    assert told(reply(["tuple", [1, 2.5]])).ask("name", "f") == (1, 2.5)


@pytest.mark.parametrize("data", [b"", b"\x08\x00", framed([])[:-1]])
def test_silence_ends_in_time(told, data, monkeypatch):
    monkeypatch.setattr("course.grade.bridge.judge.GRACE_S", 0.2)
    judge = told(data, then_ends=False, seconds=0.1)
    start = time.monotonic()
    with pytest.raises(StudentGone, match=frames.TOO_LONG):
        judge.ask("name", "f")
    assert time.monotonic() - start < 5


def test_a_reply_that_trickles_ends_in_time(processes, monkeypatch):
    monkeypatch.setattr("course.grade.bridge.judge.GRACE_S", 0.2)

    def student(sock: socket.socket) -> None:
        sock.recv(2**16)
        data = reply("x" * 200)
        with contextlib.suppress(OSError):
            for byte in data:
                sock.send(bytes([byte]))
                time.sleep(0.05)

    judge = processes(student, 0.3)
    start = time.monotonic()
    with pytest.raises(StudentGone):
        judge.ask("name", "f")
    assert time.monotonic() - start < 5


def test_a_test_with_a_student_that_is_gone_is_not_judged(told):
    judge = told(reply(["nonsense"]))
    code = compile("try:\n    f(1)\nexcept Exception:\n    pass", "<test>", "exec")
    from course.grade.judge.hearing import Test

    case = Case({"test_f": Test(code, frozenset())}, {})
    verdict = judge_test(case, Cell("test", "test_f", "", 2), judge)
    assert (verdict.state, verdict.score) == (NOT_JUDGED, 0)


def test_a_test_that_swallows_everything_is_not_right(told):
    judge = told(reply(["nonsense"]))
    code = compile("try:\n    f(1)\nexcept BaseException:\n    pass", "<test>", "exec")
    from course.grade.judge.hearing import Test

    case = Case({"test_f": Test(code, frozenset())}, {})
    assert judge_test(case, Cell("test", "test_f", "", 2), judge).score == 0


def test_a_dead_student_is_gone_at_once(bridge):
    names = bridge("import os\ndef f():\n    os._exit(3)")
    start = time.monotonic()
    with pytest.raises(StudentGone):
        exec("f()", names)
    assert time.monotonic() - start < 5


def test_a_reply_may_not_rename_what_the_judge_lent(bridge):
    names = bridge("def f(x):\n    return x")
    exec("net = [1]\nf(net)", names)
    number = names.judge.numbers[id(names["net"])]
    with pytest.raises(Malformed):
        names.judge.share([], number)


# ---------------------------------------------------------------- any tree

SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 99) | st.floats() | st.text(max_size=5)
)
WORDS = st.sampled_from(
    [*KINDS, "int", "complex", "dtype", "device", "...", "float32", "torch", "builtins"]
    + ["torch.nn.modules.linear", "Linear", "ValueError", "list", "__call__", "<f4"]
)
TREES = st.recursive(
    SCALARS | WORDS,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | st.tuples(WORDS, inner, inner, inner).map(list)
        | st.tuples(
            st.sampled_from(KINDS), st.sampled_from([1, 3]), inner, inner, inner
        ).map(list)
    ),
    max_leaves=25,
)


class OneReply:
    """A wire that has received one message."""

    def __init__(self, tree):
        self.tree = tree

    def receive(self):
        """The message."""
        return self.tree, [bytearray(8), bytearray(b"\0" * 4)]


def receive(tree):
    """What a judge that lent three things makes of a reply."""
    judge = Judge(OneReply(tree), 5)
    for thing in ([1], torch.ones(2), nn.Linear(1, 1)):
        judge.pack(thing)
    return judge._receive()


@given(TREES, TREES, st.lists(TREES, max_size=3))
def test_any_reply_is_a_value_or_malformed(tree, change, surroundings):
    for message in (
        [False, tree, [], NOTHING, [], []],
        [True, tree, [], NOTHING, [], []],
        [False, None, [[number, change] for number in (2, 4, 6)], NOTHING, [], []],
        [False, None, change, NOTHING, [], []],
        [False, None, [], tree, [], []],
        [False, None, [], [*(surroundings + NOTHING)[:5], []], tree, tree],
        tree,
    ):
        with contextlib.suppress(Malformed, WireError):
            receive(message)
        torch.set_default_dtype(torch.float32)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_none(data):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.close()
        ours.settimeout(5)
        with contextlib.suppress(WireError):
            while True:
                Wire(ours).receive()


@given(TREES)
def test_every_value_of_a_stranger_can_be_sent_back_or_is_refused(tree):
    judge = Judge(OneReply(None), 5)
    with contextlib.suppress(Malformed):
        judge.blobs = [bytearray(8)]
        try:
            value = judge.unpack(tree)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return  # `_receive` takes these for what they are
        judge.blobs = []
        with contextlib.suppress(ValueError, TypeError):
            json.dumps(judge.pack(value))
