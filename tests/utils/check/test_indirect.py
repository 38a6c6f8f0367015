"""Only an answer that names a way below Python pays for a look at every operation."""

import pytest

from tests.utils.check.banned import GIVEN, body
from utils.check.bans import read_ban
from utils.check.watch import Watch, _Operations
from utils.check.whose import Whose


def looks_below(answer: str, ban: str = "convolution", given: str = "") -> bool:
    names = {"__name__": "__main__"}
    for source in (GIVEN, given, answer):
        exec(source, names)
    whose = Whose("f", names, lambda file: file == "<test f>")
    return _Operations in Watch([read_ban(ban)], whose).make_modes


@pytest.mark.parametrize(
    "answer",
    [
        body("return torch.jit.trace(F.relu, X)"),
        body("return torch._C._nn.mse_loss(z, z)"),
        body("with torch.no_grad():", "    X.sum().backward()"),
        body("return getattr(torch, 'conv' + '2d')(X, K)"),
        "from torch._C import DisableTorchFunction as off\n" + body("return off()"),
        "import torch._C as c\n" + body("return c"),
        "def helper():\n    return torch.ops\n" + body("return helper()"),
        "class f:\n    def forward(self):\n        return torch.jit",
        "def outer():\n    jit = torch.jit\n    def f():\n        return jit\n"
        "    return f\nf = outer()",
        body("def inner():", "    return torch.ops", "return inner()"),
    ],
)
def test_a_way_below_is_seen(answer):
    assert looks_below(answer)


@pytest.mark.parametrize(
    "answer",
    [
        body("return (X * K[0, 0, 0, 0]).sum()"),
        "class f(nn.Module):\n    def forward(self, X):\n        return F.relu(X)",
        "def helper():\n    return z\n" + body("return helper()"),
        "other = lambda: torch.ops\n" + body("return z"),  # the answer doesn't name it
        "f = 7",
        "",
    ],
)
def test_an_ordinary_answer_is_spared(answer):
    assert not looks_below(answer)


def test_a_ban_without_operations_needs_no_mode():
    assert not looks_below(body("return torch.ops"), ban="loops")
    assert not looks_below(body("return torch.ops"), ban="torch.nn.Linear")
