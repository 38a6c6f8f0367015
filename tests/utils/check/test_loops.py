"""Loops are read from compiled code alike, whichever Python compiled it."""

from types import CodeType

import pytest

from utils.check.loops import loop_in, written_out

LOOPS = """
for x in a: pass
while a: a -= 1
while True: g()
[x for x in a]
{x for x in range(3)}
{x: 1 for x in a}
sum(x for x in a)
[x for x in (1, 2) for y in a]
[[y for y in x] for x in (a, a)]
sum(sum(y for y in x) for x in (a, a))
[g(lambda: x) for x in a]
(y for x in (1, 2) for y in a)
list(map(abs, a))
""".strip().splitlines()
NONE = """
for x in (a, b): print(x)
[x + 1 for x in (a, b)]
[g(lambda: x) for x in (a, b)]
sum(x for x in [a, b])
{x for x in (1, 2)}
{x: y for x, y in ((1, a), (2, b))}
g((x for x in (a, b)), [y for y in [a, 2]])
yield from a
lambda q: [x * q for x in (a, q)]
""".strip().splitlines()


def codes(code):
    """A code and, outermost first, all that is defined in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from codes(const)


def has_loop(source):
    everything = list(codes(compile(source, "cell", "exec")))
    spared = set().union(*map(written_out, everything))
    return any(loop_in(code, id(code) in spared) for code in everything)


@pytest.mark.parametrize("line", LOOPS)
def test_what_goes_over_data_is_a_loop(line):
    assert has_loop(f"def f(a, b):\n    {line}")


@pytest.mark.parametrize("line", NONE)
def test_what_goes_over_written_out_items_is_none(line):
    assert not has_loop(f"def f(a, b):\n    {line}")


def test_waiting_for_another_coroutine_is_no_loop():
    assert not has_loop("async def f(a):\n    await a")
    assert has_loop("async def f(a):\n    async for x in a: pass")


@pytest.mark.parametrize("place", ["{}", "class A:\n    x = {}"])
def test_outside_a_function_too(place):
    assert has_loop(place.format("[i for i in range(3)]"))
    assert not has_loop(place.format("[i for i in (1, 2)]"))
