"""What the right options of chapter 24 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "24_state_space_models").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def kernel(step: float, length: int) -> torch.Tensor:
    """Of h' = -h + u, y = h, by zero-order hold."""
    k = torch.arange(length)
    return (1 - torch.exp(torch.tensor(-step))) * torch.exp(-step * k)


def test_twice_as_many_samples_want_half_the_step_and_a_kernel_half_as_high():
    old, new = kernel(0.1, 60), kernel(0.05, 120)
    u = torch.sin(torch.arange(60.0) / 5)
    fine = u.repeat_interleave(2)  # the same sound, held
    at_end = (old.flip(0) * u).sum(), (new.flip(0) * fine).sum()
    torch.testing.assert_close(*at_end)
    assert (new[0] / old[0]).item() == pytest.approx(0.5, abs=0.02)
    unchanged = (kernel(0.1, 120).flip(0) * fine).sum()  # nothing changes
    doubled = (kernel(0.2, 120).flip(0) * fine).sum()
    only_a = (new.flip(0) * fine).sum() * old[0] / new[0]
    for wrong in (unchanged, doubled, only_a):
        assert abs(wrong - at_end[0]) > 0.1 * abs(at_end[0])
    assert "to 0.05, and the kernel then" in right("finer_steps")


@pytest.mark.parametrize("seed", range(3))
def test_without_padding_one_input_moves_every_output(seed):
    torch.manual_seed(seed)
    u, K = torch.randn(12), torch.rand(12) + 0.5
    changed = u.clone()
    changed[9] += 1
    y, moved = (
        torch.fft.irfft(torch.fft.rfft(v) * torch.fft.rfft(K), n=12)
        for v in (u, changed)
    )
    assert ((moved - y).abs() > 1e-3).all()
    assert right("what_moves") == "All of them."


def test_a_long_step_forgets_and_takes_in_and_a_step_of_0_leaves_no_trace():
    def after(h, step, x):
        return torch.exp(-torch.tensor(step)) * h + step * x

    assert after(5.0, 8.0, 0.0) < 0.01 and after(0.0, 8.0, 1.0) > 1
    assert after(5.0, 0.0, 3.0) == 5.0
    assert right("long_step").startswith("Large at full stops, near 0 at commas")


def test_a_fifth_key_between_two_spoils_both_and_itself():
    keys = torch.cat([torch.eye(4), torch.tensor([[0.5**0.5, 0.5**0.5, 0, 0]])])
    clean = []
    for i in range(5):
        others = torch.cat([keys[:i], keys[i + 1 :]])
        # Is the key outside the span of the others?
        ranks = [torch.linalg.matrix_rank(m) for m in (others, keys)]
        clean.append(bool(ranks[1] > ranks[0]))
    assert clean == [False, False, True, True, False]
    assert right("fifth_key").startswith("Two: the third and the fourth")
