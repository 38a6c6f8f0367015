"""Messages over a socket: a JSON tree and the bytes of its tensors, sizes capped."""

import json
import socket
import struct
import time
from itertools import accumulate

MAX_TREE = 16 * 2**20  # bytes of JSON
MAX_BYTES = 256 * 2**20  # of a whole message
MAX_BLOBS = 20_000
TOO_LONG = "took too long"
ENDED, GONE = DEATHS = ("ended", "the connection is gone")


class WireError(Exception):
    """The other side is gone, too slow, or sent what is no message."""


class TooLarge(ValueError):
    """A message that can't be sent, in words; nothing of it was."""


class Wire:
    """One end of a socket between judge and student.

    Args:
        sock: a connected stream socket.
    """

    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.deadline: float | None = None  # for sending and receiving

    def expect(self, seconds: float) -> None:
        """Demand that the next message is sent, and answered in full, within this."""
        self.deadline = time.monotonic() + seconds

    def send(self, tree, blobs: list[bytes]) -> None:
        """Send a JSON tree and what it refers to by position in `blobs`.

        Raises:
            TooLarge: it is more than the other side takes.
            WireError: the other side is gone, or too slow.
        """
        if len(blobs) > MAX_BLOBS:
            raise TooLarge(
                f"it holds {len(blobs):,} tensors; {MAX_BLOBS:,} are the most"
            )
        head = json.dumps([tree, [len(blob) for blob in blobs]]).encode()
        if len(head) > MAX_TREE:
            most = f"{MAX_TREE >> 20} MiB of numbers and letters one by one"
            raise TooLarge(f"it holds more than {most}; a tensor may hold more")
        if (size := len(head) + sum(map(len, blobs))) > MAX_BYTES:
            most = f"{MAX_BYTES >> 20} MiB are the most"
            raise TooLarge(f"it takes {size >> 20} MiB; {most}")
        try:
            self._be_in_time()
            self.sock.sendall(b"".join([struct.pack("<I", len(head)), head, *blobs]))
        except TimeoutError as error:
            raise WireError(TOO_LONG) from error
        except OSError as error:
            raise WireError(GONE) from error

    def _be_in_time(self) -> None:
        if self.deadline is not None:
            self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))

    def receive(self) -> tuple[object, list[memoryview]]:
        """The next message: its tree and its blobs.

        Raises:
            WireError: none came in time, or something else came.
        """
        length = struct.unpack("<I", self._bytes(4))[0]
        if length > MAX_TREE:
            raise WireError("too large a message")
        try:
            tree, sizes = json.loads(bytes(self._bytes(length)))
        except (ValueError, TypeError, RecursionError, MemoryError) as error:
            raise WireError("no message") from error
        if (
            type(sizes) is not list
            or len(sizes) > MAX_BLOBS
            or any(type(size) is not int or size < 0 for size in sizes)
            or sum(sizes) > MAX_BYTES
        ):
            raise WireError("no message")
        blobs, ends = memoryview(self._bytes(sum(sizes))), [*accumulate(sizes)]
        return tree, [blobs[end - n : end] for n, end in zip(sizes, ends, strict=True)]

    def _bytes(self, count: int) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        while view:
            try:
                self._be_in_time()  # each time: bytes may come one by one
                got = self.sock.recv_into(view)
            except TimeoutError as error:
                raise WireError(TOO_LONG) from error
            except OSError as error:
                raise WireError(GONE) from error
            if not got:
                raise WireError(ENDED)
            view = view[got:]
        return data
