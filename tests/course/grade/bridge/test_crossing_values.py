"""Numbers, text, containers and arrays: what goes over comes back the same."""

import pytest

SAME = """
def same(x):
    return x
"""
# Each is sent to the student's process and comes back as a new value.
VALUES = [
    *("None", "True", "3", "-1.5", "2**70", "-(2**65)", "3j", "'text\\n'", "''"),
    *("float('inf')", "-0.0", "1e-310", "'\\x00\\u2028'", "b'bytes'", "b''"),
    *("(1, (2, 'a'))", "()", "[1, [2.5, None]]", "[]", "{1: 'a', 'b': (2,)}"),
    *("{(1, 2): {3}}", "{1, 2}", "set()", "frozenset({1, 'a'})", "range(1, 9, 3)"),
    *("slice(1, None, 2)", "...", "NotImplemented", "torch.Size([2, 3])"),
    *("torch.float64", "torch.bool", "torch.device('cpu')", "[torch.int64] * 2"),
    *("collections.OrderedDict(b=1, a=2)", "collections.defaultdict(list, a=[1])"),
    *("list('abc')", "{'a': [1, {'b': (True, None)}]}"),
    *("np.float32(1.5)", "np.int64(3)", "np.bool_(True)", "np.complex64(1j)"),
    *("np.float64(1.5)", "np.complex128(1j)"),
]
LIBRARIES = "import collections, numpy as np, torch, copy\n"


@pytest.fixture
def names(bridge):
    names = bridge(LIBRARIES + SAME)
    exec(LIBRARIES, names)
    return names


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_back_equal_and_of_its_class(names, value):
    exec(f"sent = {value}\ngot = same(copy.deepcopy(sent))", names)
    assert names["got"] == names["sent"]
    assert type(names["got"]) is type(names["sent"])
    assert repr(names["got"]) == repr(names["sent"])


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_an_answer_makes_arrives(bridge, value):
    names = bridge(f"{LIBRARIES}def made():\n    return {value}")
    exec(f"{LIBRARIES}got, expected = made(), {value}", names)
    assert repr(names["got"]) == repr(names["expected"])


def test_nan_crosses(names):
    exec("got = same([float('nan'), np.float64('nan')])", names)
    assert [value != value for value in names["got"]] == [True, True]


ARRAYS = [
    *("np.arange(6).reshape(2, 3)", "np.array(2.5)", "np.zeros((0, 3))"),
    *("np.array([True, False])", "np.array([1 + 2j])", "np.arange(3, dtype='>i4')"),
    *("np.ones((2, 2), dtype=np.float16)", "np.arange(6).reshape(2, 3).T"),
]


@pytest.mark.parametrize("value", ARRAYS)
def test_an_array_comes_over_with_dtype_and_shape(bridge, value):
    names = bridge(f"{LIBRARIES}def made():\n    return {value}")
    exec(f"{LIBRARIES}got, expected = made(), {value}", names)
    got, expected = names["got"], names["expected"]
    assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
    assert (got == expected).all()


@pytest.mark.parametrize("value", ["'a' * 3", "'\\ud800'", "float('-inf')", "10**30"])
def test_odd_text_and_numbers_of_an_answer_do_no_harm(bridge, value):
    names = bridge(f"def made():\n    return {value}")
    exec(f"got, expected = made(), {value}", names)
    assert names["got"] == names["expected"]


def test_a_named_tuple_keeps_its_name_and_fields(alike):
    alike(
        "import collections\nPoint = collections.namedtuple('Point', 'x y')\n"
        "def point():\n    return Point(1, [2])",
        "p = point()\nassert (p.x, p.y) == (1, [2])\nassert type(p).__name__ == 'Point'"
        "\nassert isinstance(p, tuple) and p._fields == ('x', 'y')",
    )


def test_what_torch_returns_with_names_keeps_them(alike):
    alike(
        "import torch\ndef largest(x):\n    return x.max(dim=0)",
        """
        import torch
        got = largest(torch.tensor([1.0, 3.0, 2.0]))
        assert got.values.item() == 3 and got.indices.item() == 1
        values, indices = got
        assert values.dtype == torch.float32 and indices.dtype == torch.int64
        """,
    )


def test_an_enum_member_of_an_answer_compares_like_its_number(alike):
    alike(
        "import enum\nclass Color(enum.IntEnum):\n    RED = 1\n"
        "def color():\n    return Color.RED",
        "assert color() == 1",
    )


# ---------------------------------------------------------------- identity, in place


