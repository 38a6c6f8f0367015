"""Copies of arguments, for an answer to do with them what it likes."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn


def copy_arguments(
    value: Any, memo: dict | None = None, others: Callable = copy.deepcopy
) -> Any:
    """Copy tensors (as leaves, gradients kept), containers and objects.

    What occurs twice is copied once; functions, classes and modules stay themselves.

    Args:
        value: an argument, or a container of arguments.
        memo: copies made so far, by the id of what they are copies of.
        others: copies what is neither a tensor nor a list, tuple or dict.
    """
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, torch.Tensor):
        copied = _copy_tensor(value)
    elif type(value) in (list, tuple):
        copied = type(value)([copy_arguments(item, memo, others) for item in value])
    elif type(value) is dict:
        copied = {
            key: copy_arguments(item, memo, others) for key, item in value.items()
        }
    else:
        copied = others(value, memo)
        if isinstance(value, nn.Module):
            _copy_gradients(value, copied)
        return copied
    memo[id(value)] = copied
    return copied


def _copy_tensor(value: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunction():
        copied = value.detach().clone()
        if isinstance(value, nn.Parameter):
            copied = nn.Parameter(copied, requires_grad=value.requires_grad)
        copied.requires_grad_(value.requires_grad)
        if value.is_leaf and value.grad is not None:
            copied.grad = value.grad.clone()
        return copied


def _copy_gradients(net: nn.Module, copied: nn.Module) -> None:
    """A deep copy of a parameter leaves its gradient behind."""
    pairs = zip(nn.Module.parameters(net), nn.Module.parameters(copied), strict=False)
    for old, new in pairs:
        if old.grad is not None and new.grad is None:
            new.grad = old.grad.clone()
