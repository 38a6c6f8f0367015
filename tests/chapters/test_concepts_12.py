"""What the right options of chapter 12 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "12_convolution").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def test_half_the_stride_makes_31_outputs():
    X = torch.zeros(1, 1, 32, 32)
    assert nn.Conv2d(1, 1, 4, padding=1, stride=2)(X).shape[2:] == (16, 16)
    assert nn.Conv2d(1, 1, 4, padding=1, stride=1)(X).shape[2:] == (31, 31)
    assert right("smaller_stride") == ["31 x 31."]


def test_swapped_colours_are_undone_along_the_second_axis_alone():
    conv, X = nn.Conv2d(3, 8, 5), torch.randn(4, 3, 9, 9)
    swap, Y = [2, 1, 0], conv(X)
    again = F.conv2d(X[:, swap], conv.weight[:, swap], conv.bias)
    assert torch.allclose(again, Y, atol=1e-5)
    first = conv.weight[[2, 1, 0, 3, 4, 5, 6, 7]]
    assert not torch.allclose(F.conv2d(X[:, swap], first, conv.bias), Y, atol=1e-2)
    assert not torch.allclose(
        conv(X[:, swap])[:, [2, 1, 0, 3, 4, 5, 6, 7]], Y, atol=1e-2
    )
    assert right("swapped_channels") == [
        "The same swap along the second axis of the weight."
    ]


def field(net: nn.Module) -> int:
    """The side of what an output sees; all weights are made positive for that."""
    X = torch.ones(1, 16, 21, 21, requires_grad=True)
    for parameter in net.parameters():
        parameter.data.abs_()
    Y = net(X)
    Y[0, 0, Y.shape[2] // 2, Y.shape[3] // 2].backward()
    touched = X.grad[0].abs().sum(dim=0).nonzero()
    return int((touched.amax(dim=0) - touched.amin(dim=0)).max()) + 1


def test_three_small_layers_see_what_a_large_one_sees_with_fewer_weights():
    A = nn.Sequential(*[nn.Conv2d(16, 16, 3, bias=False) for _ in range(3)])
    B = nn.Conv2d(16, 16, 7, bias=False)
    count = [sum(p.numel() for p in net.parameters()) for net in (A, B)]
    assert field(A) == field(B) == 7 and count[0] < count[1]
    with_relu = [layer for conv in A for layer in (conv, nn.ReLU())]
    assert field(nn.Sequential(*with_relu)) <= 7
    texts = right("same_field")
    assert texts == ["An output of either sees 7 x 7 pixels.", "A has fewer weights."]
