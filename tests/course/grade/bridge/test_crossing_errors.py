"""What a student's code raises, prints and calls when a test calls it."""

import math
import time

import pytest
import torch

from course.grade.bridge.stand_ins import CannotCross
from utils.check.session import session
from utils.check.verdict import where


def raised(names, call: str) -> BaseException:
    try:
        exec(call, names)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def test_a_builtin_error_comes_with_its_class_and_words(bridge):
    names = bridge("def f(n):\n    raise ValueError('bad', n)")
    error = raised(names, "f(3)")
    assert type(error) is ValueError and error.args == ("bad", 3)
    assert "f(3)" not in str(error)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("{}['a']", KeyError),
        ("[][1]", IndexError),
        ("1 / 0", ZeroDivisionError),
        ("None.x", AttributeError),
        ("torch.ones(2) @ torch.ones(3)", RuntimeError),
        ("nothing", NameError),
        ("next(iter([]))", StopIteration),
        ("exec('1 +')", SyntaxError),
        ("b'\\xff'.decode()", UnicodeDecodeError),
        ("open('/nothing/at/all')", FileNotFoundError),
        ("(_ for _ in ()).throw(KeyboardInterrupt)", KeyboardInterrupt),
        ("exit(3)", SystemExit),
        ("(lambda f: f(f))(lambda f: f(f))", RecursionError),
    ],
)
def test_errors_of_every_kind(bridge, code, kind):
    names = bridge(f"import torch\ndef f():\n    return {code}")
    error = raised(names, "f()")
    assert isinstance(error, kind) and type(error).__name__ == kind.__name__
    there = {"torch": __import__("torch")}
    here = raised(there, code) if kind is not SystemExit else None
    if kind is not RecursionError and here is not None:
        assert str(error) == str(here)


def test_a_students_own_error_derives_from_the_builtin(alike):
    alike(
        "class TooSmall(ValueError):\n    def __init__(self, n):\n"
        "        super().__init__(f'{n} is too small')\n        self.n = n\n"
        "def f(n):\n    raise TooSmall(n)",
        """
        try:
            f(3)
        except ValueError as error:
            assert type(error).__name__ == "TooSmall"
            assert str(error) == "3 is too small" and not isinstance(error, KeyError)
        else:
            raise AssertionError
        """,
    )


def test_the_line_of_the_cell_is_told(bridge):
    names = bridge("def f(x):\n    y = x\n    return y / 0  # here\n")
    error = raised(names, "f(1)")
    assert where(error) == " (line 3 of a cell: `return y / 0  # here`)"


def test_check_raises_sees_a_students_error(alike):
    alike(
        "def f(n):\n    if n < 0:\n        raise ValueError('negative')\n    return n",
        """
        from utils import check
        check.raises(ValueError, f, -1)
        try:
            check.raises(ValueError, f, 1)
        except check.WrongAnswer:
            pass
        else:
            raise AssertionError
        """,
    )


@pytest.mark.parametrize(
    "error",
    [
        "ExceptionGroup('g', [ValueError()])",
        "type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "type('E', (BaseException,), {})('x')",
        "type('E\\n', (Exception,), {})('x')",
        "ValueError('\\ud800', 10**40, [1], object())",
        "UnicodeDecodeError('utf-8', b'a', 0, 1, 'no')",
        "ValueError('a' * 10**6)",
    ],
)
def test_an_odd_error_is_an_error_and_the_bridge_goes_on(bridge, error):
    names = bridge(f"def f():\n    raise {error}\ndef g():\n    return 1")
    assert isinstance(raised(names, "f()"), Exception | BaseException)
    assert not names.judge.gone
    exec("assert g() == 1", names)


def test_an_error_of_a_test_function_called_by_an_answer_comes_back(alike):
    alike(
        "def call(f):\n    return f()\ndef safely(f):\n    try:\n        f()\n"
        "    except ValueError as error:\n        return str(error)",
        """
        def bad():
            raise ValueError("from the test")
        assert safely(bad) == "from the test"
        try:
            call(bad)
        except ValueError as error:
            assert str(error) == "from the test"
        else:
            raise AssertionError
        """,
    )


