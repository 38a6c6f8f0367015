"""Jobs in forked children of one process that has imported torch once.

A child that crashes, hangs or exits costs its own job only. Forking is safe as long as
this process has started no thread pool: `prepare` sees to one thread.
"""

import contextlib
import gc
import importlib
import multiprocessing
import os
import pickle
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import IO, Any

from course import pages

PROCESSES = 2


@dataclass(frozen=True)
class Lost:
    """A job whose child gave no result."""

    reason: str


def prepare(modules: set[str]) -> None:
    """Import what the jobs need, once, in a process that stays single-threaded, and
    move it onto large pages.

    Args:
        modules: names of modules; one that isn't installed fails here, not in a child.
    """
    bring(modules)
    pages.gather()


def bring(modules: set[str]) -> None:
    """The same, and leave it on the pages where it is."""
    import torch

    torch.set_num_threads(1)
    # The first optimiser of a process imports this, for seconds: once, not per child.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library says of itself on import
        for name in sorted({*modules, "torch._dynamo"}):
            importlib.import_module(name)
    gc.freeze()  # a collection in a child would copy every page of what is imported


def run_forked(
    jobs: list[Callable[[], Any]], timeout_s: float, processes: int = PROCESSES
) -> Iterator[tuple[int, Any]]:
    """Run each job in a forked child, at most `processes` at a time.

    Args:
        jobs: functions without arguments whose results can be sent through a pipe.
        timeout_s: seconds after which a child is killed.
        processes: how many children live at once.

    Yields:
        (index of the job, its result or `Lost`), in the order in which they end.
    """
    fork = multiprocessing.get_context("fork")
    waiting = list(enumerate(jobs))[::-1]
    running: dict[Connection, tuple[int, Any, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                index, job = waiting.pop()
                reader, writer = fork.Pipe(duplex=False)
                child = fork.Process(target=_child, args=(job, writer), daemon=True)
                child.start()
                writer.close()
                running[reader] = index, child, time.monotonic() + timeout_s
            ready = wait(list(running), timeout=0.05)
            for reader in [r for r in running if r in ready or _late(running[r])]:
                index, child, _ = running.pop(reader)
                yield index, _result(reader, child)
    finally:
        for _, child, _ in running.values():
            child.kill()
            child.join()


def _late(entry: tuple[int, Any, float]) -> bool:
    return time.monotonic() > entry[2]


def _result(reader: Connection, child: Any) -> Any:
    """What a child sent, or why it sent nothing; the child is gone afterwards."""
    try:
        if not reader.poll():
            return Lost("took too long")
        return pickle.loads(reader.recv_bytes())  # from our own child, our own answers
    except EOFError:
        child.join()
        return Lost(f"ended without a result (exit code {child.exitcode})")
    finally:
        child.kill()
        child.join()
        reader.close()


def _child(job: Callable[[], Any], writer: Connection) -> None:
    """Run the job in silence, send its result, and leave without torch's slow exit."""
    # It ends with its parent, as a daemon; it may have workers that load data, as none.
    multiprocessing.current_process().daemon = False
    with open(os.devnull, "w") as sink, _output_to(sink):
        result = job()
    # Plain bytes: torch would otherwise pass tensors through shared memory, which the
    # child takes with it when it ends.
    writer.send_bytes(pickle.dumps(result))
    os._exit(0)


@contextlib.contextmanager
def _output_to(sink: IO[str]) -> Iterator[None]:
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        yield
