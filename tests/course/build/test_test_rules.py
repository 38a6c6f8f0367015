"""The rules for tests: each is seen to refuse, and to let the like of it pass."""

import ast
from pathlib import Path

import pytest

from course.build.test_rules import calls_by_check, changes, expected_first
from course.cells import Cell
from course.chapters import Chapter

ANSWER = """
def half(x, y=2):
    return x / y


class Net(nn.Module):
    pass
"""


def told(test: str, rules=(calls_by_check, expected_first), **marker) -> list:
    """(line, message) of each problem with a test of `half`."""
    ast.parse(test)
    path = Path("exercises.py")
    answer = Cell(path, 1, ANSWER, True, "exercise", "half")
    cell = Cell(path, 1, test, True, "test", "half", 2, **marker)
    chapter = Chapter(Path("01_sound"), [], [answer, cell])
    return [(p.line, p.message) for rule in rules for p in rule(chapter)]


DIRECT = {
    "half(X)": 1,
    "check.close(half(X), 1.0)": 1,
    "def helper(x):\n    return half(x)\ncheck.probe(helper, X)": 2,
    "check.probe(lambda x: half(x), X)": 1,
    "f = half\ncheck.probe(f, X)": 1,
    "list(map(half, X))": 1,
    "partial(half, 1)": 1,
    "check.module(Net(), X)": 1,
    "half.__wrapped__": 1,
    "def sizes():\n    return Net().parameters()": 2,
    "net = check.call(Net)\nnet(X)": 2,
    "net = fill(check.call(Net))\nnet(X)": 2,
    "fill(check.call(Net))(X)": 1,
    "net = check.call(half, X)\nother = fill(net)\nY = other(X)": 3,
    "for net in [check.call(Net)] * 2:\n    pass\nn = check.call(Net)\nn(X)": 4,
    "def helper():\n    net = check.call(Net)\n    return net.weight": 3,
    "net = check.call(Net).eval()\nw = net.bias": 2,
}
BY_CHECK = [
    "check.probe(half, X)",
    "check.close(check.call(half, X), 1.0)",
    "check.raises(ValueError, half, X)",
    "check.gradient(half, X)",
    "check.take(half, 3, X)",
    "check.probe(lambda x: check.call(half, x).mean(), X)",
    "def helper(x):\n    return check.call(half, x)\ncheck.probe(helper, X)",
    "net = check.call(Net)\ncheck.module(net, X)\nY = check.call(fill(net), X)",
    "net = check.call(Net)\nsum(p.numel() for p in net.parameters())",
    "net = check.call(Net).train()\ncheck.parameters(net)['weight'].mean()",
    "y = check.call(half, X)\nnoise = (y - X).std()\nsizes = y.shape",
    "other(X)",
]


@pytest.mark.parametrize("test", DIRECT)
def test_a_call_past_check_is_refused_with_its_line(test):
    assert [line for line, _ in told(test)] == [DIRECT[test]]


@pytest.mark.parametrize("test", BY_CHECK)
def test_a_call_by_check_is_not(test):
    assert told(test) == []


LATE = {
    "y = check.call(half, X)\ncheck.close(y, X / 2)": 2,
    "check.close(check.call(half, X), F.relu(X))": 1,
    "y = check.call(half, X)\nexpected = X / 2\ncheck.close(y, expected)": 3,
    "y = check.call(half, X)\ncheck.equal(got=y, expected=X.sum())": 2,
    "y = check.call(half, X)\ncheck.close(y, check.call(half, X))": 2,
    "def f(x):\n    return check.call(half, x)\nn = f(1)\ncheck.close(n, f(2))": 4,
    "a = check.call(half, X)\nb = a\ncheck.close(check.call(half, X), b)": 3,
    "y = check.call(half, X)\nX[0] = 3\ncheck.close(y, X)": 3,
    "y = check.call(half, X)\nif y is None:\n    Z = X + 1\n    check.close(y, Z)": 4,
    "y = check.call(half, X)\nfor a, b in zip(y, X.T):\n    check.close(a, b)": 3,
    "net = check.call(Net)\ncheck.module(net, num_params=len(X) + 1)": 2,
    "check.reaches(check.call(half, X), X.mean())": 1,
    "check.probe(half, X)\nY = torch.randn(3)": 2,
    "check.probe(half, X)\ncheck.probe(half, torch.rand(2))": 2,
    "def helper(x):\n    y = check.call(half, x)\n    return y + torch.rand(2)": 3,
    "check.probe(half, X)\nY = X.normal_()": 2,
    "check.probe(half, X)\nk = random.random()": 2,
}
IN_TIME = [
    "expected = X / 2\ncheck.close(check.call(half, X), expected)",
    "check.close(check.call(half, X), torch.tensor([1.5]))",
    "check.probe(half, X)\ne = X / 2\ncheck.close(check.call(half, X), e)",
    "e = X.sort()\ncheck.close(check.call(half, X), e.values[1:], rtol=1e-3)",
    "check.close(check.call(half, X), (X, club_y), 'both')",
    "check.reaches(check.call(half, X), 0.5, below=True)",
    "Y = torch.randn(3)\ncheck.probe(half, Y)",
    "check.probe(half, X)\ntorch.manual_seed(1)\nY = torch.randn(3)",
    "check.probe(half, X)\nY = torch.randn(3, generator=own)",
    "def helper(x):\n    y = torch.rand(2)\n    return check.call(half, x) + y",
]


@pytest.mark.parametrize("test", LATE)
def test_what_is_made_after_the_answer_ran_is_refused_with_its_line(test):
    assert {line for line, _ in told(test)} == {LATE[test]}


@pytest.mark.parametrize("test", IN_TIME)
def test_what_is_made_before_it_is_not(test):
    assert told(test) == []


def test_changes_names_arguments_of_the_exercise():
    assert told("pass", [changes], changes="x y") == []
    assert told("pass", [changes], changes="x z") == [
        (0, "changes='z' is no argument of 'half': x, y")
    ]


def test_changes_stands_at_a_test_alone():
    cell = Cell(Path("exercises.py"), 5, "x = 1", True, changes="x")
    (problem,) = changes(Chapter(Path("01_sound"), [], [cell]))
    assert "only a test says changes=" in problem.message
