"""A test's calls of an answer: seeded, plain, and nothing else is changed by them."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from utils import check
from utils.check.errors import WrongAnswer
from utils.check.plain import Closed

X = torch.tensor([3.0, 4.0])


def run(source: str, **names) -> BaseException | None:
    """Run a test cell as a notebook would; what it raised."""
    names = {"check": check, "torch": torch, "nn": nn, "X": X.clone(), **names}
    try:
        with check.exercise("half", takes="x y", changes=names.pop("changes", "")):
            exec(compile(source, "<ipython-input-7>", "exec"), names)
    except Exception as error:
        return error
    return None


# ------------------------------------------------------------------ random numbers


def sets_the_random_state(x):
    torch.manual_seed(77)
    random.seed(77)
    np.random.seed(77)
    return x / 2


@pytest.mark.parametrize(
    "call",
    [
        "check.call(half, X)",
        "check.take(half, 2, X)",
        "check.take(draws(), 2)",
        "check.raises(ValueError, half, X)",
        "check.module(net, X)",
        "check.gradient(half, X)",
        "check.call(thing, X, method='half')",
    ],
)
def test_no_call_of_an_answer_leaves_its_random_state(call):
    class Net(nn.Linear):
        def forward(self, x):
            return super().forward(sets_the_random_state(x) * 2)

    class Thing:
        half = staticmethod(sets_the_random_state)

    def draws():
        while True:
            yield sets_the_random_state(X)

    drawn = []
    draw = "drawn.append([torch.rand(1).item(), random.random(), np.random.rand()])"
    names = {"net": Net(2, 1), "thing": Thing(), "drawn": drawn, "random": random}
    names |= {"np": np, "half": sets_the_random_state, "draws": draws}
    for before in ("", call):
        source = (
            f"try:\n    {before or 'pass'}\nexcept AssertionError:\n    pass\n{draw}"
        )
        assert run(source, **names) is None
    assert drawn[0] == drawn[1]


def test_each_call_draws_other_numbers_and_the_same_in_each_run():
    source = "told.append([check.call(torch.rand, 3) for _ in range(2)])"
    told = []
    for _ in range(2):
        assert run(source, told=told) is None
    assert not torch.equal(*told[0])
    assert all(map(torch.equal, told[0], told[1]))


# ------------------------------------------------------------------ arguments


def in_place(x):
    return x.div_(2)


def by_data(x):
    x.data.mul_(2)
    return x / 4


def by_numpy(x):
    x.numpy()[0] = 9
    return X / 2


def asks(x):
    return x.requires_grad_().detach() / 2


def fills(x):
    x.requires_grad_()
    (x**2).sum().backward()
    x.requires_grad_(False)
    return x.detach() / 2


@pytest.mark.parametrize(
    ("half", "said"),
    [
        (in_place, "is changed in place"),
        (by_data, "is changed in place"),
        (by_numpy, "is changed in place"),
        (asks, "asks for gradients, or no longer does"),
        (fills, "is left with another gradient in `.grad`"),
    ],
)
@pytest.mark.parametrize("by", ["call", "probe"])
def test_an_argument_that_is_changed_is_told_by_its_name(load, half, said, by):
    load("half", (X / 2, {"another": X}))
    error = run(f"check.{by}(half, X)", half=half)
    assert error.mistake.endswith(said)
    assert ("`x`" in error.mistake) is (half.__name__ == "half")
    half.__name__ = "half"
    assert run(f"check.{by}(half, X)", half=half).mistake == f"`x` {said}"
    assert run(f"check.{by}(half, X)", half=half, changes="x") is None


def test_the_bank_names_a_wrong_result_and_else_the_change_does(load):
    def half(x):
        return x.mul_(2)

    load("half", (X / 2, {"doubled": X * 2}))
    assert run("check.probe(half, X)", half=half).mistake == "doubled"
    load("half", (X / 2, {}))
    assert run("check.probe(half, X)", half=half).mistake == "`x` is changed in place"


@pytest.mark.parametrize(
    ("argument", "act"),
    [
        ([1, 2], lambda v: v.append(3)),
        ([1, 2], lambda v: v.sort(reverse=True)),
        ([torch.ones(2)], lambda v: v[0].zero_()),
        ([torch.ones(2)], lambda v: v.__setitem__(0, torch.zeros(2))),
        ({"a": [1]}, lambda v: v["a"].append(2)),
        ({"a": 1}, lambda v: v.update(b=2)),
        ({"a": 1, "b": 2}, lambda v: v.__setitem__("a", v.pop("a"))),
        ({1, 2}, lambda v: v.add(3)),
        (np.ones(3), lambda v: v.fill(0)),
        ((torch.ones(2), [3]), lambda v: v[1].clear()),
        (nn.Linear(2, 2), lambda v: v.eval()),
        (nn.Linear(2, 2), lambda v: v.requires_grad_(False)),
        (nn.Linear(2, 2), lambda v: nn.init.ones_(v.weight)),
        (nn.Linear(2, 2), lambda v: v(torch.ones(2)).sum().backward()),
        (nn.Linear(2, 2), lambda v: v.register_forward_hook(lambda *args: None)),
        (nn.BatchNorm1d(2), lambda v: v(torch.randn(3, 2))),
        (nn.Sequential(nn.Dropout()), lambda v: v.append(nn.ReLU())),
    ],
)
def test_whatever_is_changed_inside_an_argument_is_noticed(argument, act):
    wrong, right = run("check.call(act, v)", act=act, v=argument), None
    assert type(wrong) is WrongAnswer, "not noticed"
    assert run("check.call(act, v)", act=lambda v: None, v=argument) is right


def test_what_is_given_back_is_not_what_was_copied():
    """Gradients reach a test's tensors, and nan is equal to itself."""
    odd = torch.tensor([float("nan"), 1.0])
    assert run("check.call(half, odd)", half=lambda x: x / 2, odd=odd) is None
    X = torch.ones(2, requires_grad=True)
    run("check.call(half, X).sum().backward()", half=lambda x: x / 2, X=X)
    assert X.grad.tolist() == [0.5, 0.5]


