"""Seeded calls that leave the student's own settings of torch as they were."""

import contextlib
import io
import random
import warnings
from collections.abc import Iterator

import numpy as np
import torch

# NumPy takes a third of a millisecond to copy the state of its generator, or to make
# one: so a spare one is put in its place, one for each level of nesting.
_SPARE: list[np.random.MT19937] = []


@contextlib.contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Seed Python, NumPy and torch inside; restore all of it on the way out.

    The default dtype and the grad mode are restored too: a function that sets one and
    forgets it must not spoil the checks after it.

    Args:
        seed: the seed of all three.
    """
    states = random.getstate(), torch.get_rng_state()
    theirs = np.random.get_bit_generator()
    ours = _SPARE.pop() if _SPARE else np.random.MT19937()
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    random.seed(seed)
    np.random.set_bit_generator(ours)
    np.random.seed(seed)
    torch.random.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_bit_generator(theirs)
        _SPARE.append(ours)
        torch.set_rng_state(states[1])
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)


@contextlib.contextmanager
def laboratory() -> Iterator[None]:
    """The same surroundings for every test, whatever the notebook did before.

    Seeded, float32, with gradients, and nothing reaches standard error: stock nbgrader
    gives no points for a test that writes there. Prints stay visible.
    """
    with (
        seeded(0),
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
        yield
