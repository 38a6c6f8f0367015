"""A student's functions, classes, objects and generators in a test."""

import pytest


def test_functions_with_defaults_keywords_and_stars(alike):
    alike(
        """
        import functools
        def f(a, b=2, *rest, c=3, **others):
            return a, b, rest, c, others
        g = lambda x: x + 1
        half = functools.partial(f, 0, c=5)
        @functools.lru_cache
        def cached(x):
            return [x]
        """,
        """
        assert f(1) == (1, 2, (), 3, {})
        assert f(1, 5, 6, 7, c=8, d=9) == (1, 5, (6, 7), 8, {"d": 9})
        assert g(1) == 2 and half(1) == (0, 1, (), 5, {})
        assert cached(1) is cached(1)
        assert f.__name__ == "f" and callable(half)
        """,
    )


def test_a_function_made_by_a_function(alike):
    alike(
        "def adder(n):\n    def add(x):\n        return x + n\n    return add",
        "add = adder(3)\nassert add(1) == 4 and add.__name__ == 'add'\n"
        "assert [f(1) for f in (adder(0), adder(1))] == [1, 2]",
    )


def test_a_builtin_is_an_answer(alike):
    alike(
        "import torch\nflatten = torch.flatten\nsize = len\njoin = ', '.join",
        "import torch\nassert flatten(torch.ones(2, 3), 0).shape == (6,)\n"
        "assert size([1, 2]) == 2 and join(['a', 'b']) == 'a, b'",
    )


def test_a_method_that_is_missing_is_told_as_python_tells_it(alike):
    alike(
        "class Table:\n    pass",
        """
        try:
            Table().__len__()
        except AttributeError as error:
            assert str(error) == "'Table' object has no attribute '__len__'"
        else:
            assert False
        """,
    )


def test_a_plain_class_and_its_objects(alike):
    alike(
        """
        class Stack:
            limit = 3
            def __init__(self, items=()):
                self.items = list(items)
            def push(self, item):
                self.items.append(item)
                return self
            @property
            def top(self):
                return self.items[-1]
            @staticmethod
            def name():
                return "stack"
            @classmethod
            def of(cls, *items):
                return cls(items)
            def __len__(self):
                return len(self.items)
            def __getitem__(self, i):
                return self.items[i]
            def __setitem__(self, i, item):
                self.items[i] = item
            def __delitem__(self, i):
                del self.items[i]
            def __iter__(self):
                return iter(self.items)
            def __contains__(self, item):
                return item in self.items
            def __eq__(self, other):
                return self.items == other.items
            def __call__(self, x):
                return x + len(self)
            def __repr__(self):
                return f"Stack({self.items})"
            def __bool__(self):
                return True
        """,
        """
        s = Stack()
        assert s.push(1).push(2) is s and len(s) == 2 and s.top == 2
        assert s.items == [1, 2] and s[0] == 1 and s[-1] == 2 and list(s) == [1, 2]
        s[0] = 7
        assert s.items == [7, 2] and 7 in s and 9 not in s
        del s[0]
        s.items.append(5)
        assert list(s) == [2, 5] and s == Stack([2, 5]) and s != Stack([1])
        assert Stack.of(1, 2) == Stack([1, 2]) and Stack.name() == "stack"
        assert Stack.limit == 3 == s.limit and s(1) == 3
        assert repr(s) == "Stack([2, 5])" and str(s) == "Stack([2, 5])"
        assert isinstance(s, Stack) and type(s) is Stack and bool(s)
        s.extra = [1]
        assert s.extra == [1] and hasattr(s, "extra") and not hasattr(s, "nothing")
        del s.extra
        assert not hasattr(s, "extra") and getattr(s, "nothing", 0) == 0
        assert type(s).__name__ == "Stack" and Stack.__name__ == "Stack"
        try:
            {s}
        except TypeError as error:
            assert "unhashable" in str(error)
        else:
            assert False
        """,
    )


def test_operators_of_a_students_class(alike):
    alike(
        """
        import functools
        @functools.total_ordering
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
            def __radd__(self, o): return self + o
            def __sub__(self, o): return V(self.x - o.x)
            def __mul__(self, k): return V(self.x * k)
            def __rmul__(self, k): return self * k
            def __matmul__(self, o): return self.x * o.x
            def __neg__(self): return V(-self.x)
            def __abs__(self): return abs(self.x)
            def __lt__(self, o): return self.x < o.x
            def __eq__(self, o): return self.x == o.x
            def __iadd__(self, o):
                self.x += o
                return self
            def __float__(self): return float(self.x)
            def __hash__(self): return 1
        """,
        """
        a, b = V(1), V(4)
        assert (a + b).x == 5 == (1 + b).x and (b - a).x == 3 and (a + 1).x == 2
        assert (2 * b).x == 8 == (b * 2).x and a @ b == 4 and (-a).x == -1
        assert abs(-b) == 4 and a < b and b > a and a <= b and sorted([b, a])[0] is a
        assert sum([a, b]).x == 5 and float(b) == 4.0
        c = a
        a += 2
        assert a is c and c.x == 3 and {a: "a", b: "b"}[c] == "a"
        """,
    )


