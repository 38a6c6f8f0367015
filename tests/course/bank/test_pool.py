"""A child that fails costs its own job only."""

import os
import time
from functools import partial

import psutil
import pytest
import torch

from course.bank.pool import Lost, prepare, run_forked


def hang() -> None:
    while True:
        time.sleep(0.05)


def test_every_job_gives_its_result():
    jobs = [partial(pow, i, 2) for i in range(7)]
    assert dict(run_forked(jobs, timeout_s=30)) == {i: i**2 for i in range(7)}


def test_tensors_come_back_by_value():
    ((_, tensor),) = run_forked([partial(torch.arange, 5.0)], timeout_s=30)
    assert torch.equal(tensor, torch.arange(5.0))


def test_torch_works_in_the_children():
    jobs = [partial(torch.mm, torch.eye(200), torch.eye(200)) for _ in range(3)]
    for _, product in run_forked(jobs, timeout_s=60):
        assert torch.equal(product, torch.eye(200))


def count_with_workers() -> int:
    loader = torch.utils.data.DataLoader(list(range(6)), batch_size=2, num_workers=2)
    return sum(int(batch.sum()) for batch in loader)


def test_a_job_may_load_its_data_with_workers():
    assert dict(run_forked([count_with_workers], timeout_s=60)) == {0: 15}


def test_a_hanging_child_is_killed_and_its_neighbours_live():
    results = dict(run_forked([hang, partial(abs, -3)], timeout_s=1))
    assert results == {0: Lost("took too long"), 1: 3}


def test_a_child_that_leaves_or_crashes_is_reported():
    jobs = [partial(os._exit, 7), partial(int, "no number"), partial(abs, -1)]
    results = dict(run_forked(jobs, timeout_s=30))
    assert results[0].reason.endswith("(exit code 7)")
    assert isinstance(results[1], Lost)
    assert results[2] == 1


def test_no_child_outlives_an_abandoned_run():
    before = psutil.Process().children()  # another test's browser, say
    run = run_forked([partial(abs, 1), hang], timeout_s=60)
    next(run)
    assert psutil.Process().children() != before
    run.close()
    assert psutil.Process().children() == before


def test_a_module_that_is_missing_fails_before_any_child():
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        prepare({"no_such_module"})
