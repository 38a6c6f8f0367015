"""What an exercise forbids is watched in the process of the student's code."""

import pytest

from course.grade.bridge.judge import Judge
from course.grade.judge import hearing
from course.grade.plan import Cell

GIVEN = """
import functools, threading
import torch
from torch import nn
from torch.nn import functional as F
X, K = torch.ones(1, 1, 6, 6), torch.ones(1, 1, 3, 3)
def given(X, K):
    return F.conv2d(X, K)
"""
CONV = "a library does the convolution"


@pytest.fixture
def judged(bridge):
    """Judge an answer to `f`: given cell, answer and test as in a submission."""

    def run(answer: str, *bans: str, test: str = "f(X, K)", hidden: str = "pass"):
        names = bridge("")
        judge: Judge = names.judge
        judge.run("given-1", GIVEN)
        judge.run("f", answer)
        own = {"__name__": "__main__"}
        exec("from utils import check\n" + GIVEN, own)
        head = f"with check.exercise('f', points=1), check.forbidden{(*bans,)!r}:\n"
        lines = [test, "check.hidden('{}')", hidden]
        source = head + "".join(f"    {line}\n" for line in lines)
        code = compile(source, "<test f>", "exec")
        case = hearing.Case({"test_f": hearing.Test(code, frozenset())}, own)
        return hearing.judge_test(case, Cell("test", "test_f", source, 1), judge)

    return run


@pytest.mark.parametrize(
    "answer",
    [
        "def f(X, K):\n    return F.conv3d(X[None], K[None])",
        "f = F.conv2d",
        "f = functools.partial(F.conv2d, padding=1)",
        "def f(X, K):\n    return torch.ops.aten.conv2d(X, K)",
        "def f(X, K):\n    return given(X, K)",
        "def f(X, K):\n    with torch._C.DisableTorchFunction():\n"
        "        return F.conv2d(X, K)",
        "f = torch.jit.trace(lambda X, K: F.conv2d(X, K), (X, K))",
        "def f(X, K):\n    t = threading.Thread(target=F.conv2d, args=(X, K))\n"
        "    t.start()\n    t.join()\n    return X",
        "def f(X, K):\n    try:\n        F.conv2d(X, K)\n        raise ValueError\n"
        "    except Exception:\n        return X",
        "def f(X, K):\n    yield F.conv2d(X, K)",
        "class f:\n    def __init__(self, X, K):\n        nn.Conv2d(1, 1, 3)(X)",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_it_is_noticed_over_there(judged, answer):
    verdict = judged(answer, "convolution", test="check.take(iter([f(X, K)]), 1)")
    if "yield" in answer:
        verdict = judged(answer, "convolution", test="check.take(f(X, K), 1)")
    assert (verdict.state, verdict.mistake) == ("wrong", CONV), verdict


def test_a_right_answer_and_the_tests_own_calls_are_not(judged):
    answer = (
        "def f(X, K):\n    return (X.unfold(2, 3, 1).unfold(3, 3, 1) * K).sum((4, 5))"
    )
    test = "check.close(f(X, K), F.conv2d(X, K))"
    assert judged(answer, "convolution", test=test).state == "right"
    callback = "def f(call, X):\n    return call(X)"
    test = "f(lambda X: F.conv2d(X, K), X)"
    assert judged(callback, "convolution", test=test).state == "right"


def test_given_functions_are_spared_by_name(judged):
    answer = "def f(X, K):\n    return given(X, K)"
    assert judged(answer, "convolution except given").state == "right"
    own = "def given(X, K):\n    return F.conv2d(X, K)\n" + answer
    assert judged(own, "convolution except given").mistake == CONV


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [
        ("def f(X, K):\n    return [x for x in X]", False),
        ("def f(X, K):\n    return len(X) and f(X[1:], K)", False),
        ("def f(X, K):\n    return X * K.sum()", True),
    ],
)
def test_loops_are_read_over_there(judged, answer, is_right):
    verdict = judged(answer, "loops", test="[f(X, K) for _ in range(2)]")
    assert (verdict.state == "right") is is_right
    assert (verdict.mistake == "a loop, where none is allowed") is not is_right


def test_the_message_names_the_call_and_the_line(judged):
    verdict = judged("def f(X, K):\n    return F.conv2d(X, K)", "convolution")
    assert verdict.message == (
        "You called F.conv2d (line 2 of a cell: `return F.conv2d(X, K)`); "
        "this exercise asks you to do the convolution from scratch."
    )


def test_a_hidden_test_tells_nothing_of_the_call(judged):
    answer = "def f(X, K):\n    return F.conv2d(X, K) if X[0, 0, 0, 0] == 7 else X"
    verdict = judged(answer, "convolution", hidden="f(7 * X, K)")
    assert verdict.mistake == CONV
    assert verdict.message.startswith("You called a function for the convolution; ")


def test_the_next_test_without_a_ban_is_not_watched(bridge, judged):
    answer = "def f(X, K):\n    return F.conv2d(X, K)"
    assert judged(answer, "pooling").state == "right"


def test_a_ban_asks_nothing_more_of_the_student(bridge, monkeypatch):
    from course.grade.judge.hearing import _watching
    from utils import check

    names = bridge("import torch\ndef f(x):\n    return x + 1")
    asked, ask = [], Judge.ask

    def counting(self, operation, *parts, **pack):
        asked.append(operation)
        return ask(self, operation, *parts, **pack)

    monkeypatch.setattr(Judge, "ask", counting)
    names["check"] = check
    counts = []
    for head in ("if True:", "with check.forbidden('convolution', 'loops'):"):
        asked.clear()
        with _watching(names.judge):
            exec(f"{head}\n    assert f(1) == 2", names)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
