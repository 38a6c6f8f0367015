"""What the right options of chapter 18 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "18_efficient_cnns").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def test_output_5_of_16_reads_input_2_of_8_groups_and_nothing_else():
    conv = nn.Conv2d(8, 16, kernel_size=3, groups=8)
    X = torch.randn(1, 8, 5, 5, requires_grad=True)
    conv(X)[0, 5].sum().backward()
    read = X.grad[0].abs().sum(dim=(1, 2)).nonzero().ravel().tolist()
    assert read == [2]
    assert right("more_outputs") == "Input channel 2."


def mobilenet_outputs(alpha: float, side: int) -> tuple[int, int, int]:
    """Multiply-adds, weights and numbers put out by the convolutions of MobileNetV1."""
    plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
    plan += [*[(512, 1)] * 5, (1024, 2), (1024, 1)]
    channels, side = int(32 * alpha), side // 2
    work, weights, outputs = 0, 27 * channels, channels * side**2
    work = weights * side**2
    for out, stride in plan:
        side, out = -(-side // stride), int(out * alpha)
        weights += 9 * channels + channels * out
        work += (9 * channels + channels * out) * side**2
        outputs += (channels + out) * side**2
        channels = out
    return work, weights, outputs


def test_half_the_sides_saves_more_outputs_than_half_the_channels():
    whole = mobilenet_outputs(1, 224)
    thin = [b / a for a, b in zip(whole, mobilenet_outputs(0.5, 224), strict=True)]
    small = [b / a for a, b in zip(whole, mobilenet_outputs(1, 112), strict=True)]
    assert thin[0] == pytest.approx(1 / 4, abs=0.02)
    assert small[0] == pytest.approx(1 / 4, abs=0.02)
    assert thin[2] == pytest.approx(1 / 2)
    assert small[2] == pytest.approx(1 / 4, abs=0.02)
    assert small[1] == 1 and thin[1] < 0.3  # of the wrong options
    assert right("quarter").startswith("Half the sides: the outputs become a quarter")


@pytest.mark.parametrize("seed", range(3))
def test_a_common_gate_of_a_half_is_divided_out_by_the_normalisation(seed):
    torch.manual_seed(seed)
    X = torch.randn(16, 6, 8, 8)
    behind = nn.Sequential(nn.Conv2d(6, 5, 1, bias=False), nn.BatchNorm2d(5)).train()
    torch.testing.assert_close(behind(0.5 * X), behind(X), rtol=1e-3, atol=1e-3)
    assert right("half_gates") == "Next to nothing."


def test_a_block_whose_last_scale_and_shift_are_zero_passes_its_input():
    X = torch.randn(4, 3, 6, 6)
    block = nn.Sequential(
        *(nn.Conv2d(3, 12, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU6()),
        *(nn.Conv2d(12, 12, 3, padding=1, groups=12), nn.BatchNorm2d(12), nn.ReLU6()),
        *(nn.Conv2d(12, 3, 1, bias=False), nn.BatchNorm2d(3)),
    )
    nn.init.zeros_(block[-1].weight)
    nn.init.zeros_(block[-1].bias)
    Y = X + block(X)
    torch.testing.assert_close(Y, X)
    assert (Y < 0).any() and Y.any()
    assert right("silent_projection") == "$X$ itself."