# ---------------------------------------------------------------- what is printed


def test_prints_of_an_answer_are_outputs(bridge):
    names = bridge("def f():\n    print('seen')")
    exec("f()", names)
    assert {"text": "seen\n"} in names.judge.heard


def test_prints_during_a_hidden_test_are_withheld(bridge):
    names = bridge("def f(x):\n    print(x)")
    exec("f('shown')", names)
    session.hidden = True
    exec("f('secret')", names)
    session.hidden = False
    assert names.judge.heard == [{"text": "shown\n"}]


# ---------------------------------------------------------------- what can't cross


@pytest.mark.parametrize(
    "value",
    [
        *("(i for i in [1])", "sys.stdout", "threading.Lock()", "iter([1])"),
        *(
            "zip([1], [2])",
            "memoryview(b'a')",
            "check.close",
            "lambda: check.equal(1, 1)",
        ),
        *(
            "re.compile('a')",
            "object()",
            "Slotted()",
            "type('M', (type,), {})('C', (), {})",
        ),
        *(
            "[1, {'a': (threading.Lock(),)}]",
            "torch.eye(2).to_sparse()",
            "random.Random(1)",
        ),
        *("np.array(['a'])", "np.random.default_rng(0)"),
    ],
)
def test_what_cannot_cross_says_so_and_leaves_the_bridge_whole(bridge, value):
    names = bridge(
        "def use(x, y=None):\n    return 'used'\nkept = []\nkeep = kept.append"
    )
    exec(
        "import random, re, sys, threading\nimport numpy as np, torch\n"
        "from utils import check\n"
        "class Slotted:\n    __slots__ = ('a',)\n"
        "numbers, lent = [1], [2]\nkeep(numbers)",
        names,
    )
    before = dict(names.judge.numbers)
    with pytest.raises(CannotCross):
        exec(f"numbers.append(2)\nuse(lent, {value})", names)
    assert before.items() <= names.judge.numbers.items()
    exec("assert use(lent) == 'used' and kept == [[1, 2]]", names)


def test_what_is_nested_too_deep_is_refused(bridge):
    names = bridge("def use(x):\n    return 1")
    with pytest.raises(ValueError, match="too deep"):
        exec("x = []\nfor _ in range(99):\n    x = [x]\nuse(x)", names)
    exec("assert use([]) == 1", names)


def test_what_is_too_large_is_refused(bridge):
    names = bridge("def use(x):\n    return 1\ndef large(n):\n    return bytes(n)")
    with pytest.raises(ValueError, match="256 MiB"):
        exec("use(bytes(257 * 2**20))", names)
    exec("assert use(2) == 1", names)


def test_what_changed_before_a_call_that_could_not_be_made_goes_with_the_next(bridge):
    names = bridge(
        "import torch\nX = torch.zeros(2)\ndef f(*args):\n    return X.sum().item()\n"
        "def may_learn():\n    return torch.is_grad_enabled()"
    )
    exec("import torch\nX[0] = 5\ntorch.set_grad_enabled(False)\nf()", names)
    assert names["f"]() == 5
    try:
        exec("X[1] = 2\ntorch.set_grad_enabled(True)", names)
        assert isinstance(raised(names, "f(i for i in [1])"), CannotCross)
        assert names["f"]() == 7 and names["may_learn"]()
    finally:
        torch.set_grad_enabled(True)


def test_a_generator_without_end_is_ended_and_the_process_goes_on(bridge):
    names = bridge("def f():\n    while True:\n        yield 1\ndef g():\n    return 2")
    names.judge.until = time.monotonic() + 0.3
    assert isinstance(raised(names, "list(f())"), TimeoutError)
    names.judge.until = math.inf
    assert names["g"]() == 2