def test_inheritance_between_students_classes(alike):
    alike(
        "class A:\n    def who(self):\n        return 'a'\n"
        "class B(A):\n    def both(self):\n        return 'b' + super().who()",
        "assert B().both() == 'ba' and B().who() == 'a'\nassert issubclass(B, A)"
        " and isinstance(B(), A)\nassert not issubclass(A, B)",
    )


def test_a_test_may_derive_from_a_students_class_only_over_here(bridge):
    names = bridge("class A:\n    def who(self):\n        return 'a'")
    with pytest.raises(TypeError):
        exec("class B(A):\n    pass\nB().who()", names)


def test_a_dataclass_and_a_dict_of_a_students_own(alike):
    alike(
        """
        import collections, dataclasses
        @dataclasses.dataclass
        class Point:
            x: int
            y: float = 0.5
        class Table(dict):
            pass
        def table():
            return Table(a=1)
        def counts():
            return collections.Counter("aab")
        """,
        """
        p = Point(1)
        assert (p.x, p.y) == (1, 0.5) and p == Point(1, 0.5) and p != Point(2)
        assert repr(p) == "Point(x=1, y=0.5)"
        assert table()["a"] == 1 and isinstance(table(), dict)
        assert counts()["a"] == 2 and dict(counts()) == {"a": 2, "b": 1}
        """,
    )


def test_a_context_manager_of_a_student(alike):
    alike(
        """
        import contextlib
        log = []
        class Timer:
            def __enter__(self):
                log.append("in")
                return self
            def __exit__(self, *error):
                log.append(error[0] is not None)
                return True
        @contextlib.contextmanager
        def quiet():
            log.append("begin")
            yield 5
            log.append("end")
        """,
        """
        with Timer() as timer:
            assert log == ["in"]
        with Timer():
            raise ValueError("swallowed")
        assert log == ["in", False, "in", True]
        with quiet() as five:
            assert five == 5
        assert log[-2:] == ["begin", "end"]
        """,
    )


def test_generators_are_lazy(alike):
    alike(
        """
        made = []
        def squares(n):
            for i in range(n):
                made.append(i)
                yield i ** 2
        def forever():
            i = 0
            while True:
                yield i
                i += 1
        """,
        """
        from itertools import islice
        it = squares(10 ** 9)
        assert made == [] and iter(it) is it
        assert next(it) == 0 and next(it) == 1 and made == [0, 1]
        assert list(islice(it, 2)) == [4, 9]
        assert list(squares(3)) == [0, 1, 4] and list(islice(forever(), 3)) == [0, 1, 2]
        assert next(squares(0), "none") == "none"
        assert sum(x for x in squares(3)) == 5 and list(zip(squares(2), "ab")) == [
            (0, "a"), (1, "b")
        ]
        """,
    )


def test_a_generator_gets_values_and_is_closed(alike):
    alike(
        "log = []\ndef echo():\n    try:\n        while True:\n            log.append("
        "(yield len(log)))\n    finally:\n        log.append('closed')",
        "it = echo()\nassert next(it) == 0 and it.send('a') == 1\nit.close()\n"
        "assert log == ['a', 'closed']",
    )


def test_maps_zips_and_other_iterators(alike):
    alike(
        "def pairs(x):\n    return zip(x, map(str, x))\ndef items(d):\n"
        "    return d.items(), d.keys(), d.values()",
        "assert list(pairs([1, 2])) == [(1, '1'), (2, '2')]\n"
        "assert [list(part) for part in items({'a': 1})] == [[('a', 1)], ['a'], [1]]\n"
        "assert dict(items({'a': 1})[0]) == {'a': 1}",
    )


def test_a_students_dataset_feeds_a_loader_of_the_test(alike):
    alike(
        """
        import torch
        from torch.utils.data import Dataset
        class Squares(Dataset):
            def __len__(self):
                return 6
            def __getitem__(self, i):
                return torch.tensor([float(i)]), i ** 2
        def loader(data):
            return torch.utils.data.DataLoader(data, batch_size=4)
        """,
        """
        import torch
        from torch.utils.data import DataLoader, Dataset
        data = Squares()
        assert isinstance(data, Dataset) and len(data) == 6 and data[2][1] == 4
        X, y = next(iter(DataLoader(data, batch_size=3)))
        assert X.tolist() == [[0], [1], [2]] and y.tolist() == [0, 1, 4]
        theirs = loader(data)
        assert isinstance(theirs, DataLoader) and len(theirs) == 2
        assert theirs.batch_size == 4 and [len(y) for _, y in theirs] == [4, 2]
        """,
    )


def test_names_that_a_test_defines_hide_the_students(bridge):
    names = bridge("x = 1\ndef f():\n    return x")
    exec("x = 5\nassert x == 5 and f() == 1", names)


def test_a_name_that_nobody_defined(alike):
    alike(
        "def f():\n    return helper()",
        """
        try:
            nothing
        except NameError as error:
            assert error.name == "nothing" and "not defined" in str(error)
        try:
            f()
        except NameError as error:
            assert error.name == "helper"
        """,
    )


def test_a_student_may_name_things_like_builtins(bridge):
    names = bridge("def sum(x):\n    return 'mine'\nmin = 3")
    exec("got = sum([1, 2])", names)
    assert names["got"] == 3, "tests use Python's own"
