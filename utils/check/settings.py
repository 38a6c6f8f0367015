"""Settings of libraries that an answer may change but has to put back.

Random states are none of them: a seed left behind does no harm, as every call of a
student's code is seeded and what it drew is forgotten.
"""

import contextlib
from collections.abc import Iterable, Iterator

import numpy as np
import torch

# name -> how it is read and how it is set
_SETTINGS = {
    "the grad mode": (
        torch.is_grad_enabled,
        torch.set_grad_enabled,
    ),
    "torch's default dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "torch's default device": (
        lambda: getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None),
        lambda context: torch.set_default_device(context and context.device),
    ),
    "torch's use of deterministic algorithms": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    "torch's anomaly detection": (
        torch.is_anomaly_enabled,
        torch.autograd.set_detect_anomaly,
    ),
    "torch's number of threads": (torch.get_num_threads, torch.set_num_threads),
    "NumPy's handling of floating-point errors": (
        np.geterr,
        lambda old: np.seterr(**old),
    ),
}
# Those that go along between the processes of judge and student, see the bridge.
SHARED = ("the grad mode", "torch's default dtype")
_ALL = tuple(_SETTINGS)
_OWN = tuple(name for name in _ALL if name not in SHARED)

# What the process of a student's code says it found changed in itself, see the bridge.
_told: list[str] = []


class Left:
    """The names of settings that a call left changed, filled in when it is over."""

    def __init__(self):
        self.names: list[str] = []


@contextlib.contextmanager
def put_back(shared_too: bool = True) -> Iterator[Left]:
    """Note which settings are changed inside, and put them back.

    Args:
        shared_too: whether also those that another process is told of anyway.

    Yields:
        what will hold their names.
    """
    names = _ALL if shared_too else _OWN
    left, before, mark = Left(), _read(names), len(_told)
    try:
        yield left
    finally:
        after = _read(names)
        if after != before:
            left.names = _restored(names, before, after)
        left.names += [name for name in _told[mark:] if name not in left.names]
        del _told[mark:]


def _read(names: tuple) -> list:
    return [_SETTINGS[name][0]() for name in names]


def _restored(names: tuple, before: list, after: list) -> list[str]:
    """Put settings back; returns the names of those that had changed."""
    found = []
    for name, old, new in zip(names, before, after, strict=True):
        if old != new:
            _SETTINGS[name][1](old)
            found.append(name)
    return found


def tell(names: Iterable) -> None:
    """Take over what another process says of itself; other words are left out."""
    _told.extend(name for name in _SETTINGS if name in names)
