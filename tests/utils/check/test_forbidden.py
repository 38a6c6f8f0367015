"""What is forbidden is noticed however it is done, and nothing else is."""

import linecache
import sys
import threading

import pytest
import torch

from tests.utils.check.banned import body, mistake, verdict
from utils import check
from utils.check.bans import read_ban

CONV = "a library does the convolution"
LOOP = "a loop, where none is allowed"
HIDDEN = "f()\n    check.hidden('{}')\n    f(1)"


@pytest.mark.parametrize(
    "answer",
    [
        "from torch.nn.functional import conv2d as c\ndef f():\n    c(X, K)",
        "f = lambda: F.conv2d(X, K)",
        "f = functools.partial(F.conv2d, X, K)",
        "f = functools.partial(torch.ops.aten.conv2d, X, K)",
        "@functools.lru_cache\ndef f():\n    return F.conv2d(X, K)",
        "class f:\n    def __init__(self):\n        F.conv2d(X, K)",
        "class f:\n    @staticmethod\n    def own():\n        F.conv2d(X, K)\n"
        "    def __init__(self):\n        self.own()",
        "def helper():\n    return F.conv2d(X, K)\ndef f():\n    return helper()",
        "class f(nn.Conv2d):\n    def __init__(s):\n        super().__init__(1, 1, 3)",
        body("try: F.conv2d(X, K); raise ValueError", "except Exception: pass"),
        body("with torch._C.DisableTorchFunction(): F.conv2d(X, K)"),
        body("torch.jit.trace(lambda x: F.conv2d(x, K), X)(X)"),
        "traced = torch.jit.trace(lambda x: F.conv2d(x, K), X)\n" + body("traced(X)"),
        body(
            "t = threading.Thread(target=F.conv2d, args=(X, K))", "t.start(); t.join()"
        ),
        "class T(threading.Thread):\n    def run(self):\n        F.conv2d(X, K)\n"
        + body("t = T()", "t.start(); t.join()"),
        body(
            "from concurrent.futures import ThreadPoolExecutor",
            "with ThreadPoolExecutor() as pool: pool.submit(F.conv2d, X, K).result()",
        ),
        body("return next(F.conv2d(x, K) for x in [X])"),
        body("import sys", "sys.setprofile(None)"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_it_is_noticed_however_it_is_done(answer):
    assert mistake(answer, "convolution") == CONV


def test_an_answer_that_is_a_function_of_the_library():
    assert mistake("f = F.conv2d", "convolution", test="f(X, K)") == CONV
    assert mistake("f = torch.conv2d", "convolution", test="f(X, K)") == CONV
    assert mistake("f = F.mse_loss", "losses", test="f(z, z)")
    layer = "class f(nn.TransformerEncoderLayer):\n    pass"
    assert mistake(layer, "transformer layers", test="f(4, 2, 8)")


@pytest.mark.filterwarnings("ignore")
def test_a_traced_answer_is_read():
    given = "done = lambda X, K: F.conv2d(X, K)\nown = lambda X, K: X * K.sum()"
    test = "F.conv2d(X, K); f(X, K)"
    for how, wanted in (("done", CONV), ("own", None)):
        answer = f"f = torch.jit.trace({how}, (X, K))"
        assert mistake(answer, "convolution", test=test, given=given) == wanted


def test_the_ban_holds_in_the_hidden_part_and_tells_nothing_of_it():
    answer = "def f(x=0):\n    return F.conv2d(X, K) if x else X"
    failed = verdict(answer, "convolution", test=HIDDEN)
    assert failed.message == (
        "You called a function for the convolution; "
        "this exercise asks you to do the convolution from scratch."
    )
    assert failed.mistake == CONV


@pytest.mark.parametrize(
    ("test", "given"),
    [
        ("F.conv2d(X, K); f(); F.conv2d(X, K)", ""),
        ("helper(); f(); helper()", "def helper():\n    return F.conv2d(X, K)"),
        ("check.close(F.conv2d(X, K), nn.Conv2d(1, 1, 3)(X) * 0 + 9); f()", ""),
        ("f(lambda: F.conv2d(X, K))", ""),  # the answer calls it for the test
    ],
)
def test_the_tests_own_calls_are_not_the_students(test, given):
    answer = "def f(call=abs):\n    return call() if call is not abs else X"
    assert mistake(answer, "convolution", test=test, given=given) is None


def test_the_checks_own_calls_are_not_the_students():
    names = ("clone", "detach", "isclose", "sum", "item", "reshape", "to")
    bans = [
        *(f"torch.Tensor.{name}" for name in names),
        "torch.autograd.grad",
        "torch.no_grad",
    ]
    test = (
        "w, net = nn.Parameter(torch.ones(2)), nn.Linear(3, 4)\n"
        "    check.close(X, X)\n    check.close(w[0], 1.0)\n"
        "    check.module(net, torch.ones(2, 3), (2, 4), 16)\n"
        "    check.gradient(torch.exp, X)\n    f()"
    )
    assert verdict(body("return X"), *bans, test=test) is None


def test_a_given_function_works_for_the_student_unless_it_is_spared():
    given = "def helper():\n    return F.conv2d(X, K)"
    answer = body("return helper()")
    assert mistake(answer, "convolution", given=given) == CONV
    assert mistake(answer, "convolution except helper", given=given) is None
    both = body("return helper() + F.conv2d(X, K)")
    assert mistake(both, "convolution except helper", given=given) == CONV
    own = "def helper():\n    return F.conv2d(X, K)\n" + answer
    assert mistake(own, "convolution except helper", given=given) == CONV


@pytest.mark.parametrize(
    "ban", ["torch.nn.Conv2d", "torch.nn", "torch.nn.modules.conv", "torch.conv2d"]
)
def test_dotted_names_of_classes_modules_and_functions(ban):
    failed = verdict(body("nn.Conv2d(1, 1, 3)(X)"), ban)
    assert failed.mistake == f"{ban} does the work"
    assert failed.message.endswith("; this exercise asks you to do it from scratch.")
    assert verdict(body("X.flatten()"), ban) is None


@pytest.mark.parametrize(
    ("ban", "line"),
    [
        ("torch.nn.functional.mse_loss", "F.l1_loss(z, z)"),
        ("torch.nn.BatchNorm2d", "nn.BatchNorm1d(3)"),
        ("torch.sum", "z.mean()"),
        ("torch.nn.Linear", "F.linear(z, z)"),
        ("transposed convolution", "F.conv2d(X, K)"),
        ("recurrent layers", "nn.GRUCell(4, 5)(z)"),
        ("multi-head attention", "F.scaled_dot_product_attention(seq, seq, seq)"),
        ("torch.func", "torch.autograd.functional.jacobian(torch.sin, z)"),
    ],
)
def test_a_near_relative_is_not_mistaken_for_it(ban, line):
    assert verdict(body(line), ban) is None


@pytest.mark.parametrize(
    ("ban", "line"),
    [
        ("torch.sum", "z.sum()"),
        ("torch.Tensor.sum", "torch.sum(z)"),
        ("torch.sum", "torch.ops.aten.sum(z)"),
        ("torch.Tensor.matmul", "z @ z.T"),
        ("torch.nn.MSELoss", "type('Own', (nn.MSELoss,), {})()"),
        ("torch.no_grad", "torch.no_grad()"),
        ("torch.func", "torch.func.jacrev(torch.sin)(z)"),  # written elsewhere
    ],
)
def test_one_function_is_noticed_by_its_other_names(ban, line):
    assert mistake(body(line), ban) == f"{ban} does the work"


@pytest.mark.parametrize(
    "lines",
    [
        ["for x in z: pass"],
        ["while args: args = args[1:]"],
        ["return [x for x in z]"],
        ["return sum(x for x in z)"],
        ["return {i: 1 for i in range(3)}"],
        ["return list(map(abs, z))"],
        ["return functools.reduce(max, [1, 2])"],
        ["return torch.vmap(torch.sin)(z)"],
        ["return [x for W in (z, z) for x in W]"],
        ["def g(n): return n and g(n - 1)", "return g(3)"],
        ["a = lambda n: n and b(n - 1)", "b = lambda n: a(n)", "return a(3)"],
        ["def g():", "    for x in z: yield x", "return list(g())"],
    ],
)
def test_what_a_loop_is(lines):
    assert mistake(body(*lines), "loops") == LOOP


@pytest.mark.parametrize(
    "lines",
    [
        ["return z.sum(0)"],
        ["return [x * 2 for x in (z, z)]"],
        ["for W in [z, z]: W.sum()"],
        ["a, b = (x.sum() for x in (z, y))", "return a + b"],
        ["return torch.stack([*z])"],
        ["def g(n): return n", "return g(1) + g(2)"],
        ["def unused():", "    for x in z: pass"],
    ],
)
def test_what_no_loop_is(lines):
    assert verdict(body(*lines), "loops") is None


def test_loops_of_helpers_count_and_those_of_the_test_do_not():
    helper = "def helper():\n    return [x for x in z]\n"
    assert mistake(helper + body("return helper()"), "loops") == LOOP
    answer = body("return z")
    assert mistake(answer, "loops", test="[f() for _ in range(3)]") is None
    test = "helper(); f()"
    assert mistake(answer, "loops", test=test, given=helper) is None
    assert mistake(body("return helper()"), "loops except helper", given=helper) is None


def test_given_functions_that_take_the_answers_object_may_loop():
    given = "def fill(net):\n    for p in net.parameters(): p.data.fill_(1.0)\n"
    answer = "class f(nn.Linear):\n    def __init__(s):\n        super().__init__(2, 2)"
    assert verdict(answer, "loops", test="fill(f())", given=given) is None


def test_the_message_names_what_was_called_and_where():
    answer = body("Y = X", "return F.conv3d(Y[None], K[None])")
    lines = answer.splitlines(True)
    linecache.cache["<ipython-input-f>"] = (
        len(answer),
        None,
        lines,
        "<ipython-input-f>",
    )
    assert verdict(answer, "convolution").message == (
        "You called F.conv3d (line 3 of a cell: `return F.conv3d(Y[None], K[None])`); "
        "this exercise asks you to do the convolution from scratch."
    )
    assert "You called nn.MSELoss" in verdict(body("nn.MSELoss()"), "losses").message
    assert "There is a loop in your" in verdict(body("[x for x in z]"), "loops").message
    assert "You used map" in verdict(body("list(map(abs, z))"), "loops").message


def test_a_mistake_with_a_name_is_told_first_and_one_without_is_not():
    answer = body("return F.conv2d(X, K).sum()")
    named = "check.close(f(), 1.0, mistakes={'too large': lambda v: v > 1})"
    assert mistake(answer, "convolution", test=named) == "too large"
    assert mistake(answer, "convolution", test="check.close(f(), 1.0)") == CONV
    raising = body("F.conv2d(X, K)", "raise ValueError")
    assert mistake(raising, "convolution") == CONV
    stub = body("raise NotImplementedError")
    assert isinstance(verdict(stub, "convolution"), check.NotAttempted)
    assert "not defined" in verdict("", "convolution").message


def test_everything_is_as_before_afterwards_even_after_an_error():
    profiles = sys.getprofile(), threading.getprofile()
    verdict(body("raise ZeroDivisionError"), "convolution", "loops", "torch.sum")
    assert (sys.getprofile(), threading.getprofile()) == profiles
    assert torch.overrides._get_current_function_mode() is None
    assert torch.utils._python_dispatch._get_current_dispatch_mode() is None


def test_a_profiler_that_runs_already_goes_on():
    calls = []
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, arg: calls.append(frame.f_code.co_name))
    try:
        verdict("def told(): pass\n" + body("told()"), "convolution")
    finally:
        sys.setprofile(before)
    assert "told" in calls


def test_of_several_bans_the_first_one_broken_is_told():
    answer = body("F.conv2d(X, K)", "F.max_pool2d(X, 2)")
    assert mistake(answer, "pooling", "convolution") == "a library does the pooling"
    assert mistake(answer, "losses", "convolution") == CONV


@pytest.mark.parametrize("name", ["torch.no_such", "no_such.module", "convolutions"])
def test_a_name_that_does_not_exist_is_the_authors_error(name):
    with pytest.raises(ValueError, match="no such name.*convolution, "):
        read_ban(name)


@pytest.mark.parametrize("name", ["numpy.dot", "torch.pi", "torch.nn.Parameter"])
def test_what_cannot_be_noticed_is_refused(name):
    with pytest.raises(ValueError, match="can't notice"):
        read_ban(name)