def test_a_helper_of_the_test_may_change_its_copies(load):
    load("half", (X / 2, {}))
    source = "def helper(x):\n    x.div_(2)\n    return x\ncheck.probe(helper, X)"
    assert run(source) is None


@pytest.mark.parametrize(
    "act",
    [
        lambda net: setattr(net, "forward", lambda X: X),
        lambda net: setattr(net[0], "__class__", nn.Identity),
        lambda net: net.append(nn.ReLU()),
    ],
)
def test_a_net_that_may_be_trained_may_not_become_another(act):
    net = nn.Sequential(nn.Linear(2, 2))
    act.__name__ = "half"
    error = run("check.call(half, net)", half=act, net=net, changes="x")
    assert error.mistake == "`x` is made another kind of net"


def test_a_net_that_may_be_trained_is_left_without_hooks():
    def half(net):
        net[0].register_forward_hook(lambda *args: torch.ones(2))

    net = nn.Sequential(nn.Linear(2, 2))
    error = run("check.call(half, net)", half=half, net=net, changes="x")
    assert error.mistake == "`x` is left with another number of hooks"


def test_a_net_that_may_be_trained_is(load):
    def half(net):
        net.train(False)
        net(X).sum().backward()
        torch.optim.SGD(net.parameters(), 0.1, 0.9).step()

    net = nn.Sequential(nn.Linear(2, 2))
    assert run("check.call(half, net)", half=half, net=net, changes="x") is None


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (lambda: torch.set_grad_enabled(False), "the grad mode"),
        (lambda: torch.set_default_dtype(torch.float64), "torch's default dtype"),
        (lambda: torch.set_default_device("meta"), "torch's default device"),
        (
            lambda: torch.use_deterministic_algorithms(
                not torch.are_deterministic_algorithms_enabled()
            ),
            "torch's use of deterministic algorithms",
        ),
        (
            lambda: torch.autograd.set_detect_anomaly(True),
            "torch's anomaly detection",
        ),
        (lambda: torch.set_num_threads(3), "torch's number of threads"),
        (
            lambda: np.seterr(all="ignore"),
            "NumPy's handling of floating-point errors",
        ),
    ],
)
def test_a_setting_left_changed_is_told_and_put_back(load, act, named):
    def half(x):
        act()
        return X / 2

    load("half", (X / 2, {}))
    for by in ("probe", "call"):
        error = run(f"check.{by}(half, X)", half=half)
        assert error.mistake == f"{named} is left changed"
    assert run("check.probe(half, X)", half=lambda x: x / 2) is None


def test_a_seed_left_behind_is_fine(load):
    load("half", (X / 2, {}))
    assert run("check.probe(half, X)", half=sets_the_random_state) is None


# ------------------------------------------------------------------ objects that lie


