"""What the right options of chapter 15 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question
from utils.costs import costs

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "15_googlenet").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def conv(in_channels: int, out_channels: int, k: int) -> nn.Sequential:
    """A convolution that keeps the size, and a ReLU."""
    layer = nn.Conv2d(in_channels, out_channels, k, padding=k // 2)
    return nn.Sequential(layer, nn.ReLU())


class Inception(nn.Module):
    """The block of the lecture, with a bottleneck of any width before the 5 x 5."""

    def __init__(self, in_channels: int, bottleneck: int):
        super().__init__()
        self.one = conv(in_channels, 8, 1)
        self.three = nn.Sequential(conv(in_channels, 4, 1), conv(4, 12, 3))
        self.reduce, self.five = (
            conv(in_channels, bottleneck, 1),
            conv(bottleneck, 6, 5),
        )
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(in_channels, 5, 1))

    def forward(self, X):
        five = self.five(self.reduce(X))
        return torch.cat([self.one(X), self.three(X), five, self.pool(X)], dim=1)


def net(bottleneck: int) -> nn.Sequential:
    """Two blocks and global average pooling, for images of any size."""
    first, second = Inception(3, bottleneck), Inception(31, 16)
    return nn.Sequential(
        first, second, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(31, 10)
    )


def shapes(module: nn.Module) -> dict[str, tuple]:
    """Name of each parameter -> its shape."""
    return {name: tuple(p.shape) for name, p in module.named_parameters()}


def test_a_wider_bottleneck_changes_itself_and_the_convolution_behind_it_alone():
    before, after = shapes(net(16)), shapes(net(32))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"0.reduce.0.weight", "0.reduce.0.bias", "0.five.0.weight"}
    assert after["0.five.0.weight"][1] == 2 * before["0.five.0.weight"][1]
    assert right("what_grows").startswith("The 5 x 5 convolution of this block, and no")


def test_the_losses_when_cut_and_when_retrained_rank_the_paths_the_other_way_round():
    cut, retrained = {"5x5": 40, "1x1": 12}, {"5x5": 1, "1x1": 3}
    assert max(cut, key=cut.get) == "5x5" and max(retrained, key=retrained.get) == "1x1"
    assert right("cut_path").startswith(
        "The 1 x 1 path is what others can replace least"
    )


def test_a_net_with_a_global_average_reads_twice_the_side_at_four_times_the_price():
    whole = net(16)
    small = costs(whole, torch.zeros(1, 3, 20, 20))
    large = costs(whole, torch.zeros(1, 3, 40, 40))
    assert whole(torch.zeros(2, 3, 40, 40)).shape == (2, 10)
    assert large.parameters == small.parameters
    assert 3.98 < large.multiply_adds / small.multiply_adds < 4
    assert "about four times the multiply-adds" in right("twice_as_large")