@pytest.mark.parametrize(
    "value",
    [
        *("[1]", "{'a': 1}", "{1}", "np.zeros(2)", "torch.zeros(2)", "lambda: 1"),
        *("torch.nn.Linear(1, 1)", "torch.Generator()", "torch.nn.Linear", "len"),
    ],
)
def test_what_an_answer_hands_back_is_the_very_thing(alike, value):
    alike(SAME, f"{LIBRARIES}thing = {value}\nassert same(thing) is thing")


def test_the_same_thing_twice_is_one_thing_over_there(alike):
    alike(
        "def are_one(a, b):\n    return a is b",
        """
        a = [1]
        assert are_one(a, a) and not are_one(a, [1])
        assert are_one(*[(a, a)] [0])
        """,
    )


def test_a_result_asked_for_twice_is_the_same_thing(alike):
    alike(
        "kept = []\ndef get():\n    return kept",
        "assert get() is get()\nget().append(3)\nassert get() == [3] == kept",
    )


def test_a_change_to_what_is_then_let_go_reaches_its_owner(alike):
    alike(
        "import torch\nkept = [1]\ndef get():\n    return kept\nX = torch.zeros(2)",
        """
        get().append(2)
        X[0] = 5
        names = [get(), X]
        del names
        assert get() == [1, 2] and X.tolist() == [5, 0]
        """,
    )


def test_what_a_test_let_go_is_no_longer_shared(bridge):
    names = bridge("def items(n):\n    for i in range(n):\n        yield [i]")
    exec("for item in items(50):\n    pass", names)
    assert len(names.judge.objects) < 10


def test_what_was_let_go_may_come_again(alike):
    alike(
        "import torch\nkept = torch.ones(2)\ndef get():\n    return kept",
        "get()\nget()\nassert get() is get()\nassert get().tolist() == [1, 1]",
    )


def test_a_gradient_reaches_what_a_test_let_go(alike):
    alike(
        """
        import torch
        w = torch.ones(2, requires_grad=True)
        def loss(X):
            return (X @ w).sum()
        """,
        """
        import torch
        value = loss(torch.ones(3, 2))
        loss(torch.zeros(3, 2))
        value.backward()
        assert w.grad.tolist() == [3, 3]
        """,
    )


def test_a_name_that_an_answer_binds_anew_is_asked_for_anew(alike):
    alike(
        """
        count, step = 0, lambda: 1
        def advance():
            global count, step
            count, step = count + step(), lambda: 10
        """,
        """
        assert (count, step()) == (0, 1)
        advance()
        assert (count, step()) == (1, 10)
        advance()
        assert count == 11
        """,
    )


def test_a_name_is_asked_for_once(bridge):
    names = bridge("def f():\n    return 1")
    asked, ask = [], names.judge.ask
    names.judge.ask = lambda *args, **kwargs: (
        asked.append(args[0]) or ask(*args, **kwargs)
    )
    exec("assert f() + f() + f() == 3", names)
    assert asked == ["name", "apply", "apply", "apply"]


def test_containers_changed_by_an_answer_are_changed_in_the_test(alike):
    alike(
        """
        def change(numbers, table, items, array):
            numbers.append([4])
            numbers[0] = "first"
            del table["a"]
            table["b"] = numbers
            items.add(7)
            array *= 2
        """,
        """
        import numpy as np
        numbers, table, items, array = [1, 2], {"a": 1}, {5}, np.arange(3)
        view = array[1:]
        change(numbers, table, items, array)
        assert numbers == ["first", 2, [4]]
        assert list(table) == ["b"] and table["b"] is numbers
        assert items == {5, 7}
        assert array.tolist() == [0, 2, 4] and view.tolist() == [2, 4]
        """,
    )


def test_containers_changed_by_the_test_are_changed_for_the_answer(alike):
    alike(
        """
        kept = []
        def keep(numbers, array):
            kept[:] = [numbers, array]
        def total():
            return sum(kept[0]) + int(kept[1].sum())
        """,
        """
        import numpy as np
        numbers, array = [1, 2], np.arange(3)
        keep(numbers, array)
        assert total() == 6
        numbers.append(10)
        array[0] = 100
        assert total() == 116
        """,
    )


def test_a_container_that_holds_itself_crosses(alike):
    alike(
        "def holds_itself(x):\n    return x[0] is x",
        "x = []\nx.append(x)\nassert holds_itself(x)",
    )


def test_an_argument_of_an_earlier_call_changes_with_a_later_one(alike):
    alike(
        "log = None\ndef use(a_log):\n    global log\n    log = a_log\n"
        "def write(text):\n    log.append(text)",
        "log_here = []\nuse(log_here)\nwrite('a')\nwrite('b')\n"
        "assert log_here == ['a', 'b']",
    )
