"""A test ends in one of three states, whatever the student's code does."""

import contextlib
import pickle
import random
import sys
import warnings

import numpy as np
import pytest
import torch

from utils import check
from utils.check.errors import NothingFrozen
from utils.check.session import session

RIGHT = torch.tensor([1.5, 2.0])
WRONG = {"doubled in place of halved": torch.tensor([6.0, 8.0])}


def run(source: str, **names) -> BaseException | None:
    """Run a test cell as a notebook would; what it raised."""
    code = compile(source, "<ipython-input-7>", "exec")
    try:
        with check.exercise("half", points=2):
            exec(code, {"check": check, "torch": torch, **names})
    except (Exception, KeyboardInterrupt) as error:
        return error
    return None


PROBE = "check.probe(half, torch.tensor([3.0, 4.0]))"


def stub(x):
    raise NotImplementedError


def test_a_right_answer_passes_and_says_so_once(load, capsys):
    load("half", (RIGHT, WRONG))
    assert run(PROBE, half=lambda x: x / 2) is None
    assert capsys.readouterr().out == (
        "half: right (2 points), as far as these tests see.\n"
    )


def test_a_wrong_answer_says_what_was_called_expected_given_and_mistaken(load):
    def half(x):
        return x * 2

    load("half", (RIGHT, WRONG))
    error = run(PROBE, half=half)
    assert type(error) is check.WrongAnswer
    assert str(error) == (
        "half: wrong.\n"
        "Likely mistake: doubled in place of halved.\n"
        "half(tensor([3, 4])): expected tensor([1.5, 2]), got tensor([6, 8])."
    )


@pytest.mark.parametrize("source", [PROBE, "half(3)", "check.equal(half(3), 1)"])
def test_a_stub_is_not_attempted_however_it_is_called(load, source):
    load("half", (RIGHT, WRONG))
    error = run(source, half=stub)
    assert type(error) is check.NotAttempted
    assert str(error).startswith("half: not attempted.\nReplace `raise NotImpl")


def test_a_method_that_torch_reports_as_not_implemented_is_wrong_and_no_stub(load):
    load("half", (RIGHT, WRONG))
    error = run("net(torch.ones(1))", net=torch.nn.Module())
    assert type(error) is check.WrongAnswer


@pytest.mark.parametrize(
    "source",
    [
        PROBE,
        "half(3)",
        "check.probe(lambda x: half(x), torch.ones(2))",
        "check.raises(ValueError, lambda: half(3))",
        "check.module(helper(3))",
    ],
)
def test_an_answer_whose_cell_was_not_run_is_asked_to_be_run(load, source):
    load("half", (RIGHT, WRONG))
    error = run(source)
    assert type(error) is check.WrongAnswer
    assert "is not defined. Run the cell with your answer" in error.message


def test_a_misspelt_name_inside_the_answer_is_no_cell_that_was_not_run(load):
    def half(x):
        return tortch.relu(x)  # noqa: F821

    load("half", (RIGHT, WRONG))
    for source in (PROBE, "half(3)"):
        message = run(source, half=half).message
        assert "NameError: name 'tortch' is not defined" in message
        assert "Run the cell" not in message


def test_an_error_is_told_with_its_line(load):
    load("half", (RIGHT, WRONG))
    names = {}
    exec(compile("def half(x):\n  return x.foo\n", "<ipython-input-3>", "exec"), names)
    for source in ("half(3)", PROBE):
        message = run(source, half=names["half"]).message
        assert "AttributeError: '" in message
        assert message.endswith("has no attribute 'foo' (line 2 of a cell).")


class Farewell(BaseException):
    def __str__(self):
        raise RuntimeError("no message either")


def bye(error):
    def half(x):
        raise error

    return half


def deep(x):
    return deep(x)


@pytest.mark.parametrize("source", [PROBE, "half(3)"])
@pytest.mark.parametrize(
    "error",
    [SystemExit(0), Farewell(), StopIteration(), AssertionError("x"), OSError()],
)
def test_whatever_the_answer_raises_is_a_wrong_answer(load, source, error):
    load("half", (RIGHT, WRONG))
    failed = run(source, half=bye(error))
    assert type(failed) is check.WrongAnswer
    assert type(error).__name__ in failed.message


