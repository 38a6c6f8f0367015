"""What the right options of chapter 07 claim is computed, and no wrong one is true."""

from itertools import permutations, product
from pathlib import Path

import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "07_multilayer_perceptron").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def test_a_narrow_stack_has_a_matrix_of_low_rank_and_any_bias():
    torch.manual_seed(0)
    stack = nn.Sequential(nn.Linear(10, 3), nn.Linear(3, 10)).double()
    W = stack[1].weight @ stack[0].weight
    assert torch.linalg.matrix_rank(W) == 3 < 10
    # any matrix of rank 3 can be had: cut a random one by its singular values
    U, s, V = torch.linalg.svd(torch.randn(10, 10).double())
    wanted = (U[:, :3] * s[:3]) @ V[:3]
    torch.testing.assert_close((U[:, :3] * s[:3]) @ V[:3], wanted)
    goal = torch.randn(10).double()  # and any bias, whatever the columns are
    with torch.no_grad():
        stack[1].weight.copy_(U[:, :3] * s[:3])
        stack[0].weight.copy_(V[:3])
        stack[1].bias.copy_(goal - stack[1].weight @ stack[0].bias)
    X = torch.randn(7, 10).double()
    torch.testing.assert_close(stack(X), X @ wanted.T + goal)
    assert "rank 3" in right("narrow_stack")[0]


def logits(X, params, act):
    W1, b1, W2, b2 = params
    return act(X @ W1 + b1) @ W2 + b2


def test_a_positive_factor_passes_through_relu_only():
    torch.manual_seed(0)
    X, y = torch.randn(40, 20).double(), torch.randint(10, (40,))
    shapes = [(20, 64), (64,), (64, 10), (10,)]
    params = [torch.randn(shape).double() / 4 for shape in shapes]
    params[1][:9] = -50.0  # some dead units
    factors = (5, 5, 1 / 5, 1)
    scaled = [f * p for f, p in zip(factors, params, strict=True)]
    same, other = (logits(X, p, torch.relu) for p in (params, scaled))
    torch.testing.assert_close(same, other)
    tanh = [logits(X, p, torch.tanh) for p in (params, scaled)]
    assert (tanh[0] - tanh[1]).abs().max() > 0.1
    dead = [((X @ p[0] + p[1]) <= 0).all(dim=0) for p in (params, scaled)]
    assert torch.equal(*dead) and 9 <= dead[0].sum() < 64
    grads = []
    for p in (params, scaled):
        W1 = p[0].clone().requires_grad_()
        loss = nn.functional.cross_entropy(logits(X, [W1, *p[1:]], torch.relu), y)
        grads.append(torch.autograd.grad(loss, W1)[0])
    torch.testing.assert_close(grads[1], grads[0] / 5)
    assert len(right("five_times")) == 2
    assert all(text.startswith("With ReLU") for text in right("five_times"))


def test_two_layers_of_three_can_be_reordered_in_36_ways():
    torch.manual_seed(0)
    W1, W2, W3 = (torch.randn(n, m).double() for n, m in ((4, 3), (3, 3), (3, 2)))
    X = torch.randn(9, 4).double()

    def run(W1, W2, W3):
        return torch.relu(torch.relu(X @ W1) @ W2) @ W3

    ways = set()
    for p, q in product(permutations(range(3)), repeat=2):
        p, q = list(p), list(q)
        moved = W1[:, p], W2[p][:, q], W3[q]
        torch.testing.assert_close(run(*moved), run(W1, W2, W3))
        ways.add(tuple(torch.cat([W.flatten() for W in moved]).tolist()))
    assert len(ways) == 36 and right("reordered_units")[0].strip() == "36"


def test_the_weights_of_a_black_pixel_stay_and_add_noise_later():
    torch.manual_seed(0)
    X, y = torch.rand(200, 12), torch.randint(3, (200,))
    X[:, 0] = 0
    net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 3))
    before = net[0].weight[:, 0].detach().clone()
    others = net[0].weight[:, 1].detach().clone()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for _ in range(20):
        for rows in torch.randperm(200).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(X[rows]), y[rows]).backward()
            optimizer.step()
    assert torch.equal(net[0].weight[:, 0], before) and before.std() > 0.05
    assert not torch.equal(net[0].weight[:, 1], others)
    bright = X.clone()
    bright[:, 0] = 1
    assert (net(bright) - net(X)).abs().max() > 0.01
    assert "exactly where chance put them" in right("black_pixel")[0]
