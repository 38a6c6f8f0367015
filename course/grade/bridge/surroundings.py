"""What a call depends on besides its arguments, kept alike in both processes.

Random numbers of Python, NumPy and torch, the default dtype and the grad mode: in one
notebook the test and the answer share them, so a mask that an answer draws after the
test drew its data must come out the same with the two of them apart.
"""

import ctypes
import random
import struct

import numpy as np
import torch

# The Mersenne Twister's 624 words and its place in them, as C keeps them. To look at
# these bytes costs a tenth of what Python's and NumPy's own copies of them cost.
_MT19937_BYTES = 625 * 4
_DTYPES = {str(d).removeprefix("torch."): d for d in (torch.float32, torch.float64)}
_DTYPES |= {"float16": torch.float16, "bfloat16": torch.bfloat16}


class Surroundings:
    """The state of this process as the other one last knew it."""

    def __init__(self):
        self.known = [None] * 5

    def changes(self) -> list:
        """What differs from what the other side knows; None where nothing does."""
        now = [
            _python_state(),
            _numpy_state(),
            torch.get_rng_state(),
            str(torch.get_default_dtype()).removeprefix("torch."),
            torch.is_grad_enabled(),
        ]
        pairs = zip(now, self.known, strict=True)
        changed = [None if _same(a, b) else _to_wire(a) for a, b in pairs]
        self.known = now
        return changed

    def apply(self, changes: list) -> None:
        """Take over what the other side changed.

        Raises:
            ValueError: it is no such state.
        """
        python_state, numpy_state, torch_state, dtype, grad = changes
        if python_state is not None:
            state, ahead = python_state
            self.known[0] = bytes.fromhex(state), ahead
            _set_python_state(*self.known[0])
        if numpy_state is not None:
            _set_numpy_state(bytes.fromhex(numpy_state))
            self.known[1] = bytes.fromhex(numpy_state)
        if torch_state is not None:
            data = bytearray.fromhex(torch_state)
            self.known[2] = torch.frombuffer(data, dtype=torch.uint8)
            torch.set_rng_state(self.known[2])
        if dtype is not None:
            torch.set_default_dtype(_DTYPES[dtype])
            self.known[3] = dtype
        if grad is not None:
            torch.set_grad_enabled(grad is True)
            self.known[4] = grad is True


def _same(a, b) -> bool:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.equal(a, b)
    return type(a) is type(b) and a == b


def _to_wire(value):
    if isinstance(value, tuple):
        return [_to_wire(part) for part in value]
    if isinstance(value, torch.Tensor):
        value = value.numpy().tobytes()
    return value.hex() if isinstance(value, bytes) else value


def _python_state() -> tuple[bytes, float | None] | None:
    """Of Python's global generator: its bytes, and a normal number drawn in advance."""
    generator = random._inst
    if type(generator) is not random.Random:
        return None
    # The object's head, then `int index; uint32_t state[624]`, says CPython's source.
    address = id(generator) + object.__basicsize__
    return ctypes.string_at(address, _MT19937_BYTES), generator.gauss_next


def _set_python_state(state: bytes, ahead: float | None) -> None:
    place, *words = struct.unpack("=625I", state)
    random.setstate((3, (*words, place), None if ahead is None else float(ahead)))


def _numpy_address() -> int | None:
    """Where NumPy's global generator keeps its words; None if it was replaced."""
    generator = np.random.get_bit_generator()
    if type(generator) is not np.random.MT19937:
        return None
    return generator.ctypes.state_address


def _numpy_state() -> bytes | None:
    address = _numpy_address()
    return None if address is None else ctypes.string_at(address, _MT19937_BYTES)


def _set_numpy_state(state: bytes) -> None:
    address = _numpy_address()
    position = int.from_bytes(state[-4:], "little", signed=True)
    if len(state) != _MT19937_BYTES or not 0 <= position <= 624:
        raise ValueError("no state of MT19937")
    if address is not None:
        np.random.seed(0)  # forgets a normal number that was drawn in advance
        ctypes.memmove(address, state, _MT19937_BYTES)