@pytest.mark.parametrize("source", [PROBE, "half(3)"])
def test_endless_recursion_is_a_wrong_answer(load, source):
    load("half", (RIGHT, WRONG))
    assert "RecursionError: maximum" in run(source, half=deep).message


@pytest.mark.parametrize("source", [PROBE, "half(3)"])
def test_stop_passes_through_and_leaves_the_session_clean(load, source):
    load("half", (RIGHT, WRONG))
    assert type(run(source, half=bye(KeyboardInterrupt()))) is KeyboardInterrupt
    assert session.exercise == ""
    assert run(PROBE, half=lambda x: x / 2) is None


def test_warnings_and_standard_error_stay_quiet_and_prints_are_seen(load, capsys):
    def half(x):
        print("here")
        print("there", file=sys.stderr)
        warnings.warn("beware", stacklevel=1)
        return x / 2

    load("half", (RIGHT, WRONG))
    assert run(PROBE + "\nhalf(torch.ones(1))", half=half) is None
    seen = capsys.readouterr()
    assert seen.err == ""
    assert seen.out.count("here") == 2


def test_every_test_starts_from_the_same_seed_and_gives_the_notebooks_state_back():
    drawn = []

    def draw():
        drawn.append((random.random(), np.random.rand(), torch.rand(1).item()))

    torch.manual_seed(5)
    follows = torch.rand(1).item()
    torch.manual_seed(5)
    for _ in range(2):
        assert run("draw()", draw=draw) is None
    assert drawn[0] == drawn[1]
    assert torch.rand(1).item() == follows


def test_settings_of_the_notebook_neither_spoil_a_test_nor_are_spoilt_by_it():
    def spoil():
        assert torch.get_default_dtype() is torch.float32
        assert torch.is_grad_enabled()
        torch.set_default_dtype(torch.float16)
        torch.set_grad_enabled(False)

    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            assert run("spoil()", spoil=spoil) is None
            assert not torch.is_grad_enabled()
        assert torch.get_default_dtype() is torch.float64
        assert torch.is_grad_enabled()
    finally:
        torch.set_default_dtype(torch.float32)


def test_the_hidden_part_names_the_mistake_and_says_nothing_of_its_inputs(
    load, load_hidden
):
    hidden = PROBE.replace("3.0, 4.0", "5.0, 6.0")
    values = "(torch.tensor([2.5, 3.0]), wrong)"
    source = f"{PROBE}\nload_hidden('half', {values})\n{hidden}"
    mistake = {"the second number is forgotten": torch.tensor([2.5, 6.0])}
    known = {"the second number is forgotten": RIGHT}
    load("half", (RIGHT, known))

    def half(x):
        return torch.stack([x[0] / 2, x[1] / 2 if x[0] < 4 else x[1]])

    error = run(source, half=half, load_hidden=load_hidden, wrong=mistake)
    assert error.mistake == "the second number is forgotten"
    assert error.message.startswith("It passes the tests you can see and fails one")
    assert not any(digit in str(error) for digit in "0123456789")


@pytest.mark.parametrize(
    "last",
    [
        "check.probe(half, torch.tensor([75.0]))",
        "half(torch.tensor([75.0]))",
        "check.equal(half, 75)",
        "check.close(75.0, 76.0)",
        "check.shape(torch.ones(75), (76,))",
        "check.true(False, 'not 75')",
        "check.reaches(0.75, 75)",
        "check.raises(KeyError, half, torch.tensor([75.0]))",
        "check.module(torch.nn.Linear(75, 2), torch.ones(1, 75), (7, 5))",
    ],
)
def test_no_kind_of_check_tells_what_the_hidden_part_tried(load_hidden, last):
    def half(x):
        raise IndexError("index 75 is out of bounds")

    source = f"load_hidden('half', (torch.tensor([75.0]), {{}}))\n{last}"
    error = run(source, half=half, load_hidden=load_hidden)
    assert type(error) is check.WrongAnswer
    assert "75" not in str(error)


