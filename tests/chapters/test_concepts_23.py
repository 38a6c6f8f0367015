"""What the right options of chapter 23 claim is computed, and no wrong one is true."""

import math
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "23_attention_and_transformers").choices


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


class Attention(nn.Module):
    """Self-attention with heads from its parts, so that each can be changed."""

    def __init__(self, d: int, num_heads: int, causal: bool = False) -> None:
        super().__init__()
        self.num_heads, self.causal = num_heads, causal
        self.queries, self.keys, self.values = (nn.Linear(d, d) for _ in range(3))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        B, n, d = X.shape
        Q, K, V = (
            layer(X).reshape(B, n, self.num_heads, -1).transpose(1, 2)
            for layer in (self.queries, self.keys, self.values)
        )
        scores = Q @ K.mT / math.sqrt(d // self.num_heads)
        if self.causal:
            later = torch.ones(n, n, dtype=torch.bool).triu(1)
            scores = scores.masked_fill(later, -torch.inf)
        self.weights = scores.softmax(dim=-1)
        return (self.weights @ V).transpose(1, 2).reshape(B, n, d)


def test_only_the_bias_of_the_keys_is_to_spare():
    torch.manual_seed(0)
    X, unmoved = torch.randn(3, 5, 8), []
    for name in ("queries", "keys", "values"):
        layer = Attention(8, 2)
        for bias in (layer.queries.bias, layer.keys.bias, layer.values.bias):
            nn.init.normal_(bias)
        before = layer(X)
        nn.init.zeros_(getattr(layer, name).bias)
        unmoved.append(torch.allclose(layer(X), before, atol=1e-5))
    assert unmoved == [False, True, False]
    assert right("bias_to_spare") == ["That of the keys."]


def products(function: nn.Module, X: torch.Tensor) -> int:
    """Operations in the matrix products of one call."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        function(X)
    return counter.get_total_flops()


def test_twice_the_heads_have_twice_the_weights_and_nothing_else():
    found = []
    for num_heads in (4, 8):
        layer, X = Attention(64, num_heads), torch.randn(2, 10, 64)
        parameters = sum(p.numel() for p in layer.parameters())
        work = products(layer, X)
        found.append((parameters, layer.weights.numel(), work, 64 // num_heads))
    few, many = found
    ratios = [after / before for before, after in zip(few, many, strict=True)]
    assert ratios == [1, 2, 1, 0.5]
    assert right("twice_the_heads") == ["The number of attention weights."]


def guesser(causal: bool) -> nn.Module:
    """A decoder of one layer for ten digits and a `bos`, with learned positions."""

    class Decoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token, self.place = nn.Embedding(11, 32), nn.Embedding(20, 32)
            self.attention, self.out = Attention(64, 1, causal), nn.Linear(64, 10)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            place = self.place.weight.expand(len(tokens), 20, 32)
            return self.out(self.attention(torch.cat([self.token(tokens), place], 2)))

    return Decoder()


def sequences(num: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs `bos` and 19 digits, targets the 20 digits, drawn anew."""
    digits = torch.randint(10, (num, 20))
    return torch.cat([torch.full((num, 1), 10), digits[:, :-1]], dim=1), digits


@pytest.mark.parametrize(("causal", "expected"), [(False, 0.955), (True, 0.1)])
def test_who_sees_the_next_digit_misses_only_the_last_one(causal, expected):
    torch.manual_seed(0)
    net = guesser(causal)
    optimizer = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(300):
        X, y = sequences(64)
        optimizer.zero_grad()
        F.cross_entropy(net(X).flatten(0, 1), y.flatten()).backward()
        optimizer.step()
    X, y = sequences(2000)
    hits = (net(X).argmax(dim=2) == y).float()
    assert abs(hits.mean() - expected) < 0.01
    assert abs(hits[:, -1].mean() - 0.1) < 0.03
    assert right("too_good") == [
        "Each place sees the next one, and only the last place has none."
    ]


def test_a_text_twice_as_long_costs_three_times_as_much_where_the_lines_cross():
    class Layer(Attention):
        """With the projection behind it and a feed-forward network of width 2d."""

        def __init__(self, d: int) -> None:
            super().__init__(d, 4)
            net = nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d)
            self.rest = nn.Sequential(nn.Linear(d, d), *net)

        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return self.rest(super().forward(X))

    layer, d = Layer(16), 16
    looking = 2 * 2 * (4 * d) ** 2 * d  # an operation is half a multiplication
    assert products(layer, torch.randn(1, 4 * d, d)) == 2 * looking
    assert products(layer, torch.randn(1, 8 * d, d)) == 3 * 2 * looking
    assert right("twice_as_long") == ["3"]
