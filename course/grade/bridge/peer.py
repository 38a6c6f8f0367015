"""What both sides do alike: pack, unpack, and keep in step what they share.

A tensor, a module, a list or another object gets a number when it first crosses; from
then on it is one thing in two places. `changes` tells what this side altered since the
last message, `apply` takes over what the other side did.
"""

import types

import numpy as np
import torch
from torch import nn

from course.grade.bridge import plain
from course.grade.bridge.packing import Packing
from course.grade.bridge.plain import Malformed
from course.grade.bridge.table import (
    alike,
    equal,
    is_as_seen,
    module_state,
    tensor_state,
)
from course.grade.bridge.unpacking import Unpacking


class Peer(Packing, Unpacking):
    """One side of the bridge; the two subclasses add what is theirs alone."""

    def changes(self) -> list:
        """What this side altered of the things that are shared: [number, change]."""
        found = []
        for number in list(self.seen):
            change = self._change(number)
            if change is not None:
                found.append([number, change])
                self.in_step(number)
        return found

    def _change(self, number: int):
        value, seen = self.objects[number], self.seen[number]
        if isinstance(value, torch.Tensor):
            return self._tensor_change(value, seen)
        if isinstance(value, nn.Module):
            same = alike(module_state(value), seen)
            return None if same else self.pack_module_state(value)
        if type(value) is np.ndarray:
            same = value.shape == seen.shape and value.tobytes() == seen.tobytes()
            return None if same else plain.pack_array(value, self.blobs)
        content = self.content(value)
        if alike(content, seen):
            return None
        if type(value) is torch.Generator:
            return content[0].hex()
        return self.pack_all(content, 1)

    def _tensor_change(self, value: torch.Tensor, seen: tuple):
        if is_as_seen(value, *seen):
            return None
        numbers, requires_grad, grad = tensor_state(value, copy=False)
        same_numbers, same_grad = equal(numbers, seen[0]), equal(grad, seen[2])
        if same_numbers and same_grad and requires_grad == seen[1]:
            return None
        return [
            None if same_numbers else plain.pack_numbers(value, self.blobs),
            requires_grad,
            None if same_grad else [self.pack_grad(value)],
        ]

    def apply(self, changes) -> None:
        """Take over what the other side altered.

        Raises:
            Malformed: these are no changes.
        """
        if type(changes) is not list:
            raise Malformed("no changes")
        for number, change in changes:
            value = self.look_up(number)
            if isinstance(value, torch.Tensor):
                self._apply_to_tensor(value, change)
            elif isinstance(value, nn.Module):
                self.apply_module_state(value, change)
            else:
                self._apply_to_content(value, change)
            self.in_step(number)

    def _apply_to_content(self, value, change) -> None:
        if type(value) is np.ndarray:
            fresh = plain.unpack_array(change, self.blobs)
            if fresh.shape == value.shape and value.flags.writeable:
                value[...] = fresh
            return
        if type(value) is torch.Generator:
            state = torch.frombuffer(bytearray.fromhex(change), dtype=torch.uint8)
            value.set_state(state)
            return
        items = self.unpack_all(change, 1)
        if type(value) is list:
            value[:] = items
        elif type(value) is set:
            value.clear()
            value.update(items)
        elif type(value) is types.CellType and items:
            value.cell_contents = items[0]
        else:
            self._apply_to_pairs(value, items)

    def _apply_to_pairs(self, value, items: list) -> None:
        content = value.__dict__ if id(value) in self.by_attributes else value
        if not isinstance(content, dict) or len(items) % 2:
            raise Malformed("a change of what can't change")
        half = len(items) // 2
        content.clear()
        content.update(zip(items[:half], items[half:], strict=True))

    def _apply_to_tensor(self, value: torch.Tensor, change) -> None:
        numbers, requires_grad, grad = change
        with torch.no_grad():
            if numbers is not None:
                fresh = plain.unpack_numbers(numbers, self.blobs)
                if fresh.shape == value.shape and fresh.dtype == value.dtype:
                    value.data.copy_(fresh)  # in place: a view's owner changes too
                else:
                    value.data = fresh
            if value.is_leaf and value.is_floating_point():
                value.requires_grad_(requires_grad is True)
            if grad is not None and value.is_leaf:
                self._apply_grad(value, grad[0])

    def _apply_grad(self, value: torch.Tensor, tree) -> None:
        fresh = None if tree is None else plain.unpack_numbers(tree, self.blobs)
        old = value.grad
        if fresh is None or old is None or fresh.shape != old.shape:
            value.grad = fresh
        else:
            old.data.copy_(fresh)
