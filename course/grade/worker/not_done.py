"""What is not done while grading: left out with a word, or refused with a true one.

The lock forbids a worker to start processes, and all that Python would say of it is
"Operation not permitted". What only makes honest code faster goes on without them.
"""

import _multiprocessing
import errno
import functools
import inspect
import os
import subprocess
import sys

STARTERS = "fork forkpty system posix_spawn posix_spawnp execv execve"
FOR_WORKERS = "prefetch_factor persistent_workers multiprocessing_context timeout"
REFUSED = "programs and processes are not started while grading"


def leave_out() -> None:
    """In a student's process, before its first cell: a kernel has all of this."""
    if "torch" in sys.modules:  # else nobody has asked for it
        import torch
        from torch.utils.data import DataLoader

        torch.compile = _compile
        DataLoader.__init__ = _without_workers(DataLoader.__init__)
    for name in STARTERS.split():
        setattr(os, name, _refused(getattr(os, name)))
    subprocess._fork_exec = _refuse
    _multiprocessing.SemLock = _Lock


def _refuse(*args, **kwargs):
    raise PermissionError(errno.EPERM, REFUSED)


def _refused(starter):
    """In the place of a function that starts programs or processes."""

    @functools.wraps(starter)
    def refuse(*args, **kwargs):
        _refuse()

    return refuse


class _Lock:
    """What `multiprocessing` makes before it starts a process."""

    SEM_VALUE_MAX = _multiprocessing.SemLock.SEM_VALUE_MAX
    __new__ = _refuse


def _say(what: str) -> None:
    print(f"not done while grading: {what}")


def _compile(model=None, **settings):
    """As `torch.compile`, whose result computes the same, only faster."""
    if model is None:
        return _compile
    _say("torch.compile; your code runs as it is")
    return model


def _without_workers(init):
    signature = inspect.signature(init)

    @functools.wraps(init)
    def load_here(self, *args, **kwargs):
        given = signature.bind(self, *args, **kwargs)
        if given.arguments.get("num_workers"):
            _say("workers of a DataLoader; it loads its batches itself")
            for name in ("num_workers", *FOR_WORKERS.split()):
                given.arguments.pop(name, None)
        init(*given.args, **given.kwargs)

    return load_here