class Lie:
    """Answers whatever it is asked as a right answer would."""

    def _answer(self, *args, **kwargs):
        return self

    __rsub__ = __sub__ = __matmul__ = __rmatmul__ = __add__ = __radd__ = _answer
    __mul__ = __rmul__ = __truediv__ = __getitem__ = __call__ = __neg__ = _answer
    T = property(_answer)
    shape = property(lambda self: (2,))
    mean = std = reshape = item = round = abs = all = any = _answer
    __class__ = property(lambda self: torch.Tensor)

    def __eq__(self, other):
        return True

    def __float__(self):
        return 1.0

    def __len__(self):
        return 2

    def __bool__(self):
        return True

    def __iter__(self):
        return iter([self, self])

    def __array__(self, *args):
        return np.array([1.5, 2.0])

    def __format__(self, spec):
        return "1.5"

    def __round__(self, digits=None):
        return 1.5

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = object.__hash__
    __index__ = __int__ = __len__


class Subclass(torch.Tensor):
    """A tensor of ones that says it is right."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return X / 2

    def mean(self):
        return torch.tensor(1.75)


def with_method():
    value = torch.zeros(2)
    value.mean = lambda: torch.tensor(1.75)
    return value


@pytest.mark.parametrize(
    "use",
    [
        "v - X",
        "X - v",
        "X @ v",
        "v.mean()",
        "len(v)",
        "bool(v)",
        "float(v)",
        "v == X",
        "v < 3",
        "[*v]",
        "v[0]",
        "3 in v",
        "f'{v}'",
        "round(v, 1)",
        "v.shape",
        "sorted([v, v])",
        "{1: 2}.get(v)",
        "v()",
        "-v",
        "torch.equal(v, X)",
        "range(v)",
        "isinstance(v, torch.Tensor) or 1 / 0",
    ],
)
def test_no_use_of_an_object_lets_it_answer(use):
    used = []
    source = f"v = check.call(half)\nused.append({use})"
    error = run(source, half=Lie, used=used)
    assert error is not None and used == [], used


@pytest.mark.parametrize(
    "made",
    [
        lambda: torch.zeros(2).as_subclass(Subclass),
        with_method,
        lambda: [torch.zeros(2).as_subclass(Subclass)][0],
        lambda: np.zeros(2).view(
            type("Array", (np.ndarray,), {"mean": lambda s: 1.75})
        ),
    ],
)
def test_what_a_subclass_says_is_not_heard(made):
    told = []
    run("told.append(float(check.call(made).mean()))", made=made, told=told)
    run(
        "told.append(float(check.call(lambda: [made()])[0].mean()))",
        made=made,
        told=told,
    )
    assert told == [0.0, 0.0]


def test_numbers_and_containers_of_own_classes_are_plain():
    class Int(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    class List(list):
        def __len__(self):
            return 7

    told = []
    run(
        "told.append(check.call(lambda: List([Int(3)])))", List=List, Int=Int, told=told
    )
    assert type(told[0]) is list and type(told[0][0]) is int and told[0] != [4]


def test_a_plain_result_is_the_very_object():
    value = [torch.ones(2), {"a": (1, None)}, torch.float32]
    told = []
    run("told.append(check.call(lambda: value))", value=value, told=told)
    assert told[0] is value


@pytest.mark.parametrize(
    "body",
    [
        {"parameters": lambda self: iter(())},
        {"named_parameters": lambda self, *args: iter(())},
        {"training": property(lambda self: True, lambda self, value: None)},
        {"__class__": property(lambda self: nn.Linear)},
        {"__call__": lambda self, x: x},
    ],
)
def test_a_net_that_answers_for_itself_is_refused(body):
    made = type("Net", (nn.Linear,), body)
    error = run("check.call(made, 2, 3)", made=made)
    assert "a net like any other" in str(error)
    assert run("check.call(nn.Linear, 2, 3)") is None


def test_a_nets_own_attributes_do_not_hide_its_parameters():
    def shadowed():
        net = nn.Linear(2, 3)
        net.weight.numel = lambda: 6_000
        return net

    def replaced():
        net = nn.Linear(2, 3)
        net.parameters = lambda: iter(())
        return net

    for made in (shadowed, replaced):
        assert "a net like any other" in str(run("check.call(made)", made=made))
    assert check.parameters(shadowed())["weight"].numel() == 6


def test_an_object_can_be_handed_on_and_asked_by_check():
    class Optimizer:
        def step(self, n):
            return n + 1

    source = "made = check.call(Optimizer)\nassert type(made) is Closed\n"
    source += "assert check.call(made, 2, method='step') == 3"
    assert run(source, Optimizer=Optimizer, Closed=Closed) is None


def test_what_an_iterator_gives_is_plain_too():
    def half():
        while True:
            yield torch.zeros(2).as_subclass(Subclass)

    told = []
    run("told.extend(check.take(check.call(half), 3))", half=half, told=told)
    assert [type(item) for item in told] == 3 * [torch.Tensor]
