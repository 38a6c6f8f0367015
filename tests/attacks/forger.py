# What forged replies to the judge are made with. Runs in the student's own process, in
# front of the attack that asks for it with `forger = true`.
import gc
import itertools
import json
import struct

from course.grade.bridge import frames
from course.grade.bridge import student as bridge

honest_answer = bridge.Student.answer
number = itertools.count(10_001, 2)
UNCHANGED = [*[None] * 5, []]  # surroundings, and settings left changed


def reply(
    tree, blobs=(), changes=(), about=UNCHANGED, outputs=(), called=(), bad=False
):
    """A reply as `Student.answer` gives it."""
    said = [list(outputs), list(called), []]
    return [bad, tree, list(changes), about, *said], list(blobs)


def forge(make, operation="call"):
    """Answer each call of a function with `make(request, blobs)`."""

    def answer(self, request, blobs):
        parts = request[1]
        if request[0] == operation or (request[0], *parts[:1]) == ("apply", operation):
            return make(request, blobs)
        return honest_answer(self, request, blobs)

    bridge.Student.answer = answer


def tensor(values, *shape):
    """A tensor of float32 as a tree, and its blob."""
    blob = struct.pack(f"<{len(values)}f", *values)
    strides = [1] * len(shape)
    return [
        "tensor",
        next(number),
        ["float32", [*shape], strides, 0],
        False,
        False,
        None,
    ], blob


def own_socket():
    """The connection to the judge."""
    return next(o.sock for o in gc.get_objects() if type(o) is frames.Wire)


def send(tree, blobs=(), sizes=None):
    """Send a frame past the program that should send it."""
    sizes = [len(blob) for blob in blobs] if sizes is None else sizes
    head = json.dumps([tree, sizes]).encode()
    own_socket().sendall(struct.pack("<I", len(head)) + head + b"".join(blobs))
