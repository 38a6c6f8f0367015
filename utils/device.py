"""Pick the device to compute on, name it, and seed every random stream."""

import platform
import random

import numpy as np
import torch


def try_gpu(i: int | str = 0) -> torch.device:
    """Return accelerator `i`, or the CPU where there is none.

    A number is a wish: without such an accelerator you get the CPU. A name is a
    demand: `try_gpu("cuda:3")` returns that device or raises.

    Args:
        i: index of the accelerator, from 0; or a device's name, such as "cuda:1",
            "mps", "xpu:0" or "cpu".

    Returns:
        The device: CUDA, MPS or XPU, whichever this machine's PyTorch offers.

    Raises:
        ValueError: the index is negative or the name is not a device's name.
        RuntimeError: the device asked for by name is not there.

    Source: Dive into Deep Learning, section 5.6 (`try_gpu`).
    """
    if isinstance(i, str):
        return _device_named(i)
    if i < 0:
        raise ValueError(f"got index {i}; accelerators are counted from 0")
    there = _accelerators()
    return there[i] if i < len(there) else torch.device("cpu")


def try_all_gpus() -> list[torch.device]:
    """Return every accelerator, or a list that holds the CPU where there is none.

    Source: Dive into Deep Learning, section 5.6 (`try_all_gpus`).
    """
    return _accelerators() or [torch.device("cpu")]


def device_name(device: torch.device | str | None = None) -> str:
    """Return what a person calls a device: the maker's name of the hardware.

    Args:
        device: the device; by default the one that `try_gpu()` returns.
    """
    device = try_gpu() if device is None else torch.device(device)
    if device.type == "cpu":
        threads = torch.get_num_threads()
        return f"CPU ({platform.machine()}, {threads} thread{'s' * (threads > 1)})"
    if device.type == "mps":
        return "Apple GPU (Metal)"
    return torch.get_device_module(device).get_device_name(device)


def set_seed(seed: int = 0) -> None:
    """Seed the random streams of Python, NumPy and PyTorch on every device.

    Args:
        seed: from 0 to 2**32 - 1, the range that NumPy takes.

    Raises:
        ValueError: the seed is out of range.
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"got seed {seed}; it must be from 0 to 2**32 - 1")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _accelerators() -> list[torch.device]:
    if not torch.accelerator.is_available():
        return []
    kind = torch.accelerator.current_accelerator().type
    return [torch.device(kind, i) for i in range(torch.accelerator.device_count())]


def _device_named(name: str) -> torch.device:
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(
            f'got device name "{name}"; names look like "cpu", "cuda:0", "mps", "xpu:0"'
        ) from error
    there = [torch.device("cpu"), *_accelerators()]
    if device.type != "cpu" and device.index is None:
        device = torch.device(device.type, 0)
    if device.type == "cpu" or device in there:
        return torch.device("cpu") if device.type == "cpu" else device
    raise RuntimeError(
        f'device "{name}" is not on this machine, which has: '
        f"{', '.join(map(str, there))}. Ask for one of these, or call try_gpu() "
        "with a number to take the CPU where there is no accelerator."
    )
