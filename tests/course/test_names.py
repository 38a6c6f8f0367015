"""Which names code defines and which it needs."""

from course.names import defined_names, free_names


def test_a_function_needs_the_globals_that_its_body_loads():
    source = "def f(x):\n    return helper(x) + len(x)\n"
    assert free_names(source) == {"helper": 2}
    assert defined_names(source) == {"f"}


def test_names_of_imports_loops_and_unpacking_are_defined():
    source = "import torch as t\nfor i in range(3):\n    a, (b, c) = i\n"
    assert defined_names(source) == {"t", "i", "a", "b", "c"}
    assert free_names(source) == {}


def test_a_class_body_may_use_its_own_names():
    source = "class A(Base):\n    size = 3\n    double = size * 2\n"
    assert free_names(source) == {"Base": 1}


def test_comprehensions_closures_and_arguments_are_no_globals():
    source = (
        "def f(xs):\n    y = 1\n    def g():\n        return y\n"
        "    return [x + y for x in xs] + [g()]\n"
    )
    assert free_names(source) == {}


def test_a_name_used_only_inside_a_lambda_is_needed():
    assert free_names("check(lambda x: net(x))") == {"check": 1, "net": 1}
