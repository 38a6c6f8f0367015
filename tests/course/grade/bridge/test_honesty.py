"""Across two processes, too, a verdict rests on what an answer did alone.

Each submission is judged in one process, as in a notebook, and across the bridge: the
verdict, the mistake's name and what is said must be the same.
"""

import textwrap

import pytest

from course.bank.trial import Exercises, try_answers
from course.grade.judge.hearing import judge_test, prepare_case
from course.grade.plan import Assignment, Cell

GIVEN = Cell("given", "given-1", "import torch\nfrom torch import nn\n", 0)
HEAD = 'with check.exercise("f", points=2, takes="x y", changes="{}"):\n'
HIDDEN = "It passes the tests you can see and {} one that you can't: "
HIDDEN += "think of other sizes, shapes and edge cases."


@pytest.fixture
def judged(bridge):
    """Judge an answer by a test: (state, mistake, message), alike in both ways."""

    def run(answer: str, test: str, changes: str = "") -> tuple:
        answer, test = textwrap.dedent(answer), textwrap.dedent(test)
        test = HEAD.format(changes) + textwrap.indent(test, "    ")
        given = "from utils import check\n" + GIVEN.source
        names: dict = {"__name__": "__main__"}
        exec(given, names)
        (here,) = try_answers(Exercises({}, {"f": test}), names, [("f", answer)])
        cell = Cell("test", "test_f", test, 2)
        given_cell = Cell("given", "given-1", given, 0)
        case = prepare_case(Assignment("toy", (given_cell, cell), ""))
        across = bridge("import torch\nfrom torch import nn\n" + answer)
        there = judge_test(case, cell, across.judge)
        told = (there.state, there.mistake, there.message)
        assert told == (here.state, here.mistake, here.message)
        return told

    return run


LIAR = """
class Liar:
    def __init__(self, value):
        self.value = value

    def _same(self, *args, **kwargs):
        return self

    __rsub__ = __sub__ = __matmul__ = __rmatmul__ = __add__ = __radd__ = _same
    __mul__ = __rmul__ = reshape = _same
    T = property(_same)

    def mean(self):
        return torch.tensor(0.0)

    def std(self):
        return torch.tensor(0.5)


def f(x):
    return Liar(x), Liar(x)
"""
FACTS = """
def facts(x):
    X, y = check.call(f, x)
    noise = y - (X @ x + 1)
    return [noise.mean().item(), noise.std().item()]


check.close(facts(torch.ones(2)), [0.0, 0.5])
"""


def test_an_object_that_lies_is_no_data(judged):
    state, _, message = judged(LIAR, FACTS)
    assert state == "wrong"
    assert "expected numbers, tensors" in message
    honest = "def f(x):\n    return torch.eye(2) * 2, x + torch.tensor([2.5, 1.5])"
    assert judged(honest, FACTS)[0] == "wrong"  # numbers that are not right
    right = """
    def f(x):
        return torch.eye(2), 2 * x + torch.tensor([0.5**1.5, -(0.5**1.5)])
    """
    assert judged(right, FACTS)[0] == "right"


def test_a_net_that_answers_for_itself_is_refused(judged):
    answer = """
    class f(nn.Linear):
        def {}(self, *args, **kwargs):
            return super().parameters()
    """
    test = "check.module(check.call(f, 2, 3), torch.ones(1, 2), output_shape=(1, 3))"
    state, _, message = judged(answer.format("parameters"), test)
    assert state == "wrong" and "has its own `parameters`" in message
    assert judged(answer.format("weights"), test)[0] == "right"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("y.mul_(2)", "`y` is changed in place"),
        ("y.data[0] = 2", "`y` is changed in place"),
        ("x.append(3)", "`x` is changed in place"),
        ("x[0] += 1", "`x` is changed in place"),
        ("y.requires_grad_()", "`y` asks for gradients, or no longer does"),
        ("torch.set_grad_enabled(False)", "the grad mode is left changed"),
        (
            "torch.set_default_dtype(torch.float64)",
            "torch's default dtype is left changed",
        ),
        (
            "torch.use_deterministic_algorithms(True)",
            "torch's use of deterministic algorithms is left changed",
        ),
        (
            "torch.set_default_device('meta')",
            "torch's default device is left changed",
        ),
    ],
)
def test_what_a_call_changes_besides_is_told_by_name(judged, act, said):
    answer = f"def f(x, y):\n    {act}\n    return 3"
    test = "check.close(check.call(f, [1, 2], torch.ones(3)), 3)"
    assert judged(answer, test)[:2] == ("wrong", said)
    free = judged(answer, test, changes="x y")
    assert (free[0] == "right") is said.startswith("`")
    assert judged("def f(x, y):\n    torch.manual_seed(3)\n    return 3", test) == (
        "right",
        None,
        "",
    )


@pytest.mark.parametrize(
    "call",
    [
        "check.call(f, 1)",
        "check.take(g, 3, 1)",
        "check.call(check.call(C), 1, method='m')",
        "check.module(check.call(N, 1, 1), torch.ones(1, 1))",
        "check.raises(ValueError, h, 1)",
    ],
)
def test_no_call_leaves_its_random_state(judged, call):
    answer = """
    import random
    import numpy as np

    def f(x):
        random.seed(0), np.random.seed(0), torch.manual_seed(0)

    def g(x):
        while True:
            yield f(x)

    def h(x):
        f(x)
        raise ValueError

    class C:
        m = staticmethod(f)

    class N(nn.Linear):
        def forward(self, x):
            f(x)
            return super().forward(x)
    """
    test = """
    import random
    import numpy as np

    def draw():
        return [torch.rand(1).item(), random.random(), np.random.rand()]

    torch.manual_seed(5), random.seed(5), np.random.seed(5)
    expected = draw()
    torch.manual_seed(5), random.seed(5), np.random.seed(5)
    {}
    check.equal(draw(), expected)
    """
    assert judged(answer, test.format(call)) == ("right", None, "")


@pytest.mark.parametrize(
    "act",
    [
        "raise type('SEEN', (Exception,), {})",
        "raise type('SEEN', (KeyError,), {})('SEEN')",
        "raise NameError('SEEN', name='SEEN')",
        "raise NameError('SEEN', name='f')",
        "raise NotImplementedError",
        "raise NotImplementedError('SEEN')",
        "SEEN",
        "raise type('SEEN', (BaseException,), {})",
        "raise ExceptionGroup('SEEN', [ValueError('SEEN')])",
    ],
)
@pytest.mark.parametrize("by", ["check.call(f, 8)", "check.raises(OSError, f, 8)"])
def test_nothing_of_what_is_raised_in_the_hidden_part_is_told(judged, act, by):
    answer = f"def f(x, y=1):\n    if x > 7:\n        {act}\n    return x"
    test = f"check.equal(check.call(f, 3), 3)\ncheck.hidden('{{}}')\n{by}"
    how = "fails" if "raises" in by else "raises an error in"
    assert judged(answer, test) == ("wrong", None, HIDDEN.format(how))


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "GeneratorExit"])
def test_no_name_of_a_stop_is_told_either(bridge, kind):
    answer = f"def f(x):\n    raise type('SEEN', ({kind},), {{}})('SEEN')"
    cell = Cell("test", "test_f", HEAD.format("") + "    check.call(f, 1)", 2)
    case = prepare_case(
        Assignment("toy", (Cell("given", "g", "from utils import check", 0), cell), "")
    )
    verdict = judge_test(case, cell, bridge(answer).judge)
    assert verdict.state == "wrong" and "SEEN" not in verdict.message
