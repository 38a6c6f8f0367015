"""What students return when nobody expects it, and the values that a build freezes."""

import numpy as np
import pytest
import torch
from torch import nn

from utils import check
from utils.check.outcome import freeze
from utils.check.session import Session, session
from utils.check.store import to_json


class Hostile:
    """Every question that Python may ask of an object raises."""

    def _raise(self, *args):
        raise SystemExit("asked")

    __eq__ = __repr__ = __str__ = __len__ = __bool__ = __iter__ = __hash__ = _raise
    __getattr__ = __float__ = __int__ = __array__ = __deepcopy__ = _raise
    __class__ = property(_raise)


class LyingName(type):
    """A class whose name raises."""

    __name__ = property(Hostile._raise)


class LyingTensor(torch.Tensor):
    """A tensor that answers every torch function with the right value."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.tensor([1.0, 2.0, 3.0])

    def detach(self):
        raise SystemExit("asked")

    shape = property(lambda self: (9, 9))


class DispatchTensor(torch.Tensor):
    """A tensor without storage that would run Python for each operation."""

    @staticmethod
    def __new__(cls):
        return torch.Tensor._make_wrapper_subclass(cls, (3,), dtype=torch.float32)

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        raise SystemExit("asked")


STRANGE = {
    "a Hostile": Hostile,
    "a DispatchTensor": DispatchTensor,
    "an Odd": lambda: LyingName("Odd", (), {})(),
    "the class Odd itself": lambda: LyingName("Odd", (), {}),
    "a generator": lambda: (i for i in range(3)),
    "a range": lambda: range(3),
    "a set": lambda: {1, 2},
    "a Linear": lambda: nn.Linear(2, 3),
    "the class Linear itself": lambda: nn.Linear,
    "a builtin_function_or_method": lambda: len,
    "a whole number of 1,329 bits": lambda: 10**400,
    "a meta tensor of shape (2, 3)": lambda: torch.ones(2, 3, device="meta"),
    "a sparse tensor of shape (2, 2)": lambda: torch.eye(2).to_sparse(),
    "a NumPy array of dtype object": lambda: np.array([None]),
    "a NumPy array of dtype <U1": lambda: np.array(["a"]),
    "a MaskedArray": lambda: np.ma.masked_array([1.0], [True]),
    "a list of 1,001 items": lambda: [0] * 1001,
}


@pytest.fixture(params=STRANGE)
def strange(request):
    """Something that cannot be compared, and its description."""
    return STRANGE[request.param](), request.param


@pytest.fixture
def lying_tensor():
    """A tensor that holds [7] and says something else."""
    return torch.tensor([7.0]).as_subclass(LyingTensor)


@pytest.fixture(autouse=True)
def fresh_session():
    """No test sees the values that another one loaded."""
    session.__dict__.update(Session().__dict__)
    yield
    session.__dict__.update(Session().__dict__)


def frozen(exercise: str, *probes: tuple) -> str:
    """What a build writes: each probe is (right value, {mistake: its value})."""
    names = list(probes[0][1]) if probes else []
    values = [
        [freeze(right), *(None if v is ... else freeze(v) for v in wrong.values())]
        for right, wrong in probes
    ]
    return to_json({exercise: {"names": names, "probes": values}})


@pytest.fixture
def load():
    """Load visible values: load("half", (right, {mistake: value}), ...)."""
    return lambda exercise, *probes: check.load(frozen(exercise, *probes))


@pytest.fixture
def load_hidden():
    """The same for hidden values, to be called inside the test."""
    return lambda exercise, *probes: check.hidden(frozen(exercise, *probes))
