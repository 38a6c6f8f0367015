"""The things that both sides share, by number, and how each last was on both."""

import types

import numpy as np
import torch
from torch import nn

from course.grade.bridge.plain import Malformed, is_simple

MODULE_PARTS = ("_parameters", "_buffers", "_modules")


class Table:
    """What is shared; the same numbers stand for the same things on the other side.

    Args:
        first: the first number that this side gives: the student's are odd and the
            judge's even, so neither can take the other's.
    """

    first = 0

    def __init__(self):
        self.blobs: list = []  # of the message that is being packed or unpacked
        self.reset()

    def reset(self) -> None:
        """Forget what is shared; both sides do so between two tests."""
        self.objects: dict[int, object] = {}
        self.numbers: dict[int, int] = {}  # by the id of the object
        self.seen: dict[int, object] = {}  # what both sides know of it
        self.by_attributes: set[int] = set()  # ids of objects that are their __dict__
        self.next_number = self.first

    def share(self, value, number: int | None = None) -> int:
        """Enter a thing under a number of ours, or under the other side's."""
        if number is None:
            number, self.next_number = self.next_number, self.next_number + 2
        elif type(number) is not int or number in self.objects:
            raise Malformed("a number that is taken")
        elif number % 2 == self.first % 2:
            raise Malformed("a number that is not the other side's to give")
        self.objects[number] = value
        self.numbers[id(value)] = number
        return number

    def enter(self, value, number: int):
        """Share a thing that just came over, as it came."""
        self.share(value, number)
        self.in_step(number)
        return value

    def forget(self, number: int) -> None:
        """Take a thing out of the table."""
        del self.numbers[id(self.look_up(number))]
        del self.objects[number]
        self.seen.pop(number, None)

    def forget_since(self, mark: int) -> None:
        """Take out what this side entered since `next_number` was `mark`."""
        for number in range(mark, self.next_number, 2):
            if number in self.objects:
                self.forget(number)

    def look_up(self, number):
        """What bears a number."""
        if type(number) is not int or number not in self.objects:
            raise Malformed("a number that nothing bears")
        return self.objects[number]

    def in_step(self, number: int) -> None:
        """Note the state of a thing: both sides have it so now."""
        value = self.objects[number]
        if isinstance(value, torch.Tensor):
            self.seen[number] = tensor_state(value, copy=True)
        elif isinstance(value, nn.Module):
            self.seen[number] = module_state(value)
        elif type(value) is np.ndarray:
            self.seen[number] = value.copy()
        elif (content := self.content(value)) is not None:
            self.seen[number] = content

    def content(self, value) -> list | None:
        """What a container holds now; None for what has no content to keep alike."""
        if type(value) in (list, set):
            return list(value)
        if issubclass(type(value), dict):
            return [*dict.keys(value), *dict.values(value)]
        if id(value) in self.by_attributes:
            return [*value.__dict__, *value.__dict__.values()]
        if type(value) is types.CellType:
            return _cell_content(value)
        if type(value) is torch.Generator:
            return [value.get_state().numpy().tobytes()]
        return None


def _cell_content(cell: types.CellType) -> list:
    """What a variable of a closure holds; nothing before it is first set."""
    try:
        return [cell.cell_contents]
    except ValueError:
        return []


def tensor_state(value: torch.Tensor, copy: bool) -> tuple:
    """Numbers, whether it asks for gradients, and its gradient."""
    numbers = value.detach()
    grad = value.grad if value.is_leaf else None
    if copy:
        numbers, grad = numbers.clone(), None if grad is None else grad.detach().clone()
    return numbers, value.requires_grad, grad


def is_as_seen(value: torch.Tensor, numbers: torch.Tensor, asks: bool, grad) -> bool:
    """Whether nothing changed, by a quick look: most tensors are as they were."""
    return (
        grad is None
        and value.requires_grad is asks
        and (not value.is_leaf or value.grad is None)
        and value.dtype is numbers.dtype
        and value.shape == numbers.shape
        and torch.equal(value, numbers)
    )


def module_state(net: nn.Module) -> list:
    """What may change of a module besides the numbers in its tensors."""
    parts = [pair for key in MODULE_PARTS for pair in getattr(net, key).items()]
    pairs = [*parts, *simple_attributes(net).items()]
    return [net.training, type(net), *(item for pair in pairs for item in pair)]


def simple_attributes(net: nn.Module) -> dict:
    """A module's own attributes that are plain: `in_features`, `kernel_size` ..."""
    return {
        name: value
        for name, value in net.__dict__.items()
        if name != "training" and not name.startswith("_") and is_simple(value)
    }


def alike(a: list, b: list) -> bool:
    """The same things in the same places; numbers and names may be equal instead."""
    if len(a) != len(b):
        return False
    pairs = zip(a, b, strict=True)
    return all(x is y or (is_simple(x) and is_simple(y) and x == y) for x, y in pairs)


def equal(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Whether two tensors hold the same, nan included."""
    if a is None or b is None:
        return a is b
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return torch.equal(a, b) or (bool(a.isnan().any()) and _bytes(a) == _bytes(b))


def _bytes(a: torch.Tensor) -> bytes:
    return a.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
