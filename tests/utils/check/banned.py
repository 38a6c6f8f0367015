"""Answers tried as in a notebook: given cell, answer and test in files of their own."""

from utils import check

GIVEN = """
import functools, math, threading
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

X, K = torch.ones(1, 1, 6, 6), torch.ones(1, 1, 3, 3)
z, y = torch.arange(8.0).reshape(2, 4), torch.tensor([0, 1])
seq = torch.ones(3, 2, 4)
"""


def verdict(answer: str, *bans: str, test: str = "f()", given: str = ""):
    """The verdict on an answer to exercise `f`; None if it is right.

    Args:
        answer: the answer's cell.
        *bans: what its test forbids.
        test: the test, inside the block that forbids.
        given: code added to the given cell.
    """
    names = {"__name__": "__main__", "check": check}
    exec(compile(GIVEN + given, "exercises.py:1", "exec"), names)
    exec(compile(answer, "<ipython-input-f>", "exec"), names)
    head = f"with check.exercise('f', points=1), check.forbidden{(*bans,)!r}:\n    "
    try:
        exec(compile(head + test, "<test f>", "exec"), names)
    except check.CheckFailed as failed:
        return failed
    return None


def mistake(answer: str, *bans: str, **about: str) -> str | None:
    """The name of the mistake in an answer; None if it is right."""
    failed = verdict(answer, *bans, **about)
    return failed and failed.mistake


def body(*lines: str) -> str:
    """An answer that does this."""
    return "def f(*args):\n" + "".join(f"    {line}\n" for line in lines)
