"""What the right options of chapter 02 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "02_calculus_and_autograd").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def best_step(f, df, dtype):
    """The step with the least mean error of the central difference."""
    x = 1 + torch.arange(2000, dtype=torch.float64)[:, None] / 2000
    steps = 10.0 ** -torch.arange(0, 9, 0.125, dtype=torch.float64)
    exact, x, h = df(x), x.to(dtype), steps.to(dtype)
    quotient = (f(x + h) - f(x - h)) / (2 * h)
    return steps[(quotient.double() - exact).abs().mean(dim=0).argmin()].item()


def test_the_best_step_of_a_central_difference_moves_as_a_cube_root():
    ratio = torch.finfo(torch.float32).eps / torch.finfo(torch.float64).eps
    assert 5e8 < ratio < 6e8 and 700 < ratio ** (1 / 3) < 900
    for f, df in [(torch.exp, torch.exp), (torch.sin, torch.cos)]:
        fine, coarse = (best_step(f, df, d) for d in (torch.float64, torch.float32))
        assert 2e-6 < fine < 3e-5
        assert 2e-3 < coarse < 0.03  # neither 1e-5 nor 0.2
    assert "0.01" in right("two_precisions")[0]


def test_half_a_detached_square_has_the_slope_of_a_line():
    x = torch.tensor(3.0, requires_grad=True)
    (x.detach() * x).backward()
    assert x.grad == 3
    assert right("half_detached") == ["3."]


def test_gradients_of_two_calls_add_up_and_w_stays():
    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    w.grad += 1
    (3 * w).backward()
    assert (w.item(), w.grad.item()) == (2, 8)
    assert right("two_calls") == ["`w` is 2, its gradient is 8."]


def bill(net, pieces):
    """Bytes kept at the worst moment, and operations, over all pieces."""
    weights = {p.untyped_storage().data_ptr() for p in net.parameters()}
    worst = 0
    with FlopCounterMode(display=False) as counter:
        for X in pieces:
            kept = {}

            def note(tensor, kept=kept):
                storage = tensor.untyped_storage()
                if storage.data_ptr() not in weights:
                    kept[storage.data_ptr()] = storage.nbytes()
                return tensor

            with saved_tensors_hooks(note, lambda tensor: tensor):
                loss = net(X).sum()
            worst = max(worst, sum(kept.values()))
            loss.backward()  # frees what was kept
    return worst, counter.get_total_flops()


def test_pieces_keep_a_quarter_and_multiply_as_much():
    net = nn.Sequential(*(part for _ in range(20) for part in (layer(), nn.Tanh())))
    X = torch.rand(64, 32)
    whole, quarters = bill(net, [X]), bill(net, [part.clone() for part in X.split(16)])
    assert quarters[0] == whole[0] / 4
    assert quarters[1] == whole[1]
    assert "A quarter of the bytes, just as many" in right("pieces")[0]


def layer():
    return nn.Linear(32, 32)