def talks(how):
    """An answer that would tell its input by what it raises."""

    def half(x):
        if how == "class":
            raise type(f"SEEN{x}", (Exception,), {})
        if how == "name":
            raise NameError("SEEN", name="half")
        if how == "stub":
            raise NotImplementedError
        if how == "base":
            raise type("SEEN", (BaseException,), {})
        raise ValueError(f"SEEN{x}")

    return half


@pytest.mark.parametrize("how", ["class", "name", "stub", "base", "message"])
@pytest.mark.parametrize(
    "by", ["half(7)", "check.call(half, 7)", "check.probe(half, 7)"]
)
def test_nothing_that_an_answer_raises_in_the_hidden_part_is_told(load_hidden, how, by):
    source = f"load_hidden('half', (1, {{}}))\n{by}"
    error = run(source, half=talks(how), load_hidden=load_hidden)
    assert error.state == "wrong"
    assert error.message == (
        "It passes the tests you can see and raises an error in one that you can't: "
        "think of other sizes, shapes and edge cases."
    )
    assert "SEEN" in run("half(7)", half=talks("message")).message


def test_what_an_answer_prints_of_hidden_inputs_is_not_shown(load_hidden, capsys):
    source = "half(3)\nload_hidden('half')\nhalf(7)"
    assert run(source, half=print, load_hidden=load_hidden) is None
    assert capsys.readouterr().out.split()[:3] == ["3", "half:", "right"]


def test_running_a_test_again_gives_the_same_verdict(load, load_hidden):
    source = f"{PROBE}\nload_hidden('half', (torch.tensor([2.5, 3.0]), {{}}))\n" + (
        PROBE.replace("3.0, 4.0", "5.0, 6.0")
    )
    load("half", (RIGHT, WRONG))

    def half(x):
        return x / 2 if x[0] < 4 else x

    verdicts = [run(source, half=half, load_hidden=load_hidden) for _ in range(3)]
    assert len({str(verdict) for verdict in verdicts}) == 1
    assert run(source, half=lambda x: x / 2, load_hidden=load_hidden) is None


def test_values_that_were_never_loaded_are_nobodys_wrong_answer():
    error = run(PROBE, half=lambda x: x)
    assert type(error) is NothingFrozen
    assert isinstance(error, LookupError)
    assert not isinstance(error, check.CheckFailed)
    assert str(error) == (
        "half: no value to compare with was frozen for probe 1.\nRun the first code "
        "cell of this notebook, then this one again (an author runs `course build`)."
    )


def test_a_stub_without_loaded_values_is_told_to_load_them_first():
    assert type(run(PROBE, half=stub)) is NothingFrozen


def test_a_recording_takes_outcomes_and_judges_nothing(capsys):
    with check.recording() as tape:
        assert run(PROBE, half=lambda x: x) is None
    ((outcome, call, _),) = tape
    assert (outcome.kind, outcome.dtype) == ("tensor", "float32")
    assert call == "a call of half"
    assert capsys.readouterr().out == ""
    assert session.tape is None


def test_a_recorded_outcome_outlives_later_changes_in_place():
    state = torch.zeros(2)

    with check.recording() as tape, check.exercise("half"):
        for _ in range(2):
            check.probe(lambda: state.add_(1))
    assert [outcome.data.tolist() for outcome, *_ in tape] == [[1, 1], [2, 2]]


def test_a_verdict_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(check.WrongAnswer("half", "no", "why")))
    assert (error.exercise, error.message, error.mistake) == ("half", "no", "why")


def test_a_failed_check_is_an_assertion_so_that_every_runner_sees_it():
    assert issubclass(check.WrongAnswer, AssertionError)
    assert issubclass(check.NotAttempted, check.CheckFailed)


def test_a_test_left_half_way_says_nothing():
    with contextlib.suppress(KeyboardInterrupt), check.exercise("half"):
        raise KeyboardInterrupt
    assert session.exercise == ""


def test_numpys_stream_goes_on_where_it_was_even_if_the_answer_reseeds_it():
    np.random.seed(5)
    expected = np.random.rand(3).tolist()
    np.random.seed(5)
    drawn = [np.random.rand()]
    assert run("seed(9)", seed=np.random.seed) is None
    drawn += np.random.rand(2).tolist()
    assert drawn == expected
