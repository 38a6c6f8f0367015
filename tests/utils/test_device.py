"""Devices are picked, named and refused as their docstrings say."""

import random

import numpy as np
import pytest
import torch

from utils.device import device_name, set_seed, try_all_gpus, try_gpu

CPU = torch.device("cpu")


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)
    monkeypatch.setattr(
        torch.accelerator, "current_accelerator", lambda: torch.device("cuda")
    )


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)


def test_without_an_accelerator_a_number_gives_the_cpu(no_gpu):
    assert try_gpu() == CPU
    assert try_gpu(3) == CPU
    assert try_all_gpus() == [CPU]


def test_with_two_accelerators_a_number_gives_the_one_it_counts(two_gpus):
    assert try_gpu() == torch.device("cuda", 0)
    assert try_gpu(1) == torch.device("cuda", 1)
    assert try_all_gpus() == [torch.device("cuda", 0), torch.device("cuda", 1)]


def test_a_number_past_the_last_accelerator_gives_the_cpu(two_gpus):
    assert try_gpu(2) == CPU


def test_a_negative_number_does_not_count_from_the_end(two_gpus):
    with pytest.raises(ValueError, match="-1"):
        try_gpu(-1)


def test_a_name_gives_that_device(two_gpus):
    assert try_gpu("cuda:1") == torch.device("cuda", 1)
    assert try_gpu("cuda") == torch.device("cuda", 0)
    assert try_gpu("cpu") == CPU


def test_a_name_that_is_not_there_is_refused_and_told_what_is(two_gpus):
    with pytest.raises(RuntimeError, match=r"cuda:3.*cpu, cuda:0, cuda:1.*try_gpu"):
        try_gpu("cuda:3")
    with pytest.raises(RuntimeError, match="xpu"):
        try_gpu("xpu")


def test_a_name_is_refused_where_there_is_no_accelerator(no_gpu):
    with pytest.raises(RuntimeError, match=r"cuda:0.*which has: cpu"):
        try_gpu("cuda:0")


def test_a_name_that_names_no_device_is_a_value_error():
    with pytest.raises(ValueError, match="gpu zero"):
        try_gpu("gpu zero")


def test_the_cpu_is_named_with_its_threads():
    assert f"{torch.get_num_threads()} thread" in device_name("cpu")
    assert device_name(CPU).startswith("CPU")


def test_an_accelerator_is_named_by_its_maker(monkeypatch, two_gpus):
    monkeypatch.setattr(
        torch.cuda, "get_device_name", lambda device: f"GPU at {device}"
    )
    assert device_name("cuda:1") == "GPU at cuda:1"
    assert device_name() == "GPU at cuda:0"
    assert device_name("mps") == "Apple GPU (Metal)"


def draw():
    return random.random(), np.random.rand(), torch.rand(()).item()


def test_the_same_seed_repeats_all_three_streams():
    set_seed(7)
    first = draw()
    assert all(a != b for a, b in zip(first, draw(), strict=True))
    set_seed(7)
    assert draw() == first


def test_another_seed_changes_all_three_streams():
    set_seed(7)
    first = draw()
    set_seed(8)
    assert all(a != b for a, b in zip(first, draw(), strict=True))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_numpy_cannot_take_is_refused_before_any_stream_moves(seed):
    set_seed(0)
    before = random.getstate()
    with pytest.raises(ValueError, match=str(seed)):
        set_seed(seed)
    assert random.getstate() == before
