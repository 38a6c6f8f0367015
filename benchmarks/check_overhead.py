"""Time what a check costs beyond the computation that it checks.

Each check runs on small inputs inside an exercise; from its time that of the student's
own computation alone is taken off. Times are CPU seconds of one thread, the median of
several rounds. `exercise` is the block around a test, once a test cell.

Run: python benchmarks/check_overhead.py
"""

import contextlib
import io
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

import torch
from torch import nn

from utils import check
from utils.check.outcome import freeze
from utils.check.session import session
from utils.check.store import to_json

LIMIT_S = 1e-3
CALLS, ROUNDS = 100, 9
X = torch.arange(12.0).reshape(3, 4)
NET = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))
SHAPES = {name: tuple(p.shape) for name, p in NET.named_parameters()}


def squared(x: torch.Tensor) -> torch.Tensor:
    """What the student wrote: (3, 4) -> (3, 4)."""
    return x**2


def probe() -> None:
    """One probe; the same frozen values serve every call."""
    session.probes_made, session.passed = 0, []
    check.probe(squared, X)


def train_step() -> None:
    """What `check.module` has to compute: one pass forward and one back."""
    y_hat = NET(X)
    torch.autograd.grad(y_hat.sum(), list(NET.parameters()))


def exercise() -> None:
    """A test cell without checks."""
    with check.exercise("empty"):
        pass


# name -> the check, and the computation that is not its overhead
CHECKS: dict[str, tuple[Callable, Callable]] = {
    "probe": (probe, lambda: squared(X)),
    "call": (lambda: check.call(squared, X), lambda: squared(X)),
    "close": (lambda: check.close(squared(X), X**2), lambda: (squared(X), X**2)),
    "equal": (lambda: check.equal(squared(X), X**2), lambda: (squared(X), X**2)),
    "shape": (lambda: check.shape(squared(X), (3, 4)), lambda: squared(X)),
    "module": (lambda: check.module(NET, X, (3, 2), 37, SHAPES), train_step),
    "exercise": (exercise, lambda: None),
}


def seconds(function: Callable) -> float:
    """CPU seconds of one call."""
    start = process_time()
    for _ in range(CALLS):
        function()
    return (process_time() - start) / CALLS


def overhead(checked: Callable, alone: Callable) -> float:
    """Median over the rounds; the two take turns so that a busy machine slows both."""
    return median(seconds(checked) - seconds(alone) for _ in range(ROUNDS))


def measure() -> dict[str, float]:
    """The overhead of each check in seconds, with 20 known mistakes to a probe."""
    wrong = [freeze(X * factor) for factor in range(20)]  # the chapters' largest bank
    names, probes = [str(i) for i in range(20)], [[freeze(X**2), *wrong]]
    check.load(to_json({"bench": {"names": names, "probes": probes}}))
    times = {}
    with contextlib.redirect_stdout(io.StringIO()):
        times["exercise"] = overhead(*CHECKS["exercise"])
        with check.exercise("bench"):
            for name in CHECKS.keys() - times.keys():
                times[name] = overhead(*CHECKS[name])
    return {name: times[name] for name in CHECKS}


def main() -> int:
    """Print the overhead of each check; exit status 1 if one is over the limit."""
    torch.set_num_threads(1)
    times = measure()
    for name, time in times.items():
        verdict = "ok" if time < LIMIT_S else f"over {LIMIT_S * 1e3:g} ms"
        print(f"{name:9} {time * 1e3:.3f} ms  {verdict}")
    return int(max(times.values()) >= LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
