"""What the right options of chapter 22 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "22_temporal_convolution").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def causal(X, conv):
    """A causal convolution with zeros on the left."""
    span = (conv.kernel_size[0] - 1) * conv.dilation[0]
    return conv(F.pad(X, (span, 0)))


def read_by_the_last_output(convs, T):
    """Steps back that the last output of a stack reads, by the gradient."""
    X = torch.randn(1, 1, T, requires_grad=True)
    H = X
    for conv in convs:
        H = causal(H, conv)
    H[0, :, -1].sum().backward()
    return [T - 1 - int(t) for t in X.grad[0, 0].nonzero()][::-1]


def test_a_skill_of_0_4_becomes_one_of_minus_0_2():
    model = (1 - 0.4) * 5
    assert abs(1 - model / 2.5 + 0.2) < 1e-9
    assert right("other_baseline") == "-0.2, below zero."


def test_the_order_of_dilations_does_not_change_what_is_read():
    torch.manual_seed(0)
    for dilations in ([1, 2, 4], [4, 2, 1]):
        convs = [nn.Conv1d(1, 1, 2, dilation=d) for d in dilations]
        assert read_by_the_last_output(convs, 20) == list(range(8))
    assert right("turned_round") == "The same 8 steps."


def test_batch_norm_reads_the_future_in_train_mode_alone():
    torch.manual_seed(0)
    conv, norm = nn.Conv1d(2, 3, 3), nn.BatchNorm1d(3)
    X = torch.randn(4, 2, 100)
    other = X.clone()
    other[0, :, 70] += 1
    first = {}
    with torch.no_grad():
        for mode in (True, False):
            norm.train(mode)
            moved = (norm(causal(X, conv)) - norm(causal(other, conv))).abs() > 1e-7
            first[mode] = int(moved.any(dim=1).any(dim=0).nonzero()[0])
    assert first == {True: 0, False: 70}
    text = right("normed_blocks")
    assert text == "At all steps in train mode, from 70 on in eval mode."


def test_taps_that_only_ever_met_padding_learn_nothing():
    torch.manual_seed(0)
    convs = [nn.Conv1d(1, 1, 3, dilation=d) for d in (1, 1, 2, 2, 4, 4, 8, 8)]
    assert read_by_the_last_output(convs, 300) == list(range(61))
    assert read_by_the_last_output(convs, 48) == list(range(48))
    assert right("short_window").startswith("61 steps; where training always had")
