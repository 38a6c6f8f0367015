"""What is printed of a class, whatever its students wrote."""

from course.grade.plan import Assignment, Cell
from course.grade.record.changes import Change
from course.grade.result import Result, Verdict
from course.grade.summary import show, show_changes, show_student

ODD = "[/bold] [red] ann"


def test_brackets_of_a_student_are_text(capsys):
    test = Cell("test", "test_half", "", 1)
    verdicts = {"test_half": Verdict("wrong", 1, mistake=ODD)}
    result = Result(ODD, "01_toy", problem=ODD, flags=[ODD], verdicts=verdicts)
    show(Assignment("01_toy", (test,), ""), [result], 1.0)
    show_changes([Change(ODD, "half", 0, 1)])
    assert capsys.readouterr().out.count(ODD) == 6
    show_student(Assignment("01_toy", (test,), ""), result)
    assert capsys.readouterr().out.count(ODD) == 6


def test_one_student_is_shown_exercise_by_exercise(capsys):
    tests = tuple(Cell("test", f"test_{name}", "", 2) for name in ("half", "sums"))
    verdicts = {
        "test_half": Verdict("right", 2, 2),
        "test_sums": Verdict("wrong", 2, mistake="the columns are summed"),
    }
    result = Result("ann", "01_toy", verdicts=verdicts)
    show_student(Assignment("01_toy", tests, ""), result)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "half right 2 of 2" in lines
    assert "sums wrong 0 of 2 the columns are summed" in lines
    assert lines[-1] == "ann: 2 of 4 points by tests"
